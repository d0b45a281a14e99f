using MediatR;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using ReportIntake.Domain;
using ReportIntake.Web.ErrorHandling;
using ReportIntake.Web.Persistence;
using ReportIntake.Web.Security;

namespace ReportIntake.Web.Features.Administration.Clients;

/// <summary>The police systems: list, add, revoke. Sends the same commands as the API.</summary>
public sealed class IndexModel(ReportIntakeDbContext database, IMediator mediator, ErrorText texts) : PageModel
{
    public IReadOnlyList<ClientList.Item> Clients { get; private set; } = [];

    /// <summary>The new key, on this one answer.</summary>
    public AddClient.Issued? Issued { get; private set; }

    public async Task OnGetAsync(CancellationToken cancellationToken) => Clients = await ClientList.ReadAsync(database, cancellationToken);

    /// <summary>Answers without a redirect: the key must not be kept anywhere to be shown after one.</summary>
    public async Task<IActionResult> OnPostAsync(string? name, List<string> scopes, string? areas, CancellationToken cancellationToken)
    {
        var codes = (areas ?? "").Split([' ', ',', ';'], StringSplitOptions.RemoveEmptyEntries);
        var result = await mediator.Send(new AddClient.Command(name ?? "", scopes, codes, Admin), cancellationToken);
        if (result.IsSuccess)
        {
            Issued = result.Value;
        }
        else
        {
            ModelState.AddError(result.Error, texts);
        }

        await OnGetAsync(cancellationToken);
        return Page();
    }

    public async Task<IActionResult> OnPostRevokeAsync(Guid id, CancellationToken cancellationToken)
    {
        var result = await mediator.Send(new RevokeClient.Command(id, Admin), cancellationToken);
        if (result.IsSuccess)
        {
            return LocalRedirect("/staff/admin/clients");
        }

        ModelState.AddError(result.Error, texts);
        await OnGetAsync(cancellationToken);
        return Page();
    }

    private Actor Admin => User.ToActor(ActorKind.Admin);
}

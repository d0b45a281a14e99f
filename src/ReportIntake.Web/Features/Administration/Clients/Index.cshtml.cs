using System.Globalization;
using MediatR;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using ReportIntake.Domain;
using ReportIntake.Domain.Calendar;
using ReportIntake.Domain.Results;
using ReportIntake.Web.ErrorHandling;
using ReportIntake.Web.Persistence;
using ReportIntake.Web.Security;

namespace ReportIntake.Web.Features.Administration.Clients;

/// <summary>The police systems: list, add, revoke. Sends the same commands as the API.</summary>
public sealed class IndexModel(ReportIntakeDbContext database, IMediator mediator, ErrorText texts, TimeProvider clock) : PageModel
{
    public IReadOnlyList<ClientList.Item> Clients { get; private set; } = [];

    /// <summary>The new key, on this one answer.</summary>
    public string? Issued { get; private set; }

    public DateTimeOffset Now => clock.GetUtcNow();

    public async Task OnGetAsync(CancellationToken cancellationToken) => Clients = await ClientList.ReadAsync(database, cancellationToken);

    /// <summary>Answers without a redirect: the key must not be kept anywhere to be shown after one.</summary>
    public async Task<IActionResult> OnPostAsync(string? name, List<string> scopes, string? areas, string? networks, CancellationToken cancellationToken)
    {
        var terms = new ClientTerms(scopes, Words(areas)) { Networks = Words(networks) };
        var result = await mediator.Send(new AddClient.Command(name ?? "", terms, Admin), cancellationToken);
        return await ShowAsync(result, issued => issued.ApiKey, cancellationToken);
    }

    /// <inheritdoc cref="OnPostAsync"/>
    public async Task<IActionResult> OnPostIssueKeyAsync(Guid id, CancellationToken cancellationToken) =>
        await ShowAsync(await mediator.Send(new IssueKey.Command(id, null, Admin), cancellationToken), issued => issued.ApiKey, cancellationToken);

    public async Task<IActionResult> OnPostRevokeKeyAsync(Guid id, Guid keyId, CancellationToken cancellationToken) =>
        await BackAsync(await mediator.Send(new RevokeKey.Command(id, keyId, Admin), cancellationToken), cancellationToken);

    public async Task<IActionResult> OnPostRevokeAsync(Guid id, CancellationToken cancellationToken) =>
        await BackAsync(await mediator.Send(new RevokeClient.Command(id, Admin), cancellationToken), cancellationToken);

    private Actor Admin => User.ToActor(ActorKind.Admin);

    /// <summary>In western Indonesian time, as all of the staff's pages.</summary>
    public static string Time(DateTimeOffset at) => at.ToOffset(WorkingCalendar.Wib).ToString("d MMM yyyy, HH:mm", CultureInfo.CurrentCulture) + " WIB";

    private static string[] Words(string? text) => (text ?? "").Split([' ', ',', ';'], StringSplitOptions.RemoveEmptyEntries);

    private async Task<IActionResult> ShowAsync<T>(Result<T> result, Func<T, string> key, CancellationToken cancellationToken)
    {
        if (result.IsSuccess)
        {
            Issued = key(result.Value);
        }
        else
        {
            ModelState.AddError(result.Error, texts);
        }

        await OnGetAsync(cancellationToken);
        return Page();
    }

    private async Task<IActionResult> BackAsync(Result result, CancellationToken cancellationToken)
    {
        if (result.IsSuccess)
        {
            return LocalRedirect("/staff/admin/clients");
        }

        ModelState.AddError(result.Error, texts);
        await OnGetAsync(cancellationToken);
        return Page();
    }
}

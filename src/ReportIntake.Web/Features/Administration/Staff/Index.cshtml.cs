using MediatR;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using ReportIntake.Domain;
using ReportIntake.Domain.Results;
using ReportIntake.Web.ErrorHandling;
using ReportIntake.Web.Persistence;
using ReportIntake.Web.Security;

namespace ReportIntake.Web.Features.Administration.Staff;

/// <summary>The accounts: list, add, change roles, deactivate. Sends the same commands as the API.</summary>
public sealed class IndexModel(ReportIntakeDbContext database, IMediator mediator, TimeProvider clock, ErrorText texts) : PageModel
{
    public IReadOnlyList<StaffList.Item> Members { get; private set; } = [];

    public async Task OnGetAsync(CancellationToken cancellationToken) =>
        Members = await StaffList.ReadAsync(database, clock.GetUtcNow(), cancellationToken);

    public async Task<IActionResult> OnPostAsync(string? email, string? password, List<string> roles, CancellationToken cancellationToken) =>
        await AnswerAsync((await mediator.Send(new AddStaff.Command(email ?? "", password ?? "", roles, Admin), cancellationToken)).Error, cancellationToken);

    public async Task<IActionResult> OnPostRolesAsync(Guid id, List<string> roles, CancellationToken cancellationToken) =>
        await AnswerAsync((await mediator.Send(new ChangeRoles.Command(id, roles, Admin), cancellationToken)).Error, cancellationToken);

    public async Task<IActionResult> OnPostDeactivateAsync(Guid id, CancellationToken cancellationToken) =>
        await AnswerAsync((await mediator.Send(new DeactivateStaff.Command(id, Admin), cancellationToken)).Error, cancellationToken);

    private Actor Admin => User.ToActor(ActorKind.Admin);

    private async Task<IActionResult> AnswerAsync(Error? refusal, CancellationToken cancellationToken)
    {
        if (refusal is null)
        {
            return LocalRedirect("/staff/admin/staff");
        }

        ModelState.AddError(refusal, texts);
        await OnGetAsync(cancellationToken);
        return Page();
    }
}

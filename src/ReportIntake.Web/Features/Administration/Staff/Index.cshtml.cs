using MediatR;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using ReportIntake.Domain;
using ReportIntake.Domain.Results;
using ReportIntake.Web.ErrorHandling;
using ReportIntake.Web.Persistence;
using ReportIntake.Web.Security;

namespace ReportIntake.Web.Features.Administration.Staff;

/// <summary>The accounts: list, invite, change roles, deactivate. Sends the same commands as the API.</summary>
public sealed class IndexModel(ReportIntakeDbContext database, IMediator mediator, TimeProvider clock, ErrorText texts) : PageModel
{
    public IReadOnlyList<StaffList.Item> Members { get; private set; } = [];

    /// <summary>Shown on this one answer.</summary>
    public Invited? Invited { get; private set; }

    /// <summary>The code stands behind the <c>#</c>, where no server or proxy sees it.</summary>
    public string InvitationLink => $"{Request.Scheme}://{Request.Host}/staff/invitation#{Invited?.InvitationCode}";

    public async Task OnGetAsync(CancellationToken cancellationToken) =>
        Members = await StaffList.ReadAsync(database, clock.GetUtcNow(), cancellationToken);

    public async Task<IActionResult> OnPostAsync(string? email, List<string> roles, CancellationToken cancellationToken) =>
        await ShowAsync(await mediator.Send(new InviteStaff.Command(email ?? "", roles, Admin), cancellationToken), cancellationToken);

    public async Task<IActionResult> OnPostInviteAgainAsync(Guid id, CancellationToken cancellationToken) =>
        await ShowAsync(await mediator.Send(new InviteAgain.Command(id, Admin), cancellationToken), cancellationToken);

    public async Task<IActionResult> OnPostRolesAsync(Guid id, List<string> roles, CancellationToken cancellationToken) =>
        await AnswerAsync((await mediator.Send(new ChangeRoles.Command(id, roles, Admin), cancellationToken)).Error, cancellationToken);

    public async Task<IActionResult> OnPostDeactivateAsync(Guid id, CancellationToken cancellationToken) =>
        await AnswerAsync((await mediator.Send(new DeactivateStaff.Command(id, Admin), cancellationToken)).Error, cancellationToken);

    private Actor Admin => User.ToActor(ActorKind.Admin);

    private async Task<IActionResult> ShowAsync(Result<Invited> outcome, CancellationToken cancellationToken)
    {
        if (!outcome.IsSuccess)
        {
            return await AnswerAsync(outcome.Error, cancellationToken);
        }

        Invited = outcome.Value;
        await OnGetAsync(cancellationToken);
        return Page();
    }

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

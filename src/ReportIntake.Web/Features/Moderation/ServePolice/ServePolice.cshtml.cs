using System.Globalization;
using MediatR;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.EntityFrameworkCore;
using ReportIntake.Domain;
using ReportIntake.Domain.Reports;
using ReportIntake.Domain.Results;
using ReportIntake.Web.ErrorHandling;
using ReportIntake.Web.Features.Moderation.ReferReport;
using ReportIntake.Web.Features.Shared.Catalogue;
using ReportIntake.Web.Features.Shared.Forms;
using ReportIntake.Web.Persistence;
using ReportIntake.Web.Security;

namespace ReportIntake.Web.Features.Moderation.ServePolice;

/// <summary>
/// What the desk does with a report after its decision: the police's words to the reporter, and other bodies that help. One
/// task and one referral are open at a time, so that no form stands on the page twice.
/// </summary>
public sealed class ServePoliceModel(
    ReportIntakeDbContext database, DeskTasks tasks, ReferralReader referrals, ReferralCatalogue destinations, Words words, ErrorText errors, IMediator mediator) : PageModel
{
    public sealed class TaskForm
    {
        public Guid FollowUpId { get; set; }

        public string? Text { get; set; }

        public string? Reason { get; set; }
    }

    public sealed class ReferralForm
    {
        public string? Destination { get; set; }

        public string? Note { get; set; }
    }

    public sealed class MoveForm
    {
        public Guid ReferralId { get; set; }

        public int Version { get; set; }

        public string? State { get; set; }

        public string? Answer { get; set; }
    }

    public sealed class LiftForm
    {
        public string? Reason { get; set; }
    }

    public sealed record Head(string Reference, ReportState State, string Language, bool LegalHold, DateTimeOffset? LegalHoldUntil);

    [BindProperty(SupportsGet = true)]
    public Guid Id { get; set; }

    /// <summary>The task that is open; the oldest where none is named.</summary>
    [BindProperty(SupportsGet = true)]
    public Guid? Task { get; set; }

    /// <summary>The referral that is open; the oldest that can still move where none is named.</summary>
    [BindProperty(SupportsGet = true)]
    public Guid? Referral { get; set; }

    [BindProperty]
    public TaskForm Telling { get; set; } = new();

    [BindProperty]
    public ReferralForm Referring { get; set; } = new();

    [BindProperty]
    public MoveForm Moving { get; set; } = new();

    [BindProperty]
    public LiftForm Lifting { get; set; } = new();

    public Head Report { get; private set; } = null!;

    public IReadOnlyList<DeskTasks.Item> Tasks { get; private set; } = [];

    public IReadOnlyList<ReferralView> Referrals { get; private set; } = [];

    public DeskTasks.Item? OpenTask => Tasks.FirstOrDefault(t => t.FollowUpId == Task) ?? (Tasks.Count > 0 ? Tasks[0] : null);

    public ReferralView? OpenReferral => Referrals.FirstOrDefault(r => r.Id == Referral && r.Next.Count > 0) ?? Referrals.FirstOrDefault(r => r.Next.Count > 0);

    public bool IsSupervisor => User.IsInRole(StaffRoles.Supervisor);

    public bool CanRefer => Report.State is ReportState.Rejected || Report.State.IsVisibleToPolice();

    public IEnumerable<Choice> Destinations => destinations.Destinations.Select(d => new Choice(d.Code, d.Name.ToString(), d.Description.ToString()));

    public IEnumerable<Choice> NextStates => (OpenReferral?.Next ?? []).Select(s => new Choice(s.Name(), words.Of("referral_state", s)));

    public async Task<IActionResult> OnGetAsync(CancellationToken cancellationToken) => await LoadAsync(cancellationToken) ? Page() : NotFound();

    public Task<IActionResult> OnPostPassOnAsync(CancellationToken cancellationToken) =>
        DoAsync(new PassOn.Command(Id, Telling.FollowUpId, User.ToActor(), null, Telling.Text), nameof(Telling), cancellationToken);

    public Task<IActionResult> OnPostDeclineAsync(CancellationToken cancellationToken) =>
        DoAsync(new DeclineToPassOn.Command(Id, Telling.FollowUpId, User.ToActor(), null, Telling.Reason), nameof(Telling), cancellationToken);

    public Task<IActionResult> OnPostReferAsync(CancellationToken cancellationToken) =>
        DoAsync(new CreateReferral.Command(Id, User.ToActor(), Referring.Destination, Referring.Note), nameof(Referring), cancellationToken);

    public Task<IActionResult> OnPostMoveAsync(CancellationToken cancellationToken) => DoAsync(
        new MoveReferral.Command(Id, Moving.ReferralId, User.ToActor(), $"\"{Moving.Version.ToString(CultureInfo.InvariantCulture)}\"", Moving.State, Moving.Answer),
        nameof(Moving),
        cancellationToken);

    public Task<IActionResult> OnPostLiftAsync(CancellationToken cancellationToken) => IsSupervisor
        ? DoAsync(new LiftHold.Command(Id, User.ToActor(), null, Lifting.Reason), nameof(Lifting), cancellationToken)
        : System.Threading.Tasks.Task.FromResult<IActionResult>(Forbid());

    private async Task<IActionResult> DoAsync<T>(IRequest<Result<T>> command, string form, CancellationToken cancellationToken)
    {
        var done = await mediator.Send(command, cancellationToken);
        if (done.IsSuccess)
        {
            return LocalRedirect($"/staff/reports/{Id}/police");
        }

        (Task, Referral) = (Telling.FollowUpId, Moving.ReferralId);
        if (!await LoadAsync(cancellationToken))
        {
            return NotFound();
        }

        if (done.Error.Fields.Count == 0)
        {
            ModelState.AddModelError("", errors.Of(done.Error));
        }

        foreach (var field in done.Error.Fields)
        {
            ModelState.AddModelError($"{form}.{char.ToUpperInvariant(field.Field[0])}{field.Field[1..]}", errors.Of(field));
        }

        return Page();
    }

    private async Task<bool> LoadAsync(CancellationToken cancellationToken)
    {
        var head = await database.Reports.Where(r => r.Id == Id)
            .Select(r => new Head(r.Reference, r.State, r.Language, r.LegalHold, r.LegalHoldUntil)).SingleOrDefaultAsync(cancellationToken);
        if (head is null)
        {
            return false;
        }

        Report = head;
        Tasks = (await tasks.ReadAsync(Id, cancellationToken)).Items;
        Referrals = (await referrals.ReadAsync(Id, cancellationToken)).Value;
        if (Request.Method == HttpMethods.Get)
        {
            Telling.Text = OpenTask?.Text;
        }

        return true;
    }
}

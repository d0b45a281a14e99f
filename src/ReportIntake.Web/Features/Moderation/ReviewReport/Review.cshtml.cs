using System.Globalization;
using MediatR;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using ReportIntake.Domain;
using ReportIntake.Domain.Reports;
using ReportIntake.Domain.Results;
using ReportIntake.Domain.Triage;
using ReportIntake.Web.ErrorHandling;
using ReportIntake.Web.Features.Moderation.ClaimReport;
using ReportIntake.Web.Features.Moderation.DecideReport;
using ReportIntake.Web.Features.Moderation.ReadReport;
using ReportIntake.Web.Features.Shared.Catalogue;
using ReportIntake.Web.Features.Shared.Forms;
using ReportIntake.Web.Security;

namespace ReportIntake.Web.Features.Moderation.ReviewReport;

/// <summary>
/// One report, read from top to bottom like a decision, and the forms to decide it: the same commands as the API's. What
/// somebody typed is never lost: a refused form comes back filled in, at the report's new version and with what has changed.
/// </summary>
public sealed class ReviewModel(ReportReader reader, ReportCatalogue catalogue, StaffNames names, Words words, Comparison comparison, ErrorText errors, IMediator mediator, TimeProvider clock) : PageModel
{
    public sealed class VerifyForm
    {
        public string? Category { get; set; }

        public string? Tier { get; set; }

        public string? Reason { get; set; }
    }

    public sealed class AskForm
    {
        /// <summary>Code of a <see cref="ReusableQuestion"/>, which counts where nothing was typed.</summary>
        public string? Template { get; set; }

        public string? Text { get; set; }
    }

    public sealed class DuplicateForm
    {
        public string? Of { get; set; }
    }

    public sealed class RejectForm
    {
        public string? Disposition { get; set; }

        public string? Note { get; set; }
    }

    public sealed class RetriageForm
    {
        public string? Tier { get; set; }

        public string? Reason { get; set; }
    }

    public sealed class ReopenForm
    {
        public string? Reason { get; set; }
    }

    public sealed class NoteForm
    {
        public string? Text { get; set; }
    }

    [BindProperty(SupportsGet = true)]
    public Guid Id { get; set; }

    /// <summary>The version that the person was looking at.</summary>
    [BindProperty]
    public int Version { get; set; }

    /// <summary>When that version was made, in UTC ticks: what came later is what they do not know.</summary>
    [BindProperty]
    public long SeenAt { get; set; }

    [BindProperty]
    public VerifyForm Verifying { get; set; } = new();

    [BindProperty]
    public AskForm Asking { get; set; } = new();

    [BindProperty]
    public DuplicateForm Duplicating { get; set; } = new();

    [BindProperty]
    public RejectForm Rejecting { get; set; } = new();

    [BindProperty]
    public RetriageForm Retriaging { get; set; } = new();

    [BindProperty]
    public ReopenForm Reopening { get; set; } = new();

    [BindProperty]
    public NoteForm Noting { get; set; } = new();

    public ReportView Report { get; private set; } = null!;

    /// <summary>What happened since the person opened the page; shown after <c>version_stale</c>.</summary>
    public IReadOnlyList<HistoryEntry> Changes { get; private set; } = [];

    public bool HoldsClaim => Report.ClaimedBy == User.StaffId() && Report.ClaimedUntil > clock.GetUtcNow();

    public bool IsHeldByAnother => Report.ClaimedBy is { } holder && holder != User.StaffId() && Report.ClaimedUntil > clock.GetUtcNow();

    /// <summary>A decision was refused: its form is shown with what was typed, though the claim is gone.</summary>
    public bool KeepsDraft { get; private set; }

    /// <summary>What was typed, for where no form is left to show it in.</summary>
    public IReadOnlyList<string> Drafted => [.. Drafts().OfType<string>().Where(d => !string.IsNullOrWhiteSpace(d))];

    /// <summary>The report that this one is compared with.</summary>
    public ReportView? Other { get; private set; }

    /// <summary>One's own decision was just undone, and its form is filled with it.</summary>
    public bool IsUndone { get; private set; }

    public bool IsSupervisor => User.IsInRole(StaffRoles.Supervisor);

    public bool NeedsTwoToReject => Report.ChildSafety || Report.Triage.ProvisionalTier is Tier.Immediate;

    public IEnumerable<Choice> Categories => catalogue.Categories.Select(c => new Choice(c.Code, c.Name.ToString()));

    public IEnumerable<Choice> Tiers => Enum.GetValues<Tier>().Select(t => new Choice(t.Name(), words.Of("tier", t), words.Of("tier_target", t)));

    public IEnumerable<Choice> Dispositions => Enum.GetValues<Disposition>().Select(d => new Choice(d.Name(), words.Of("disposition", d)));

    public IEnumerable<Choice> Templates => ReusableQuestions.All.Select(q => new Choice(q.Code, words.Code("question", q.Code)));

    public string TemplateText(ReusableQuestion question) => question.Text.In(CultureInfo.GetCultureInfo(Report.Language));

    public string NameOf(PersonView person) => person.Id is not { } id || person.Kind is ActorKind.PoliceClient
        ? words.Of("actor", person.Kind)
        : $"{words.Of("actor", person.Kind)} {names.Of(id)}";

    public string NameOf(Guid staff) => names.Of(staff);

    public async Task<IActionResult> OnGetAsync(CancellationToken cancellationToken) =>
        await LoadAsync(cancellationToken) ? Page() : NotFound();

    public async Task<IActionResult> OnPostClaimAsync(CancellationToken cancellationToken)
    {
        // No version: the claim is asked for whatever has happened meanwhile, and the page then shows that.
        var claimed = await mediator.Send(new Claim.Command(Id, User.ToActor(), null), cancellationToken);
        return claimed.IsSuccess && Drafts().All(string.IsNullOrWhiteSpace)
            ? LocalRedirect($"/staff/reports/{Id}")
            : await ShowAsync(claimed.Error, "", cancellationToken);
    }

    public Task<IActionResult> OnPostReleaseAsync(CancellationToken cancellationToken) =>
        DecideAsync(new Release.Command(Id, User.ToActor(), null), "", "released", cancellationToken);

    public Task<IActionResult> OnPostVerifyAsync(CancellationToken cancellationToken) =>
        DecideAsync(new Verify.Command(Id, User.ToActor(), IfMatch, Verifying.Category, Verifying.Tier, Verifying.Reason, Undoable: true), nameof(Verifying), "verified", cancellationToken);

    public async Task<IActionResult> OnPostAskAsync(CancellationToken cancellationToken)
    {
        var text = Asking.Text;
        if (string.IsNullOrWhiteSpace(text) && ReusableQuestions.All.FirstOrDefault(q => q.Code == Asking.Template) is { } question)
        {
            if (!await LoadAsync(cancellationToken))
            {
                return NotFound();
            }

            text = TemplateText(question);
        }

        return await DecideAsync(new RequestInformation.Command(Id, User.ToActor(), IfMatch, text, Undoable: true), nameof(Asking), "asked", cancellationToken);
    }

    public async Task<IActionResult> OnPostCompareAsync(CancellationToken cancellationToken)
    {
        var other = await comparison.ReadAsync(Duplicating.Of, cancellationToken);
        Other = other.IsSuccess ? other.Value : null;
        return await ShowAsync(other.Error, nameof(Duplicating), cancellationToken);
    }

    /// <param name="compared">The reference of the report that was read beside this one, whatever the field says now.</param>
    public Task<IActionResult> OnPostDuplicateAsync(string? compared, CancellationToken cancellationToken) =>
        DecideAsync(new MarkDuplicate.Command(Id, User.ToActor(), IfMatch, compared ?? Duplicating.Of, Undoable: true), nameof(Duplicating), "duplicate", cancellationToken);

    /// <summary>The page again, held again, and the form as it was sent.</summary>
    public async Task<IActionResult> OnPostUndoAsync(CancellationToken cancellationToken)
    {
        var undone = await mediator.Send(new Undo.Command(Id, User.ToActor(), null), cancellationToken);
        if (!undone.IsSuccess)
        {
            return LocalRedirect("/staff/queue?done=" + Uri.EscapeDataString(undone.Error.Code));
        }

        if (!await LoadAsync(cancellationToken))
        {
            return NotFound();
        }

        IsUndone = true;
        ModelState.Clear();
        SetProposal();
        Fill(undone.Value.Draft);
        return Page();
    }

    public Task<IActionResult> OnPostRejectAsync(CancellationToken cancellationToken) =>
        DecideAsync(new Reject.Command(Id, User.ToActor(), IfMatch, Rejecting.Disposition, Rejecting.Note, Undoable: true), nameof(Rejecting), "rejected", cancellationToken);

    public Task<IActionResult> OnPostRetriageAsync(CancellationToken cancellationToken) =>
        DecideAsync(new Retriage.Command(Id, User.ToActor(), IfMatch, Retriaging.Tier, Retriaging.Reason, Undoable: true), nameof(Retriaging), "retriaged", cancellationToken);

    public Task<IActionResult> OnPostReopenAsync(CancellationToken cancellationToken) => IsSupervisor
        ? DecideAsync(new Reopen.Command(Id, User.ToActor(), IfMatch, Reopening.Reason), nameof(Reopening), "reopened", cancellationToken)
        : Task.FromResult<IActionResult>(Forbid());

    public Task<IActionResult> OnPostCloseAsync(CancellationToken cancellationToken) => IsSupervisor
        ? DecideAsync(new Close.Command(Id, User.ToActor(), IfMatch), "", "closed", cancellationToken)
        : Task.FromResult<IActionResult>(Forbid());

    public async Task<IActionResult> OnPostNoteAsync(CancellationToken cancellationToken)
    {
        var noted = await mediator.Send(new AddNote.Command(Id, User.ToActor(), null, Noting.Text), cancellationToken);
        return noted.IsSuccess ? LocalRedirect($"/staff/reports/{Id}#notes") : await ShowAsync(noted.Error, nameof(Noting), cancellationToken);
    }

    private string IfMatch => $"\"{Version.ToString(CultureInfo.InvariantCulture)}\"";

    private async Task<IActionResult> DecideAsync(IRequest<Result<ReportChanged>> command, string form, string done, CancellationToken cancellationToken)
    {
        var changed = await mediator.Send(command, cancellationToken);
        if (!changed.IsSuccess)
        {
            return await ShowAsync(changed.Error, form, cancellationToken);
        }

        var reference = await LoadAsync(cancellationToken) ? Report.Reference : "";
        return LocalRedirect($"/staff/queue?done={(changed.Value.AwaitingSecondReview && done is "rejected" or "retriaged" ? "voted" : done)}&of={reference}");
    }

    /// <summary>The page again, with the refusal in its summary and everything as it was typed.</summary>
    private async Task<IActionResult> ShowAsync(Error? refusal, string form, CancellationToken cancellationToken)
    {
        var seen = new DateTimeOffset(Math.Clamp(SeenAt, 0, DateTime.MaxValue.Ticks), TimeSpan.Zero);
        if (!await LoadAsync(cancellationToken))
        {
            return NotFound();
        }

        if (form is not nameof(Verifying) && Verifying.Category is null && Verifying.Tier is null)
        {
            SetProposal(); // another form was sent
        }

        KeepsDraft = form is not nameof(Noting);
        Response.StatusCode = refusal is null ? StatusCodes.Status200OK : Problems.Status(refusal.Kind);
        if (refusal is { Fields.Count: 0 })
        {
            ModelState.AddModelError("", errors.Of(refusal));
            Changes = [.. Report.History.Where(h => h.At > seen)];
        }

        foreach (var field in refusal?.Fields ?? [])
        {
            ModelState.AddModelError($"{form}.{char.ToUpperInvariant(field.Field[0])}{field.Field[1..]}", errors.Of(field));
        }

        return Page();
    }

    private async Task<bool> LoadAsync(CancellationToken cancellationToken)
    {
        var read = await reader.ReadAsync(Id, cancellationToken);
        if (!read.IsSuccess)
        {
            return false;
        }

        Report = read.Value;
        if (Request.Method == HttpMethods.Get)
        {
            SetProposal();
        }

        await names.LoadAsync(
            [Report.ClaimedBy, .. Report.History.Select(h => h.Actor.Id), .. Report.Notes.Select(n => n.Author.Id), .. Report.Votes.Select(v => v.Voter.Id)],
            cancellationToken);
        return true;
    }

    private void SetProposal() =>
        (Verifying.Category, Verifying.Tier) = (Report.Category, (Report.Triage.Tier ?? Report.Triage.ProvisionalTier).Name());

    private void Fill(Undo.Draft draft)
    {
        switch (draft.Action)
        {
            case ReportAction.Verified:
                (Verifying.Category, Verifying.Tier, Verifying.Reason) = (draft.Category, draft.Tier?.Name(), draft.Text);
                break;
            case ReportAction.Rejected or ReportAction.RejectionProposed:
                (Rejecting.Disposition, Rejecting.Note) = (draft.Disposition?.Name(), draft.Text);
                break;
            case ReportAction.InformationRequested:
                Asking.Text = draft.Text;
                break;
            case ReportAction.MarkedDuplicate:
                Duplicating.Of = draft.Of;
                break;
            default:
                (Retriaging.Tier, Retriaging.Reason) = (draft.Tier?.Name(), draft.Text);
                break;
        }
    }

    private IEnumerable<string?> Drafts() =>
        [Verifying.Reason, Asking.Text, Duplicating.Of, Rejecting.Disposition, Rejecting.Note, Retriaging.Reason, Reopening.Reason];
}

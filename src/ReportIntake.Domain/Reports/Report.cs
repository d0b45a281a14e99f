using ReportIntake.Domain.Results;
using ReportIntake.Domain.Triage;

namespace ReportIntake.Domain.Reports;

/// <summary>
/// What a citizen filed, and all that may happen to it. Every transition either happens, raising a
/// <see cref="ReportEvent"/>, or is refused with a named error; none does nothing in silence.
/// Second review: what sends help sooner needs one person, what stops help needs two.
/// </summary>
public sealed partial class Report
{
    public const int DescriptionMaxLength = 10_000;
    public const int ReasonMaxLength = 2_000;

    private readonly List<Subject> subjects = [];
    private readonly List<Indicator> indicators = [];
    private readonly List<Message> messages = [];
    private readonly List<Note> notes = [];
    private readonly List<Vote> votes = [];
    private readonly List<FollowUp> followUps = [];
    private readonly List<ReportEvent> events = [];

    private Report()
    {
    }

    public Guid Id { get; private set; }

    public string Reference { get; private set; } = "";

    /// <summary>Keyed hash of the receipt code; the code itself is kept by the reporter alone.</summary>
    public byte[] ReceiptKey { get; private set; } = [];

    public ReportState State { get; private set; }

    /// <summary>Counts every change; the concurrency token and the ETag.</summary>
    public int Version { get; private set; }

    public DateTimeOffset SubmittedAt { get; private set; }

    public DateTimeOffset UpdatedAt { get; private set; }

    public string Category { get; private set; } = "";

    /// <inheritdoc cref="ReportFacts.ChildSafety"/>
    public bool ChildSafety { get; private set; }

    public string? Description { get; private set; }

    public string Language { get; private set; } = "id";

    public string? Stage { get; private set; }

    public Incident Incident { get; private set; } = new();

    public Victim Victim { get; private set; } = new();

    /// <summary>Files that count for this report.</summary>
    public int EvidenceCount { get; private set; }

    /// <summary>The newest answer of the rules; a more pressing one replaces it, a less pressing one never does.</summary>
    public Assessment Assessment { get; private set; } = null!;

    public Tier ProvisionalTier { get; private set; }

    /// <summary>The tier that a person confirmed.</summary>
    public Tier? Tier { get; private set; }

    public string? TierReason { get; private set; }

    public Disposition? Disposition { get; private set; }

    public OutcomeCode? Outcome { get; private set; }

    /// <summary>Somebody needs it kept: no withdrawal and no purge, of it or of what it was joined with.</summary>
    public bool LegalHold { get; private set; }

    /// <summary>When the hold ends by itself; null where there is none, or it lasts until it is released.</summary>
    public DateTimeOffset? LegalHoldUntil { get; private set; }

    /// <summary>Since when it is in one of <see cref="ReportStates.Purgeable"/>: what retention counts from. Null in any other state.</summary>
    public DateTimeOffset? EndedAt { get; private set; }

    public Guid? ClaimedBy { get; private set; }

    public DateTimeOffset? ClaimedUntil { get; private set; }

    /// <summary>A first person has voted to reject; a second one must decide, without knowing how the first voted.</summary>
    public bool AwaitingSecondReview { get; private set; }

    /// <summary>Who must not be the second reviewer.</summary>
    public Guid? FirstVoterId { get; private set; }

    /// <summary>The police gave it back: it is the first in its tier.</summary>
    public bool Returned { get; private set; }

    /// <summary>The report this is a duplicate of.</summary>
    public Guid? CanonicalReportId { get; private set; }

    public bool ReopenedByReporter { get; private set; }

    /// <summary>When the system acts by itself if nobody does: takes a question back, closes a resolved report.</summary>
    public DateTimeOffset? DeadlineAt { get; private set; }

    /// <summary>True where a moderator may take it from the queue.</summary>
    public bool InQueue { get; private set; }

    /// <summary>Place in the queue: two steps a tier, the returned ones first in theirs; then by <see cref="DueAt"/>.</summary>
    public int QueueRank { get; private set; }

    /// <summary>True in the states of <see cref="ReportStates.VisibleToPolice"/>, once that was released: one column, so that the police's list is a walk of one index.</summary>
    public bool WithPolice { get; private set; }

    public IReadOnlyList<Subject> Subjects => subjects;

    public IReadOnlyList<Indicator> Indicators => indicators;

    public IReadOnlyList<Message> Messages => messages;

    public IReadOnlyList<Note> Notes => notes;

    public IReadOnlyList<Vote> Votes => votes;

    public IReadOnlyList<FollowUp> FollowUps => followUps;

    /// <summary>What has happened since the report was loaded; persistence turns it into ledger entries, feed events and jobs.</summary>
    public IReadOnlyList<ReportEvent> Events => events;

    /// <summary>The tier that counts for due times and order: what a person confirmed, or more pressing if the rules say so.</summary>
    public Tier EffectiveTier => Tier is { } confirmed && confirmed < ProvisionalTier ? confirmed : ProvisionalTier;

    /// <summary>Files a report. Something must be told: a description, a subject or a file.</summary>
    public static Result<Report> Submit(
        string reference, byte[] receiptKey, ReportFacts facts, Assessment assessment, int evidenceCount, DateTimeOffset now)
    {
        if (string.IsNullOrWhiteSpace(facts.Description) && facts.Subjects.Count == 0 && evidenceCount == 0)
        {
            return ReportErrors.Empty;
        }

        var report = new Report
        {
            Id = Guid.CreateVersion7(now),
            Reference = reference,
            ReceiptKey = receiptKey,
            SubmittedAt = now,
            ClockStartedAt = now,
            Category = facts.Category,
            ChildSafety = facts.ChildSafety,
            Description = facts.Description,
            Language = facts.Language,
            Stage = facts.Stage,
            Incident = facts.Incident,
            Province = ProvinceOf(facts.Incident.AreaCode),
            Victim = facts.Victim,
            EvidenceCount = evidenceCount,
            Assessment = assessment,
            ProvisionalTier = assessment.Tier,
        };
        report.subjects.AddRange(facts.Subjects);
        report.indicators.AddRange(facts.Subjects.SelectMany(s => s.Indicators()));
        report.indicators.ForEach(i => i.SeenAt = now);
        report.Record(ReportAction.Submitted, ReportState.Received, Actor.Reporter, now, ("category", facts.Category), ("evidence", $"{evidenceCount}"));
        report.Record(ReportAction.Assessed, ReportState.Received, Actor.System, now, AssessmentDetails(assessment));
        return report;
    }

    /// <summary>The rules have looked again. The provisional tier only ever rises.</summary>
    public void Reassess(Assessment assessment, DateTimeOffset now)
    {
        if (assessment.Tier > ProvisionalTier || State is ReportState.Purged)
        {
            return;
        }

        (Assessment, ProvisionalTier) = (assessment, assessment.Tier);
        Record(ReportAction.Assessed, State, Actor.System, now, AssessmentDetails(assessment));
    }

    public void ClearEvents() => events.Clear();

    private static (string, string)[] AssessmentDetails(Assessment assessment) =>
    [
        ("tier", assessment.Tier.Name()),
        ("ruleSet", assessment.RuleSetVersion),
        ("rules", string.Join(' ', assessment.Hits.Select(h => h.RuleId))),
    ];

    private void Record(ReportAction action, ReportState to, Actor actor, DateTimeOffset now, params (string Key, string Value)[] details)
    {
        ForgetHeldWhereMoved(to, action);
        UpdatedAt = NotBefore(now);
        var from = State;
        EndedAt = !ReportStates.Purgeable.Contains(to) ? null : State == to ? EndedAt : UpdatedAt;
        State = to;
        Version++;
        Place();

        // What happens to a report that the police do not see yet is part of what they see when it is released.
        var told = holding || (State.IsVisibleToPolice() && !WithPolice) ? Telling.TheLedgerOnly : Telling.All;
        events.Add(new ReportEvent(Id, action, actor, UpdatedAt, from, to, details.ToDictionary(d => d.Key, d => d.Value)) { Told = told });
    }

    /// <summary>Where it stands: in the queue, with the police, against the clock.</summary>
    private void Place()
    {
        InQueue = State is ReportState.Received || (State is ReportState.UnderVerification && AwaitingSecondReview && ClaimedBy is null);
        QueueRank = ((int)EffectiveTier * 2) + (Returned ? 0 : 1);
        WithPolice = State.IsVisibleToPolice() && (WithPolice || UndoUntil is null);
        SetClock();
    }

    /// <summary>
    /// A report's time never stands still or runs back, though nodes' clocks differ: the order of its events is the order
    /// of their times, which ledger and feed rely on.
    /// </summary>
    private DateTimeOffset NotBefore(DateTimeOffset now) => now > UpdatedAt ? now : UpdatedAt.AddMicroseconds(1);

    private Error Refused(string action) => ReportErrors.TransitionRefused(action, State);
}

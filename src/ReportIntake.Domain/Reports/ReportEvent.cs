using System.Text.Json.Serialization;

namespace ReportIntake.Domain.Reports;

/// <summary>Everything that can happen to a report, as its history and the ledger name it.</summary>
public enum ReportAction
{
    Submitted,
    Assessed,
    Claimed,
    Released,
    ClaimLapsed,
    ReportOverdue,
    InformationRequested,
    InformationSupplied,
    InformationOverdue,
    Verified,
    RejectionProposed,
    Rejected,
    MarkedDuplicate,
    DuplicateReceived,
    Withdrawn,
    Acknowledged,
    Returned,
    RiskAssessmentRecorded,
    FollowUpNoteAdded,
    QuestionAsked,
    PoliceMessagePassedOn,
    PoliceMessageDeclined,
    OutcomeRecorded,
    Closed,
    Reopened,
    RetriageProposed,
    Retriaged,
    DecisionUndone,
    NoteAdded,
    MessageAdded,
    EvidenceAdded,
    LegalHoldPlaced,
    LegalHoldLifted,
    Purged,
}

/// <summary>One thing that happened to a report. It becomes a ledger entry and, where the police may see it, an event of their feed.</summary>
/// <param name="Details">Codes and ids only; never a citizen's or a moderator's free text.</param>
public sealed record ReportEvent(
    Guid ReportId,
    ReportAction Action,
    Actor Actor,
    DateTimeOffset At,
    ReportState From,
    ReportState To,
    IReadOnlyDictionary<string, string> Details)
{
    /// <summary>Detail of <see cref="ReportAction.Retriaged"/>: clients of the tier that it leaves are told that it is out of their sight.</summary>
    public const string PreviousTier = "previousTier";

    /// <summary>Detail of <see cref="ReportAction.DecisionUndone"/>: the action that it takes back, of which the outside was never told.</summary>
    public const string Undone = "undone";

    /// <summary>Who is told of it when the change is kept.</summary>
    public Telling Told { get; init; }

    /// <summary>The event of the police feed that this is, or null where it is none of theirs.</summary>
    public PoliceEventType? PoliceEvent => Action switch
    {
        ReportAction.Verified => PoliceEventType.Verified,
        ReportAction.Retriaged => PoliceEventType.Retriaged,
        ReportAction.EvidenceAdded or ReportAction.DuplicateReceived when To.IsVisibleToPolice() => PoliceEventType.EvidenceAdded,
        ReportAction.MessageAdded or ReportAction.PoliceMessagePassedOn when To.IsVisibleToPolice() => PoliceEventType.MessageAdded,
        ReportAction.Returned => PoliceEventType.WithdrawnFromPolice,
        ReportAction.Reopened when From.IsVisibleToPolice() => PoliceEventType.WithdrawnFromPolice,
        ReportAction.OutcomeRecorded => PoliceEventType.OutcomeRecorded,
        ReportAction.Purged when From.IsVisibleToPolice() => PoliceEventType.Purged,
        _ => null,
    };
}

/// <summary>Who is told of a <see cref="ReportEvent"/>. A decision that may be undone is told in two steps.</summary>
public enum Telling
{
    All,

    /// <summary>It happened; the outside is told later, or never.</summary>
    TheLedgerOnly,

    /// <summary>It stands in the ledger already.</summary>
    TheOutsideOnly,
}

/// <summary>CloudEvents types of the police feed.</summary>
public enum PoliceEventType
{
    [JsonStringEnumMemberName("report.verified")]
    Verified,

    [JsonStringEnumMemberName("report.retriaged")]
    Retriaged,

    [JsonStringEnumMemberName("report.evidence_added")]
    EvidenceAdded,

    [JsonStringEnumMemberName("report.message_added")]
    MessageAdded,

    [JsonStringEnumMemberName("report.withdrawn_from_police")]
    WithdrawnFromPolice,

    [JsonStringEnumMemberName("report.outcome_recorded")]
    OutcomeRecorded,

    [JsonStringEnumMemberName("report.purged")]
    Purged,
}

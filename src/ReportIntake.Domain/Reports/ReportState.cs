namespace ReportIntake.Domain.Reports;

/// <summary>Where a report is on its way. Tier, disposition, evidence state and legal hold are separate axes.</summary>
public enum ReportState
{
    Received,
    UnderVerification,
    NeedsInformation,
    Verified,
    InFollowUp,
    Resolved,
    Closed,
    Rejected,
    Duplicate,
    Withdrawn,
    Purged,
}

public static class ReportStates
{
    /// <summary>The states in which police systems see a report.</summary>
    public static readonly IReadOnlySet<ReportState> VisibleToPolice =
        new HashSet<ReportState> { ReportState.Verified, ReportState.InFollowUp, ReportState.Resolved, ReportState.Closed };

    /// <summary>The states that retention may end; their periods are an operator's to set.</summary>
    public static readonly IReadOnlyList<ReportState> Purgeable = [ReportState.Rejected, ReportState.Duplicate, ReportState.Withdrawn, ReportState.Closed];

    public static bool IsVisibleToPolice(this ReportState state) => VisibleToPolice.Contains(state);
}

/// <summary>The coded reason of a rejection.</summary>
public enum Disposition
{
    Unfounded,
    InsufficientInformation,
    NotIllegal,
    OutOfScope,
    ContentUnavailable,
    SpamOrAbuse,
    Test,
}

/// <summary>What became of a report with the police.</summary>
public enum OutcomeCode
{
    VictimSafeguarded,
    SuspectIdentified,
    Arrest,
    ContentRemoved,
    MergedIntoCase,
    Transferred,
    NoFurtherAction,
}

namespace ReportIntake.Domain.Reports;

public enum FollowUpKind
{
    Acknowledgement,
    Return,
    RiskAssessment,
    Note,
    Question,
    Preservation,
    Outcome,
}

/// <summary>Who may read a note of the police beside them and the moderators.</summary>
public enum FollowUpAudience
{
    Private,
    Reporter,
}

/// <summary>
/// Where the police's own words to the reporter are: a moderator passes them on, in safer words if need be, or declines.
/// Reusable wordings were approved once for all and wait for nobody.
/// </summary>
public enum DeskState
{
    Awaiting,
    PassedOn,
    Declined,
}

/// <summary>What the police gave back, or asked for.</summary>
/// <param name="Audience">Of a note.</param>
/// <param name="Until">Of a preservation: when it ends by itself; null where it lasts until it is released.</param>
public sealed record FollowUp(
    Guid Id,
    FollowUpKind Kind,
    Guid ClientId,
    DateTimeOffset At,
    string? Text = null,
    string? Hazards = null,
    string? Impact = null,
    string? FurtherAction = null,
    OutcomeCode? Outcome = null,
    FollowUpAudience? Audience = null,
    DateTimeOffset? Until = null)
{
    public const int TextMaxLength = 5_000;

    /// <summary>Null where nothing is for the moderators' desk to do.</summary>
    public DeskState? Desk { get; internal set; }

    /// <summary>Why the desk declined; the police read it.</summary>
    public string? DeskReason { get; internal set; }

    /// <summary>Of a preservation: when it was released or replaced.</summary>
    public DateTimeOffset? EndedAt { get; internal set; }

    internal bool PreservesAt(DateTimeOffset now) => Kind is FollowUpKind.Preservation && EndedAt is null && (Until is null || Until > now);
}

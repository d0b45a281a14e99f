namespace ReportIntake.Domain.Reports;

/// <summary>
/// How long reports of an ended state are kept, in days since they came into it. Applied at the next run to what is there
/// already (GlobaLeaks #4210), whatever the period was when a report ended.
/// </summary>
public sealed class RetentionPeriod
{
    /// <summary>Answers kept for an <c>Idempotency-Key</c> live for a day: a report outlives all of its own.</summary>
    public const int MinDays = 1;

    public const int MaxDays = 36_500;

    /// <summary>
    /// Until an admin says otherwise. Law 27/2022 on personal data, articles 16 and 43, asks for an end without naming one:
    /// what the citizen took back goes soon, what the police worked on stays for the length of a trial with appeals.
    /// </summary>
    public static readonly IReadOnlyDictionary<ReportState, int?> Defaults = new Dictionary<ReportState, int?>
    {
        [ReportState.Rejected] = 365,
        [ReportState.Duplicate] = 365,
        [ReportState.Withdrawn] = 30,
        [ReportState.Closed] = 1825,
    };

    /// <summary>One of <see cref="ReportStates.Purgeable"/>.</summary>
    public required ReportState State { get; init; }

    /// <summary>Null: kept until an admin sets a period.</summary>
    public required int? Days { get; set; }
}

using System.Linq.Expressions;
using ReportIntake.Domain.Calendar;
using ReportIntake.Domain.Reports;
using ReportIntake.Domain.Triage;

namespace ReportIntake.Web.Features.Moderation.ReviewQueue;

/// <summary>A report as the queue shows it.</summary>
/// <param name="Tier">What a person confirmed; null until then.</param>
/// <param name="DueAt">When it must be with the police, by its tier and the working calendar.</param>
/// <param name="ClaimedBy">Account id of who holds it; null when it is free.</param>
/// <param name="EvidenceCount">Files that count for it.</param>
public sealed record QueueItem(
    Guid Id,
    string Reference,
    int Version,
    ReportState State,
    Tier ProvisionalTier,
    Tier? Tier,
    string Category,
    string? AreaCode,
    DateTimeOffset SubmittedAt,
    DateTimeOffset DueAt,
    Guid? ClaimedBy,
    DateTimeOffset? ClaimedUntil,
    bool AwaitingSecondReview,
    bool Returned,
    int EvidenceCount)
{
    /// <summary>What of a report a <see cref="QueueItem"/> needs, for a query; <see cref="DueAt"/> comes with <see cref="WithDueAt"/>.</summary>
    internal static readonly Expression<Func<Report, QueueItem>> OfReport = r => new QueueItem(
        r.Id, r.Reference, r.Version, r.State, r.ProvisionalTier, r.Tier, r.Category, r.Incident.AreaCode, r.SubmittedAt, r.SubmittedAt,
        r.ClaimedBy, r.ClaimedUntil, r.AwaitingSecondReview, r.Returned, r.EvidenceCount);

    private static readonly Func<Report, QueueItem> OfLoaded = OfReport.Compile();

    /// <inheritdoc cref="Report.EffectiveTier"/>
    internal Tier EffectiveTier => Tier is { } confirmed && confirmed < ProvisionalTier ? confirmed : ProvisionalTier;

    internal static QueueItem Of(Report report, WorkingCalendar calendar) => OfLoaded(report).WithDueAt(calendar);

    internal QueueItem WithDueAt(WorkingCalendar calendar) => this with { DueAt = calendar.DueAt(EffectiveTier, SubmittedAt) };
}

using System.Linq.Expressions;
using ReportIntake.Domain.Reports;
using ReportIntake.Domain.Triage;

namespace ReportIntake.Web.Features.Moderation.ReviewQueue;

/// <summary>A report as the queue shows it.</summary>
/// <param name="Tier">What a person confirmed; null until then.</param>
/// <param name="DueAt">When it must be with the police, by its tier and the working calendar of its place.</param>
/// <param name="Due">How it stands with that time; null once it has left the moderators.</param>
/// <param name="EscalatedAt">When it was escalated for being overdue; null where it was not.</param>
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
    DueState? Due,
    DateTimeOffset? EscalatedAt,
    Guid? ClaimedBy,
    DateTimeOffset? ClaimedUntil,
    bool AwaitingSecondReview,
    bool Returned,
    int EvidenceCount)
{
    /// <summary>What of a report a <see cref="QueueItem"/> needs, for a query; <see cref="Due"/> comes with <see cref="Seen"/>.</summary>
    internal static readonly Expression<Func<Report, QueueItem>> OfReport = r => new QueueItem(
        r.Id, r.Reference, r.Version, r.State, r.ProvisionalTier, r.Tier, r.Category, r.Incident.AreaCode, r.SubmittedAt, r.DueAt,
        null, r.EscalatedAt, r.ClaimedBy, r.ClaimedUntil, r.AwaitingSecondReview, r.Returned, r.EvidenceCount);

    private static readonly Func<Report, QueueItem> OfLoaded = OfReport.Compile();

    /// <inheritdoc cref="Report.EffectiveTier"/>
    internal Tier EffectiveTier => Tier is { } confirmed && confirmed < ProvisionalTier ? confirmed : ProvisionalTier;

    internal static QueueItem Of(Report report, EscalationOptions escalation, DateTimeOffset now) => OfLoaded(report).Seen(escalation, now);

    internal QueueItem Seen(EscalationOptions escalation, DateTimeOffset now) => this with { Due = escalation.DueStateOf(State, EffectiveTier, DueAt, now) };
}

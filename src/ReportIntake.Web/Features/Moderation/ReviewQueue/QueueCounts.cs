using ReportIntake.Domain.Triage;

namespace ReportIntake.Web.Features.Moderation.ReviewQueue;

/// <summary>How many reports are where on the desk.</summary>
/// <param name="Tiers">What waits to be taken, most pressing tier first.</param>
/// <param name="SecondReview">A first vote stands, and nobody has taken the second.</param>
/// <param name="Returned">Waiting, and given back by the police.</param>
/// <param name="WaitingForReporter">The reporter was asked something.</param>
/// <param name="Held">Somebody works on them.</param>
/// <param name="DueSoon">Waiting or held, and within the warning before their time is up.</param>
/// <param name="Overdue">Waiting or held, and their time is up.</param>
/// <param name="CountedAt">When this was counted.</param>
public sealed record QueueCounts(
    IReadOnlyList<QueueCounts.OfTier> Tiers, int SecondReview, int Returned, int WaitingForReporter, int Held, int DueSoon, int Overdue, DateTimeOffset CountedAt)
{
    /// <param name="Overdue">Waiting or held, and their time is up.</param>
    /// <param name="OldestAt">When the time of the one that is due first began to run; null where none waits.</param>
    public sealed record OfTier(Tier Tier, int Waiting, int Overdue, DateTimeOffset? OldestAt);

    /// <summary>Whether a reader would see a difference.</summary>
    public bool SaysTheSameAs(QueueCounts other) =>
        (SecondReview, Returned, WaitingForReporter, Held, DueSoon, Overdue) == (other.SecondReview, other.Returned, other.WaitingForReporter, other.Held, other.DueSoon, other.Overdue)
        && Tiers.SequenceEqual(other.Tiers);
}

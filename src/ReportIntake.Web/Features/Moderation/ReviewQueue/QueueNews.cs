using ReportIntake.Domain.Reports;
using ReportIntake.Domain.Triage;

namespace ReportIntake.Web.Features.Moderation.ReviewQueue;

/// <summary>What the queue's stream tells: the counts, and which reports have changed since the last event. No content.</summary>
/// <param name="More">More have changed than are named here: load the queue again.</param>
public sealed record QueueNews(QueueCounts Counts, IReadOnlyList<QueueNews.Change> Changed, bool More)
{
    /// <param name="Waiting">It can be taken.</param>
    /// <param name="Due">How it stands with its time; null once it has left the moderators.</param>
    public sealed record Change(Guid Id, ReportState State, Tier Tier, string Category, string? AreaCode, bool Waiting, DueState? Due);
}

using System.Text.Json.Serialization;
using ReportIntake.Domain.Reports;
using ReportIntake.Domain.Triage;

namespace ReportIntake.Web.Features.Moderation.ReviewQueue;

/// <summary>What the queue's stream tells: the counts, and which reports have changed since the last event. No content.</summary>
/// <param name="More">More have changed than are named here: load the queue again.</param>
public sealed record QueueNews(QueueCounts Counts, IReadOnlyList<QueueNews.Change> Changed, bool More)
{
    /// <param name="Waiting">It can be taken.</param>
    /// <param name="Due">How it stands with its time; null once it has left the moderators.</param>
    /// <param name="ChildSafety">Not told: decides to whom the change is told.</param>
    public sealed record Change(
        Guid Id, ReportState State, Tier Tier, string Category, string? AreaCode, bool Waiting, DueState? Due, [property: JsonIgnore] bool ChildSafety);

    /// <summary>The same for somebody for whom reports of child-safety categories are not there.</summary>
    internal QueueNews WithoutChildSafety() => this with { Changed = [.. Changed.Where(c => !c.ChildSafety)] };
}

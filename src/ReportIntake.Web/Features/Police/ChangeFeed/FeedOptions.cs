using System.ComponentModel.DataAnnotations;

namespace ReportIntake.Web.Features.Police.ChangeFeed;

/// <summary>Section <c>Feed</c>.</summary>
public sealed class FeedOptions
{
    /// <summary>How long events are kept. They are small and hold ids and codes only; who falls further behind reads the list instead.</summary>
    [Range(typeof(TimeSpan), "1.00:00:00", "36500.00:00:00")]
    public TimeSpan KeepEvents { get; set; } = TimeSpan.FromDays(3_650);
}

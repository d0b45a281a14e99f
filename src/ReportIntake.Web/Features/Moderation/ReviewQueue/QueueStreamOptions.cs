using System.ComponentModel.DataAnnotations;

namespace ReportIntake.Web.Features.Moderation.ReviewQueue;

/// <summary>Section <c>Desk:Stream</c>: how live the queue is.</summary>
public sealed class QueueStreamOptions
{
    /// <summary>How often this process looks for changes while anybody listens, whatever their number.</summary>
    [Range(typeof(TimeSpan), "00:00:00.1", "00:01:00")]
    public TimeSpan Poll { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>How often a quiet stream shows that it lives, and whether its reader's session still counts is looked at.</summary>
    [Range(typeof(TimeSpan), "00:00:00.1", "00:01:00")]
    public TimeSpan Heartbeat { get; set; } = TimeSpan.FromSeconds(15);
}

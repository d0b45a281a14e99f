using System.ComponentModel.DataAnnotations;

namespace ReportIntake.Web.Health;

/// <summary>Section <c>Health</c>: from when on the service says that something is wrong.</summary>
public sealed class HealthOptions
{
    /// <summary>Bytes that must be free where evidence is kept: below it, the service is not ready.</summary>
    [Range(0, long.MaxValue)]
    public long MinFreeBytes { get; set; } = 1024L * 1024 * 1024;

    /// <summary>How long a due job may wait before the service calls itself degraded.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00")]
    public TimeSpan OldestJob { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>What one check may take; a database that hangs is a database that is away.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:01:00")]
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(5);
}

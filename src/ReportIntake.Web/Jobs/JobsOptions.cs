using System.ComponentModel.DataAnnotations;

namespace ReportIntake.Web.Jobs;

public enum JobEngine
{
    /// <summary>In this program, on its own database.</summary>
    Embedded,

    /// <summary>Only in programs built with <c>-p:Jobs=Hangfire</c>.</summary>
    Hangfire,
}

public enum HangfireStorageKind
{
    /// <summary>In the service's own database, in a schema of its own, <c>HangFire</c>, which it makes itself.</summary>
    SqlServer,

    /// <summary>In this process: for tests. What is lost with it is handed over again, but each node sees its own entries only.</summary>
    Memory,
}

/// <summary>Section <c>Jobs</c>.</summary>
public sealed class JobsOptions
{
    public JobEngine Engine { get; set; } = JobEngine.Embedded;

    /// <summary>Where Hangfire keeps its queues.</summary>
    public HangfireStorageKind HangfireStorage { get; set; } = HangfireStorageKind.SqlServer;

    /// <summary>Jobs that one node runs at a time: so many that take long, photos and housekeeping, and as many again that take milliseconds.</summary>
    [Range(1, 64)]
    public int Concurrency { get; set; } = 2;

    /// <summary>How long a job stays with a node that has stopped renewing: a killed node's jobs run elsewhere after this. Nodes' clocks must agree much better than that.</summary>
    [Range(typeof(TimeSpan), "00:00:03", "01:00:00")]
    public TimeSpan Lease { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>How long a due row of another node may lie unseen.</summary>
    [Range(typeof(TimeSpan), "00:00:00.010", "00:01:00")]
    public TimeSpan Poll { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>Tries before a job is dead. With <see cref="RetryAfter"/> of 5 s the tenth comes about 45 minutes after the first.</summary>
    [Range(1, 100)]
    public int Attempts { get; set; } = 10;

    /// <summary>Wait after the first failure; doubles with each, to at most an hour, and up to a fifth is added at random.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "01:00:00")]
    public TimeSpan RetryAfter { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>What running jobs get to end by themselves when the program stops. Below the host's own 30 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:05:00")]
    public TimeSpan Drain { get; set; } = TimeSpan.FromSeconds(20);
}

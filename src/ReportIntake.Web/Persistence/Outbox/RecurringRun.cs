namespace ReportIntake.Web.Persistence.Outbox;

/// <summary>When a recurring job is due next; whoever moves it on has the run.</summary>
public sealed class RecurringRun
{
    /// <summary>Name of the job class.</summary>
    public required string Job { get; init; }

    public required DateTimeOffset NextAt { get; set; }
}

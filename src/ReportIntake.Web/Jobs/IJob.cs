namespace ReportIntake.Web.Jobs;

/// <summary>
/// Work that an <see cref="Persistence.Outbox.OutboxJob"/> asks for. Run at least once, by any node, in a scope of its own;
/// safe to run twice. Throw to have it tried again later; return when there is nothing (more) to do.
/// </summary>
/// <typeparam name="TArgument">Ids only; kept as JSON in the row.</typeparam>
public interface IJob<in TArgument>
{
    /// <summary>What it waits behind when there is more work than hands.</summary>
    static virtual JobUrgency Urgency => JobUrgency.Housekeeping;

    /// <param name="cancellationToken">The program stops, or the job's lease is lost and another node may run it: stop at once.</param>
    Task ExecuteAsync(TArgument argument, CancellationToken cancellationToken);
}

/// <summary>Work that is due again and again: its interval stands in <see cref="RecurringJobs"/>. One node at a time; safe to run twice.</summary>
public interface IRecurringJob
{
    /// <inheritdoc cref="IJob{TArgument}.ExecuteAsync"/>
    Task ExecuteAsync(CancellationToken cancellationToken);
}

/// <summary>Most pressing first: due work of one goes before that of the next.</summary>
public enum JobUrgency
{
    /// <summary>What the police wait for, and what the clock asks for: a claim lapses and a report is overdue however many photos are waiting.</summary>
    Delivery,

    /// <summary>What the queue's order comes from, in milliseconds each.</summary>
    Assessment,

    /// <summary>The files of reports that cannot wait.</summary>
    UrgentScreening,

    /// <summary>What moderators wait for. A second of processor for each photo: when many come at once, hours of it may be waiting.</summary>
    Screening,

    Housekeeping,
}

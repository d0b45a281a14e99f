using System.Text.Json;
using ReportIntake.Web.Jobs;

namespace ReportIntake.Web.Persistence.Outbox;

/// <summary>
/// Work that must happen after a change, written in the same transaction as the change. The job engine runs it at least
/// once; its job must be safe to run twice. Done jobs are deleted; those that failed too often stay, dead.
/// </summary>
public sealed class OutboxJob
{
    public const int ErrorMaxLength = 2_000;

    private OutboxJob()
    {
    }

    public Guid Id { get; private set; }

    /// <summary>Name of the job class that handles it.</summary>
    public string Type { get; private set; } = "";

    public JobUrgency Urgency { get; private set; }

    /// <summary>The job's argument as JSON. Ids only.</summary>
    public string Argument { get; private set; } = "null";

    /// <summary>The report, evidence item or other row that the job is about, where its argument is just that: it is found by it when that is purged.</summary>
    public Guid? Subject { get; private set; }

    public DateTimeOffset CreatedAt { get; private set; }

    /// <summary>Not before this time; moves on with every failed attempt.</summary>
    public DateTimeOffset RunAt { get; set; }

    /// <summary>Attempts begun, so that a job that kills its process ends too.</summary>
    public int Attempts { get; set; }

    /// <summary>The one taking of the row that may end it: a new id each time, whatever the node.</summary>
    public Guid? LeasedBy { get; set; }

    public DateTimeOffset? LeasedUntil { get; set; }

    /// <summary>Type and message of the last failure, for operators.</summary>
    public string? LastError { get; set; }

    /// <summary>Given up after too many attempts; an operator may put it back.</summary>
    public bool Dead { get; set; }

    /// <summary>Work for <typeparamref name="TJob"/>, as soon as the change is committed or at <paramref name="runAt"/>.</summary>
    /// <param name="urgency">The job's own, where it is left out.</param>
    public static OutboxJob For<TJob, TArgument>(TArgument argument, DateTimeOffset now, DateTimeOffset? runAt = null, JobUrgency? urgency = null)
        where TJob : class, IJob<TArgument> => New(typeof(TJob).Name, urgency ?? TJob.Urgency, JsonSerializer.Serialize(argument), argument as Guid?, now, runAt);

    /// <summary>One run of a recurring job.</summary>
    public static OutboxJob ForRecurring(string type, DateTimeOffset now) => New(type, JobUrgency.Delivery, "null", null, now, null);

    private static OutboxJob New(string type, JobUrgency urgency, string argument, Guid? subject, DateTimeOffset now, DateTimeOffset? runAt) => new()
    {
        Id = Guid.CreateVersion7(now),
        Type = type,
        Urgency = urgency,
        Argument = argument,
        Subject = subject,
        CreatedAt = now,
        RunAt = runAt ?? now,
    };
}

using System.Text.Json;

namespace ReportIntake.Web.Persistence.Outbox;

/// <summary>
/// Work that must happen after a change, written in the same transaction as the change. The job engine runs it at least
/// once; its job must be safe to run twice. Done jobs are deleted; those that failed too often stay, dead.
/// </summary>
public sealed class OutboxJob
{
    private OutboxJob()
    {
    }

    public Guid Id { get; private set; }

    /// <summary>Name of the job class that handles it.</summary>
    public string Type { get; private set; } = "";

    /// <summary>The job's argument as JSON. Ids only.</summary>
    public string Argument { get; private set; } = "null";

    public DateTimeOffset CreatedAt { get; private set; }

    /// <summary>Not before this time; moves on with every failed attempt.</summary>
    public DateTimeOffset RunAt { get; set; }

    public int Attempts { get; set; }

    public Guid? LeasedBy { get; set; }

    public DateTimeOffset? LeasedUntil { get; set; }

    /// <summary>Type and message of the last failure, for operators.</summary>
    public string? LastError { get; set; }

    /// <summary>Given up after too many attempts; an operator may put it back.</summary>
    public bool Dead { get; set; }

    /// <summary>Work for <typeparamref name="TJob"/>, a class of <c>Jobs/</c> with <c>ExecuteAsync(TArgument, CancellationToken)</c>.</summary>
    public static OutboxJob For<TJob>(object argument, DateTimeOffset now) => new()
    {
        Id = Guid.CreateVersion7(now),
        Type = typeof(TJob).Name,
        Argument = JsonSerializer.Serialize(argument),
        CreatedAt = now,
        RunAt = now,
    };
}

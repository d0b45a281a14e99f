using Hangfire;
using Hangfire.Server;

namespace ReportIntake.Web.Jobs.Hangfire;

/// <summary>
/// What each of Hangfire's entries does: runs one outbox row. The row decides whether there is anything (more) to do; the
/// entry shows operators how it went, and by throwing that it failed.
/// </summary>
public sealed class RunOutboxJob(HandOvers rows, OutboxRunner runner)
{
    /// <summary>On an entry whose row is dead: that it runs again is an operator's wish.</summary>
    public const string DeadParameter = "Dead";

    /// <param name="type">For operators to read; ids and names of classes only, as all that Hangfire keeps.</param>
    /// <param name="urgency">Decides the queue, each time: see <see cref="OutboxStates"/>.</param>
    /// <exception cref="OutboxAttemptFailedException">The row's job failed, and the row says when it is tried again, if it is.</exception>
    /// <exception cref="OperationCanceledException">This node stops: Hangfire puts the entry back into its queue.</exception>
    [JobDisplayName("{0} {2}")]
    public async Task RunAsync(string type, JobUrgency urgency, Guid id, Guid reservation, PerformContext? context, CancellationToken cancellationToken)
    {
        if (context?.GetJobParameter<bool>(DeadParameter) is true)
        {
            await rows.ReviveAsync(id);
            context.SetJobParameter(DeadParameter, false);
        }

        if (await rows.TakeAsync(id, reservation) is not { } job)
        {
            return;
        }

        await runner.RunAsync(job, cancellationToken);
        cancellationToken.ThrowIfCancellationRequested();
        if (await rows.FailedAsync(job, reservation) is { } failed)
        {
            throw new OutboxAttemptFailedException(failed.LastError ?? "Failed.", failed.Attempts, failed.Dead ? null : failed.RunAt);
        }
    }
}

/// <param name="error">As the outbox row keeps it; never the exception itself, whose stack Hangfire would show.</param>
/// <param name="attempt">Counted from 1.</param>
/// <param name="retryAt">Null where the row is dead.</param>
public sealed class OutboxAttemptFailedException(string error, int attempt, DateTimeOffset? retryAt) : Exception(error)
{
    public int Attempt => attempt;

    public DateTimeOffset? RetryAt => retryAt;
}

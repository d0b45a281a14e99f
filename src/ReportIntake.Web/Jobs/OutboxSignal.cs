namespace ReportIntake.Web.Jobs;

/// <summary>Wakes what waits for something in this process, so that nobody waits for the next poll. Other nodes poll.</summary>
public abstract class Signal
{
    private volatile TaskCompletionSource next = NewSource();

    /// <summary>It has happened, and is committed.</summary>
    public void Set() => Interlocked.Exchange(ref next, NewSource()).TrySetResult();

    /// <summary>Take this before looking; await it when there was nothing.</summary>
    public Task Next => next.Task;

    /// <summary>Waits for <paramref name="next"/>, at most for <paramref name="atMost"/>. True where it came.</summary>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public static async Task<bool> WaitAsync(Task next, TimeSpan atMost, CancellationToken cancellationToken)
    {
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        timeout.CancelAfter(atMost);
        await next.WaitAsync(timeout.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        cancellationToken.ThrowIfCancellationRequested();
        return next.IsCompleted;
    }

    private static TaskCompletionSource NewSource() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}

/// <summary>New outbox rows: jobs, ledger entries, police events.</summary>
public sealed class OutboxSignal : Signal;

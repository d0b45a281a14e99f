namespace ReportIntake.Web.Jobs;

/// <summary>Wakes what waits for new outbox rows in this process, so that nobody waits for the next poll. Other nodes poll.</summary>
public sealed class OutboxSignal
{
    private volatile TaskCompletionSource next = NewSource();

    /// <summary>Something was committed.</summary>
    public void Set() => Interlocked.Exchange(ref next, NewSource()).TrySetResult();

    /// <summary>Take this before looking at the outbox; await it when there was nothing.</summary>
    public Task Next => next.Task;

    private static TaskCompletionSource NewSource() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}

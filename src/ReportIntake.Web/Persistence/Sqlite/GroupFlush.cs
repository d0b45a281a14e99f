namespace ReportIntake.Web.Persistence.Sqlite;

/// <summary>
/// Makes what many have written durable with one flush: whoever asks while one runs shares the next. On a thread of its own,
/// because a flush blocks, and where much is waiting the thread pool would come to it late.
/// </summary>
/// <param name="flush">Returns when all that was written before it began is durable.</param>
public sealed class GroupFlush(Action flush) : IDisposable
{
    private readonly Lock gate = new();
    private readonly SemaphoreSlim wanted = new(0);
    private TaskCompletionSource? next;
    private Thread? flusher;
    private bool ended;

    /// <summary>Ends when a flush has ended that began after this call, with its exception if it failed.</summary>
    public Task FlushAsync()
    {
        lock (gate)
        {
            ObjectDisposedException.ThrowIf(ended, this);
            if (next is null)
            {
                next = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                wanted.Release();
            }

            if (flusher is null)
            {
                flusher = new Thread(Run) { IsBackground = true, Name = "flush" };
                flusher.Start();
            }

            return next.Task;
        }
    }

    public void Dispose()
    {
        lock (gate)
        {
            ended = true;
        }

        wanted.Release();
        flusher?.Join();
        wanted.Dispose();
    }

    private void Run()
    {
        while (true)
        {
            wanted.Wait();
            TaskCompletionSource? those;
            lock (gate)
            {
                (those, next) = (next, null);
            }

            if (those is null)
            {
                return;
            }

            try
            {
                flush();
                those.SetResult();
            }
            catch (Exception failure)
            {
                those.SetException(failure);
            }
        }
    }
}

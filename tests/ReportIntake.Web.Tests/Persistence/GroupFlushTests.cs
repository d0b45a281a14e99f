using ReportIntake.Web.Persistence.Sqlite;

namespace ReportIntake.Web.Tests.Persistence;

public sealed class GroupFlushTests
{
    [Fact]
    public async Task FlushAsync_WhileOneRuns_AllShareTheNext()
    {
        using var begun = new SemaphoreSlim(0);
        using var go = new SemaphoreSlim(0);
        var flushes = 0;
        using var flush = new GroupFlush(() =>
        {
            Interlocked.Increment(ref flushes);
            begun.Release();
            go.Wait();
        });

        var first = flush.FlushAsync();
        await begun.WaitAsync();
        var later = Enumerable.Range(0, 5).Select(_ => flush.FlushAsync()).ToList();
        go.Release();
        await first;
        await begun.WaitAsync();

        // What they wrote may have missed the first flush: they are not done with it.
        Assert.All(later, l => Assert.False(l.IsCompleted));
        go.Release();
        await Task.WhenAll(later);
        Assert.Equal(2, flushes);
    }

    [Fact]
    public async Task FlushAsync_ThatFails_TellsThoseWhoWaitedAndGoesOn()
    {
        var fail = true;
        using var flush = new GroupFlush(() =>
        {
            if (fail)
            {
                throw new IOException("The disk is away.");
            }
        });

        await Assert.ThrowsAsync<IOException>(flush.FlushAsync);
        fail = false;
        await flush.FlushAsync();
    }
}

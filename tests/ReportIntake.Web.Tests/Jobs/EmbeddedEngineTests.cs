using Microsoft.EntityFrameworkCore;
using ReportIntake.Web.Jobs;
using ReportIntake.Web.Persistence.Outbox;

namespace ReportIntake.Web.Tests.Jobs;

public sealed class EmbeddedEngineTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task Run_TwoEnginesOnOneDatabase_EachJobOnce()
    {
        await using var one = new JobsHost(null, ("Jobs:Concurrency", "4"), ("Jobs:Poll", "00:00:00.050"));
        using var startOne = one.Client();
        await using var other = new JobsHost(one, ("Jobs:Concurrency", "4"), ("Jobs:Poll", "00:00:00.050"));
        using var startOther = other.Client();
        var ids = Enumerable.Range(0, 200).Select(_ => Guid.NewGuid()).ToList();

        await one.EnqueueAsync([.. ids.Select(id => OutboxJob.For<CountRun, Guid>(id, one.Clock.GetUtcNow()))]);

        await JobsHost.UntilAsync(() => NoneLeftAsync(one, nameof(CountRun)));
        Assert.Equal(ids.ToHashSet(), one.Runs.Counts.Keys.ToHashSet());
        Assert.All(one.Runs.Counts.Values, n => Assert.Equal(1, n));
    }

    [Fact]
    public async Task Run_HolderDied_AnotherRunsItWhenTheLeaseHasRunOut()
    {
        await using var dead = new JobsHost { Quiet = true };
        var id = Guid.NewGuid();
        await dead.EnqueueAsync(OutboxJob.For<CountRun, Guid>(id, dead.Clock.GetUtcNow()));
        Assert.Single(await dead.Get<OutboxLeases>().TakeAsync(5, CancellationToken.None));
        Assert.Empty(await dead.Get<OutboxLeases>().TakeAsync(5, CancellationToken.None));
        dead.Clock.Advance(TimeSpan.FromSeconds(61));

        await using var alive = new JobsHost(dead);
        using var start = alive.Client();

        await JobsHost.UntilAsync(() => NoneLeftAsync(alive, nameof(CountRun)));
        Assert.Equal(1, alive.Runs.Counts[id]);
    }

    [Fact]
    public async Task Complete_LeaseTakenOverMeanwhile_ChangesNothing()
    {
        await using var host = new JobsHost { Quiet = true };
        await host.EnqueueAsync(OutboxJob.For<CountRun, Guid>(Guid.NewGuid(), host.Clock.GetUtcNow()));
        var leases = host.Get<OutboxLeases>();
        var late = (await leases.TakeAsync(1, CancellationToken.None)).Single();
        host.Clock.Advance(TimeSpan.FromSeconds(61));
        var current = (await leases.TakeAsync(1, CancellationToken.None)).Single();

        Assert.False(await leases.RenewAsync(late, CancellationToken.None));
        Assert.False(await leases.CompleteAsync(late));
        Assert.True(await leases.CompleteAsync(current));
    }

    [Fact]
    public async Task Take_ManyTakersAtOnce_NoRowTwice()
    {
        await using var host = new JobsHost { Quiet = true };
        await host.EnqueueAsync([.. Enumerable.Range(0, 60).Select(_ => OutboxJob.For<CountRun, Guid>(Guid.NewGuid(), host.Clock.GetUtcNow()))]);
        var leases = host.Get<OutboxLeases>();

        var taken = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => leases.TakeAsync(20, CancellationToken.None))));

        var ids = taken.SelectMany(t => t).Select(j => j.Id).ToList();
        Assert.Equal(ids.Count, ids.Distinct().Count());
    }

    [Fact]
    public async Task Take_SeveralUrgencies_MostPressingFirst()
    {
        await using var host = new JobsHost { Quiet = true };
        var now = host.Clock.GetUtcNow();
        await host.EnqueueAsync(OutboxJob.For<RunUntilReleased, Guid>(Guid.NewGuid(), now.AddMinutes(-5)));
        await host.EnqueueAsync(OutboxJob.For<CountRun, Guid>(Guid.NewGuid(), now), OutboxJob.For<CountRun, Guid>(Guid.NewGuid(), now, now.AddHours(1)));

        var first = (await host.Get<OutboxLeases>().TakeAsync(1, CancellationToken.None)).Single();
        var others = await host.Get<OutboxLeases>().TakeAsync(5, CancellationToken.None);

        Assert.Equal(nameof(CountRun), first.Type);
        Assert.Equal(nameof(RunUntilReleased), Assert.Single(others).Type);
    }

    [Fact]
    public async Task Run_AllPlacesForPhotosTaken_PressingJobsRunStill()
    {
        await using var host = new JobsHost(null, ("Jobs:Concurrency", "1"));
        await host.EnqueueAsync([.. Enumerable.Range(0, 3).Select(_ => OutboxJob.For<RunUntilReleased, Guid>(Guid.NewGuid(), host.Clock.GetUtcNow(), urgency: JobUrgency.Screening))]);
        await host.Runs.Started.Task.WaitAsync(Patience);

        await host.EnqueueAsync(OutboxJob.For<CountRun, Guid>(Guid.NewGuid(), host.Clock.GetUtcNow(), urgency: JobUrgency.Assessment));

        await JobsHost.UntilAsync(() => NoneLeftAsync(host, nameof(CountRun)));
        Assert.Equal(1, await host.WithDatabaseAsync(d => d.Jobs.CountAsync(j => j.Type == nameof(RunUntilReleased) && j.LeasedBy != null)));
        host.Runs.Release.SetResult();
    }

    [Fact]
    public async Task Run_JobFailsTwice_TriedAgainUntilDone()
    {
        await using var host = new JobsHost(null, ("Jobs:RetryAfter", "00:00:00"));
        var argument = new FailAtFirst.Argument(Guid.NewGuid(), 2);

        await host.EnqueueAsync(OutboxJob.For<FailAtFirst, FailAtFirst.Argument>(argument, host.Clock.GetUtcNow()));

        await JobsHost.UntilAsync(() => NoneLeftAsync(host, nameof(FailAtFirst)));
        Assert.Equal(3, host.Runs.Counts[argument.Id]);
    }

    [Fact]
    public async Task Run_JobFailsAlways_DeadWithItsErrorAfterAllAttempts()
    {
        await using var host = new JobsHost(null, ("Jobs:RetryAfter", "00:00:00"), ("Jobs:Attempts", "3"));
        var argument = new FailAtFirst.Argument(Guid.NewGuid(), 100);

        await host.EnqueueAsync(OutboxJob.For<FailAtFirst, FailAtFirst.Argument>(argument, host.Clock.GetUtcNow()));

        await JobsHost.UntilAsync(() => host.WithDatabaseAsync(d => d.Jobs.AnyAsync(j => j.Dead)));
        var job = await host.WithDatabaseAsync(d => d.Jobs.SingleAsync(j => j.Dead));
        Assert.Equal(3, host.Runs.Counts[argument.Id]);
        Assert.Equal((3, "InvalidOperationException: Not yet.", (Guid?)null), (job.Attempts, job.LastError, job.LeasedBy));
    }

    [Fact]
    public async Task Run_ProcessDiedAtEveryAttempt_Dead()
    {
        await using var host = new JobsHost(null, ("Jobs:Attempts", "1")) { Quiet = true };
        await host.EnqueueAsync(OutboxJob.For<CountRun, Guid>(Guid.NewGuid(), host.Clock.GetUtcNow()));
        await host.Get<OutboxLeases>().TakeAsync(1, CancellationToken.None);
        host.Clock.Advance(TimeSpan.FromSeconds(61));

        var again = (await host.Get<OutboxLeases>().TakeAsync(1, CancellationToken.None)).Single();
        await host.Get<OutboxRunner>().RunAsync(again, CancellationToken.None);

        Assert.Empty(host.Runs.Counts);
        Assert.True(await host.WithDatabaseAsync(d => d.Jobs.Select(j => j.Dead).SingleAsync()));
    }

    [Fact]
    public async Task Run_UnknownJobClass_FailsAsAJobDoes()
    {
        await using var host = new JobsHost { Quiet = true };
        await host.EnqueueAsync(OutboxJob.ForRecurring("NoSuchJob", host.Clock.GetUtcNow()));

        await host.Get<OutboxRunner>().RunAsync((await host.Get<OutboxLeases>().TakeAsync(1, CancellationToken.None)).Single(), CancellationToken.None);

        var job = await host.WithDatabaseAsync(d => d.Jobs.SingleAsync());
        Assert.Contains("NoSuchJob", job.LastError, StringComparison.Ordinal);
        Assert.True(job.RunAt > host.Clock.GetUtcNow());
    }

    [Fact]
    public async Task Run_LeaseLost_JobIsCancelled()
    {
        await using var host = new JobsHost(null, ("Jobs:Lease", "00:00:03"));
        await host.EnqueueAsync(OutboxJob.For<RunUntilReleased, Guid>(Guid.NewGuid(), host.Clock.GetUtcNow()));
        await host.Runs.Started.Task.WaitAsync(Patience);

        Guid? other = Guid.NewGuid();
        await host.WithDatabaseAsync(d => d.Jobs.Where(j => j.Type == nameof(RunUntilReleased)).ExecuteUpdateAsync(row => row.SetProperty(j => j.LeasedBy, other)));

        await host.Runs.Cancelled.Task.WaitAsync(Patience);
        Assert.Equal(other, await host.WithDatabaseAsync(d => d.Jobs.Where(j => j.Type == nameof(RunUntilReleased)).Select(j => j.LeasedBy).SingleAsync()));
    }

    [Fact]
    public async Task Stop_JobRuns_WaitsForItsEnd()
    {
        await using var host = new JobsHost();
        await host.EnqueueAsync(OutboxJob.For<RunUntilReleased, Guid>(Guid.NewGuid(), host.Clock.GetUtcNow()));
        await host.Runs.Started.Task.WaitAsync(Patience);

        var stop = host.Engine.StopAsync(CancellationToken.None);
        host.Runs.Release.SetResult();
        await stop.WaitAsync(Patience);

        Assert.False(host.Runs.Cancelled.Task.IsCompleted);
        Assert.True(await NoneLeftAsync(host, nameof(RunUntilReleased)));
    }

    [Fact]
    public async Task Stop_JobOutlastsTheDrain_GivenBackUncounted()
    {
        await using var host = new JobsHost(null, ("Jobs:Drain", "00:00:00"));
        await host.EnqueueAsync(OutboxJob.For<RunUntilReleased, Guid>(Guid.NewGuid(), host.Clock.GetUtcNow()));
        await host.Runs.Started.Task.WaitAsync(Patience);

        await host.Engine.StopAsync(CancellationToken.None).WaitAsync(Patience);

        var job = await host.WithDatabaseAsync(d => d.Jobs.SingleAsync(j => j.Type == nameof(RunUntilReleased)));
        Assert.Equal((0, null, false), (job.Attempts, job.LeasedUntil, job.Dead));
    }

    [Fact]
    public void Backoff_Attempts_DoublesToAnHourWithAFifthOfJitter()
    {
        Assert.InRange(OutboxRunner.Backoff(TimeSpan.FromSeconds(5), 1).TotalSeconds, 5, 6);
        Assert.InRange(OutboxRunner.Backoff(TimeSpan.FromSeconds(5), 4).TotalSeconds, 40, 48);
        Assert.InRange(OutboxRunner.Backoff(TimeSpan.FromSeconds(5), 60).TotalSeconds, 3600, 4320);
    }

    private static Task<bool> NoneLeftAsync(JobsHost host, string type) =>
        host.WithDatabaseAsync(async database => !await database.Jobs.AnyAsync(j => j.Type == type));
}

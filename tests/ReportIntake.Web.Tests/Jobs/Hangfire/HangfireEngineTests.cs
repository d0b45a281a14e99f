using Hangfire;
using Microsoft.EntityFrameworkCore;
using ReportIntake.Web.Jobs;
using ReportIntake.Web.Jobs.Hangfire;
using ReportIntake.Web.Persistence.Outbox;

namespace ReportIntake.Web.Tests.Jobs.Hangfire;

public sealed class HangfireEngineTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private static DateTimeOffset Now => TimeProvider.System.GetUtcNow();

    [Fact]
    public void QueueOf_EachUrgency_NamesSortAsTheUrgenciesDo()
    {
        var queues = Enum.GetValues<JobUrgency>().Select(OutboxStates.QueueOf).ToList();

        Assert.Equal(queues.Distinct().Order(StringComparer.Ordinal), queues);
    }

    [Fact]
    public async Task Run_TwoNodesOnOneDatabase_EachRowOnceInTheQueueOfItsUrgency()
    {
        await using var one = new HangfireHost(null, ("Jobs:Concurrency", "4"));
        _ = one.Address;
        await using var other = new HangfireHost(one, ("Jobs:Concurrency", "4"));
        _ = other.Address;
        var ids = Enumerable.Range(0, 150).Select(_ => Guid.NewGuid()).ToList(); // more than one queue takes

        await one.EnqueueAsync([.. ids.Select(id => OutboxJob.For<CountRun, Guid>(id, Now))]);

        await JobsHost.UntilAsync(() => NoneLeftAsync(one, nameof(CountRun)));
        Assert.Equal(ids.ToHashSet(), one.Runs.Counts.Keys.ToHashSet());
        Assert.All(one.Runs.Counts.Values, n => Assert.Equal(1, n));
        Assert.Contains(one.Seen.Queues(), q => q.Name == OutboxStates.QueueOf(JobUrgency.Delivery));
        Assert.Contains(one.Seen.SucceededJobs(0, 20), j => j.Value.Job?.Type == typeof(RunOutboxJob));
    }

    [Fact]
    public async Task Run_RecurringJobs_ComeFromTheOneTable()
    {
        await using var host = new HangfireHost();
        var jobs = host.Get<RecurringJobs>().Schedules.Select(s => s.Job).ToHashSet();
        _ = host.Address;

        await JobsHost.UntilAsync(() => Task.FromResult(jobs.IsSubsetOf(host.Seen.SucceededJobs(0, 1_000).Select(j => j.Value.Job?.Args[0] as string ?? ""))));
    }

    [Fact]
    public async Task Run_JobFailsTwice_RetriesAreSeenAndItIsDone()
    {
        await using var host = new HangfireHost(null, ("Jobs:RetryAfter", "00:00:03"));
        var argument = new FailAtFirst.Argument(Guid.NewGuid(), 2);

        await host.EnqueueAsync(OutboxJob.For<FailAtFirst, FailAtFirst.Argument>(argument, Now));
        await JobsHost.UntilAsync(() => Task.FromResult(
            host.Seen.ScheduledJobs(0, 100).Any(j => j.Value.Job?.Args[0] as string == nameof(FailAtFirst))
            && host.Get<JobStorage>().GetConnection().GetAllItemsFromSet("retries").Count > 0));

        await JobsHost.UntilAsync(() => NoneLeftAsync(host, nameof(FailAtFirst)));
        Assert.Equal(3, host.Runs.Counts[argument.Id]);
        Assert.DoesNotContain(host.Seen.FailedJobs(0, 100), j => j.Value.Job?.Args[0] as string == nameof(FailAtFirst));
    }

    [Fact]
    public async Task Run_JobFailsAlways_DeadInTheOutboxAndFailedInHangfire_UntilAnOperatorSendsItRoundAgain()
    {
        await using var host = new HangfireHost(null, ("Jobs:RetryAfter", "00:00:00"), ("Jobs:Attempts", "2"));
        var argument = new FailAtFirst.Argument(Guid.NewGuid(), 2);
        await host.EnqueueAsync(OutboxJob.For<FailAtFirst, FailAtFirst.Argument>(argument, Now));

        await JobsHost.UntilAsync(() => Task.FromResult(DeadLetters(host).Count > 0));
        var dead = Assert.Single(DeadLetters(host));
        Assert.Equal("InvalidOperationException: Not yet.", dead.Value.ExceptionMessage);
        Assert.True(await host.WithDatabaseAsync(d => d.Jobs.Where(j => j.Type == nameof(FailAtFirst)).Select(j => j.Dead).SingleAsync()));
        Assert.True(host.Get<IBackgroundJobClient>().Requeue(dead.Key));

        await JobsHost.UntilAsync(() => NoneLeftAsync(host, nameof(FailAtFirst)));
        Assert.Equal(3, host.Runs.Counts[argument.Id]);
        Assert.Empty(DeadLetters(host));
    }

    [Fact]
    public async Task Take_ReservationRanOut_TheLaterOneHasTheRow()
    {
        await using var host = new HangfireHost(null, ("Role", "web"), ("Jobs:Lease", "00:00:03"));
        _ = host.Address;
        await host.EnqueueAsync(OutboxJob.For<CountRun, Guid>(Guid.NewGuid(), Now));
        var rows = new HandOvers(
            host.Get<Microsoft.Extensions.DependencyInjection.IServiceScopeFactory>(), host.Get<TimeProvider>(), host.Get<Microsoft.Extensions.Options.IOptions<JobsOptions>>());
        var first = Assert.Single(await rows.ReserveAsync(JobUrgency.Delivery, 5, CancellationToken.None));
        Assert.Empty(await rows.ReserveAsync(JobUrgency.Delivery, 5, CancellationToken.None));
        await JobsHost.UntilAsync(async () => (await rows.DueAsync(CancellationToken.None)).Count > 0);
        var second = Assert.Single(await rows.ReserveAsync(JobUrgency.Delivery, 5, CancellationToken.None));

        Assert.Null(await rows.TakeAsync(first.Id, first.LeasedBy!.Value));
        var taken = await rows.TakeAsync(second.Id, second.LeasedBy!.Value);
        Assert.Equal(1, taken?.Attempts);
        Assert.Null(await rows.TakeAsync(second.Id, second.LeasedBy!.Value));
    }

    [Fact]
    public async Task Stop_JobRuns_WaitsForItsEnd()
    {
        await using var host = new HangfireHost();
        await host.EnqueueAsync(OutboxJob.For<RunUntilReleased, Guid>(Guid.NewGuid(), Now));
        await host.Runs.Started.Task.WaitAsync(Patience);

        var stop = host.Engine.StopAsync(CancellationToken.None);
        host.Runs.Release.SetResult();
        await stop.WaitAsync(Patience);

        Assert.False(host.Runs.Cancelled.Task.IsCompleted);
        Assert.True(await NoneLeftAsync(host, nameof(RunUntilReleased)));
    }

    [Fact]
    public async Task Stop_JobOutlastsTheDrain_GivenBackUncountedAndRunByAnother()
    {
        await using var host = new HangfireHost(null, ("Jobs:Drain", "00:00:00"));
        await host.EnqueueAsync(OutboxJob.For<RunUntilReleased, Guid>(Guid.NewGuid(), Now));
        await host.Runs.Started.Task.WaitAsync(Patience);

        await host.Engine.StopAsync(CancellationToken.None).WaitAsync(Patience);
        var row = await host.WithDatabaseAsync(d => d.Jobs.SingleAsync(j => j.Type == nameof(RunUntilReleased)));
        Assert.True(host.Runs.Cancelled.Task.IsCompleted);
        Assert.Equal((0, null, false), (row.Attempts, row.LeasedUntil, row.Dead));

        host.Runs.Release.SetResult();
        await using var other = new HangfireHost(host);
        _ = other.Address;
        await JobsHost.UntilAsync(() => NoneLeftAsync(other, nameof(RunUntilReleased)));
    }

    private static List<KeyValuePair<string, global::Hangfire.Storage.Monitoring.FailedJobDto>> DeadLetters(HangfireHost host) =>
        [.. host.Seen.FailedJobs(0, 100).Where(j => j.Value.Job?.Args[0] as string == nameof(FailAtFirst))];

    private static Task<bool> NoneLeftAsync(HangfireHost host, string type) =>
        host.WithDatabaseAsync(async database => !await database.Jobs.AnyAsync(j => j.Type == type));
}

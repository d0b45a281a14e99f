using Microsoft.EntityFrameworkCore;
using ReportIntake.Domain;
using ReportIntake.Domain.Reports;
using ReportIntake.Domain.Results;
using ReportIntake.Domain.Triage;
using ReportIntake.Web.Jobs;
using ReportIntake.Web.Jobs.Embedded;
using ReportIntake.Web.Persistence;

namespace ReportIntake.Web.Tests.Jobs;

public sealed class RecurringJobTests
{
    private static readonly Actor Moderator = Actor.Moderator(Guid.NewGuid());
    private static readonly Actor Police = Actor.Police(Guid.NewGuid());

    [Fact]
    public async Task Queue_SeveralNodesAtOnce_QueuedOnce()
    {
        await using var one = new JobsHost { Quiet = true };
        await using var other = new JobsHost(one) { Quiet = true };
        using var startOne = one.Client();
        using var startOther = other.Client();
        IReadOnlyList<RecurringSchedule> schedules = [RecurringSchedule.Every<LapseClaims>(TimeSpan.FromMinutes(1))];
        await QueueAsync(one, schedules);

        await RunAllAsync(one);
        one.Clock.Advance(TimeSpan.FromMinutes(1));
        var queued = await Task.WhenAll(Enumerable.Range(0, 6).Select(i => Task.Run(() => QueueAsync(i % 2 == 0 ? one : other, schedules))));

        Assert.Equal(1, queued.Sum());
    }

    [Fact]
    public async Task Queue_NotDueOrStillWaiting_NotQueuedAgain()
    {
        await using var host = new JobsHost { Quiet = true };
        using var start = host.Client();
        IReadOnlyList<RecurringSchedule> schedules = [RecurringSchedule.Every<LapseClaims>(TimeSpan.FromMinutes(1))];

        Assert.Equal(1, await QueueAsync(host, schedules));
        Assert.Equal(0, await QueueAsync(host, schedules));
        host.Clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(0, await QueueAsync(host, schedules));
        await RunAllAsync(host);
        host.Clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(1, await QueueAsync(host, schedules));
    }

    [Fact]
    public async Task Schedules_EveryRecurringJobClass_IsInTheTable()
    {
        await using var host = new JobsHost { Quiet = true };
        using var start = host.Client();

        var classes = typeof(IRecurringJob).Assembly.GetTypes().Where(t => t.IsClass && t.IsAssignableTo(typeof(IRecurringJob))).Select(t => t.Name);

        Assert.Equal(classes.Order(), host.Get<RecurringJobs>().Schedules.Select(s => s.Job).Order());
    }

    [Fact]
    public async Task Host_ClaimRunsOut_LapsesByItself()
    {
        await using var host = new JobsHost();
        using var start = host.Client();
        var id = await host.AddReportAsync(r => Done(r.Claim(Moderator, host.Clock.GetUtcNow())));

        host.Clock.Advance(Report.ClaimLease + TimeSpan.FromMinutes(1));

        await JobsHost.UntilAsync(async () => await StateAsync(host, id) is ReportState.Received);
    }

    [Fact]
    public async Task LapseClaims_OneLeaseOver_OnlyThatOneGoesBack()
    {
        await using var host = new JobsHost { Quiet = true };
        var over = await host.AddReportAsync(r => Done(r.Claim(Moderator, host.Clock.GetUtcNow())));
        host.Clock.Advance(Report.ClaimLease);
        var running = await host.AddReportAsync(r => Done(r.Claim(Moderator, host.Clock.GetUtcNow())));

        await host.RunAsync<LapseClaims>();
        await host.RunAsync<LapseClaims>();

        Assert.Equal(ReportState.Received, await StateAsync(host, over));
        Assert.Equal(ReportState.UnderVerification, await StateAsync(host, running));
        Assert.Equal(1, await host.WithDatabaseAsync(d => d.Ledger.CountAsync(e => e.ReportId == over && e.Action == "claim_lapsed")));
    }

    [Fact]
    public async Task LapseClaims_SomebodyChangedTheReportMeanwhile_LeftToThem()
    {
        await using var host = new JobsHost { Quiet = true };
        var contested = await host.AddReportAsync(r => Done(r.Claim(Moderator, host.Clock.GetUtcNow())));
        var other = await host.AddReportAsync(r => Done(r.Claim(Moderator, host.Clock.GetUtcNow())));
        host.Clock.Advance(Report.ClaimLease);
        var now = host.Clock.GetUtcNow();

        await host.WithDatabaseAsync(async database =>
        {
            var reports = new DueReports(database, host.Get<OutboxSignal>());
            await reports.ForEachAsync(r => r.ClaimedUntil <= now, r => r.ClaimedUntil, report =>
            {
                if (report.Id == contested)
                {
                    ChangeBehindItsBack(host, contested);
                }

                return report.LapseClaim(now);
            }, CancellationToken.None);
            return true;
        });

        Assert.Equal(ReportState.UnderVerification, await StateAsync(host, contested));
        Assert.Equal(ReportState.Received, await StateAsync(host, other));
        Assert.Equal(0, await host.WithDatabaseAsync(d => d.Ledger.CountAsync(e => e.ReportId == contested && e.Action == "claim_lapsed")));
    }

    [Fact]
    public async Task ReturnSilentQuestions_DeadlinePassed_BackInTheQueue()
    {
        await using var host = new JobsHost { Quiet = true };
        var now = host.Clock.GetUtcNow();
        var id = await host.AddReportAsync(r =>
        {
            Done(r.Claim(Moderator, now));
            Done(r.RequestInformation(Moderator, "When was it?", now.AddDays(14), now));
        });

        await host.RunAsync<ReturnSilentQuestions>();
        Assert.Equal(ReportState.NeedsInformation, await StateAsync(host, id));
        host.Clock.Advance(TimeSpan.FromDays(15));
        await host.RunAsync<ReturnSilentQuestions>();

        Assert.Equal(ReportState.Received, await StateAsync(host, id));
    }

    [Fact]
    public async Task CloseResolved_DeadlinePassed_Closed()
    {
        await using var host = new JobsHost { Quiet = true };
        var now = host.Clock.GetUtcNow();
        var id = await host.AddReportAsync(r =>
        {
            Done(r.Claim(Moderator, now));
            Done(r.Verify(Moderator, "online_fraud", false, Tier.NonUrgent, null, now));
            Done(r.Acknowledge(Police, now));
            Done(r.RecordOutcome(Police, OutcomeCode.Arrest, null, now.AddDays(14), now));
        });

        await host.RunAsync<CloseResolved>();
        Assert.Equal(ReportState.Resolved, await StateAsync(host, id));
        host.Clock.Advance(TimeSpan.FromDays(15));
        await host.RunAsync<CloseResolved>();

        Assert.Equal(ReportState.Closed, await StateAsync(host, id));
    }

    [Fact]
    public async Task RemoveExpiredAnswers_SomeExpired_OnlyThoseGo()
    {
        await using var host = new JobsHost { Quiet = true };
        var now = host.Clock.GetUtcNow();
        await host.WithDatabaseAsync(async database =>
        {
            database.IdempotentAnswers.AddRange(Answer(1, now.AddMinutes(-1)), Answer(2, now.AddHours(1)));
            return await database.SaveChangesAsync();
        });

        await host.RunAsync<RemoveExpiredAnswers>();

        Assert.Equal([2], await host.WithDatabaseAsync(d => d.IdempotentAnswers.Select(a => a.Key).SingleAsync()));
    }

    private static IdempotentAnswer Answer(byte key, DateTimeOffset expiresAt) =>
        new() { Key = [key], RequestHash = [0], Answer = [0], ExpiresAt = expiresAt };

    private static Task<int> QueueAsync(JobsHost host, IReadOnlyList<RecurringSchedule> schedules) =>
        host.Get<RecurringScheduler>().QueueDueAsync(schedules, CancellationToken.None);

    private static async Task RunAllAsync(JobsHost host)
    {
        foreach (var job in await host.Get<OutboxLeases>().TakeAsync(100, CancellationToken.None))
        {
            await host.Get<OutboxRunner>().RunAsync(job, CancellationToken.None);
        }
    }

    private static void ChangeBehindItsBack(JobsHost host, Guid id) => Task.Run(() => host.WithDatabaseAsync(d => d.Reports.Where(r => r.Id == id)
        .ExecuteUpdateAsync(row => row.SetProperty(r => r.Version, r => r.Version + 1)))).GetAwaiter().GetResult();

    private static Task<ReportState> StateAsync(JobsHost host, Guid id) =>
        host.WithDatabaseAsync(d => d.Reports.Where(r => r.Id == id).Select(r => r.State).SingleAsync());

    private static void Done(Result result) => Assert.True(result.IsSuccess, result.Error?.Code);
}

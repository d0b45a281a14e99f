using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using ReportIntake.Domain;
using ReportIntake.Domain.Reports;
using ReportIntake.Domain.Triage;
using ReportIntake.Web.Jobs;
using ReportIntake.Web.Jobs.Sequencing;
using ReportIntake.Web.Persistence;
using ReportIntake.Web.Persistence.Outbox;

namespace ReportIntake.Web.Tests.Jobs;

public sealed class SequencerTests
{
    private static readonly Actor Moderator = Actor.Moderator(Guid.NewGuid());

    [Fact]
    public async Task Publish_TransactionCommitsLate_LaterPositionAndNoReaderPassesItBy()
    {
        await using var host = new JobsHost { Quiet = true };
        var slow = await host.AddReportAsync(r => r.Claim(Moderator, host.Clock.GetUtcNow()));
        var quick = await host.AddReportAsync(r => r.Claim(Moderator, host.Clock.GetUtcNow()));
        await host.PublishAllAsync();

        // The slow transaction reads the clock and raises its event first, but commits when the quick one has been published and read.
        await using var scope = host.Services.CreateAsyncScope();
        var late = scope.ServiceProvider.GetRequiredService<ReportIntakeDbContext>();
        Verify((await late.Reports.FindAsync(slow))!, host);
        await ChangeAsync(host, quick, r => Verify(r, host));
        await host.PublishAllAsync();
        var cursor = (await FeedAsync(host, after: 0)).Single().Position!.Value;
        await late.SaveChangesAsync();
        await host.PublishAllAsync();

        var seen = Assert.Single(await FeedAsync(host, cursor));
        Assert.Equal((slow, cursor + 1), (seen.ReportId, seen.Position!.Value));
        Assert.True(seen.At < (await FeedAsync(host, after: 0))[0].At);
        await AssertGaplessAsync(host);
    }

    [Fact]
    public async Task Publish_EightWritersAtOnceAndAReader_GaplessOrderedAndNothingSkipped()
    {
        const int Writers = 8, Events = 100;
        await using var host = new JobsHost();
        using var start = host.Client();
        var reports = new List<Guid>();
        for (var i = 0; i < Writers; i++)
        {
            reports.Add(await host.AddReportAsync(r =>
            {
                r.Claim(Moderator, host.Clock.GetUtcNow());
                Verify(r, host);
            }));
        }

        var reading = ReadAllAsync(host, Writers * (Events + 1));
        await Parallel.ForEachAsync(reports, new ParallelOptions { MaxDegreeOfParallelism = Writers }, async (report, _) =>
        {
            for (var i = 0; i < Events; i++)
            {
                var tier = i % 2 == 0 ? Tier.Urgent : Tier.NonUrgent;
                await ChangeAsync(host, report, r => Assert.True(r.Retriage(Moderator, tier, "test", host.Clock.GetUtcNow()).IsSuccess));
            }
        });
        var read = await reading;

        Assert.Equal(Enumerable.Range(1, Writers * (Events + 1)).Select(n => (long)n), read.Select(e => e.Position!.Value));
        foreach (var ofReport in read.GroupBy(e => e.ReportId))
        {
            Assert.Equal(ofReport.Select(e => e.At).Order(), ofReport.Select(e => e.At));
            Assert.Equal(
                Enumerable.Range(0, Events + 1).Select(i => (Tier?)(i % 2 == 0 ? Tier.NonUrgent : Tier.Urgent)),
                ofReport.Select(e => e.Tier));
        }

        await JobsHost.UntilAsync(() => host.WithDatabaseAsync(async d => !await d.Ledger.AnyAsync(e => e.Position == null)));
        await AssertGaplessAsync(host);
    }

    [Fact]
    public async Task Publish_EventsOfOneChange_KeepTheirOrder()
    {
        await using var host = new JobsHost { Quiet = true };
        var now = host.Clock.GetUtcNow();
        for (var i = 0; i < 30; i++)
        {
            await host.AddReportAsync(r =>
            {
                r.Claim(Moderator, now);
                r.Verify(Moderator, "online_fraud", false, Tier.NonUrgent, null, now);
            });
        }

        await host.PublishAllAsync();

        var entries = await host.WithDatabaseAsync(d => d.Ledger.OrderBy(e => e.Position).Select(e => new { e.ReportId, e.Action }).ToListAsync());
        Assert.All(entries.GroupBy(e => e.ReportId), r => Assert.Equal(["submitted", "assessed", "claimed", "verified"], r.Select(e => e.Action)));
    }

    [Fact]
    public async Task Publish_TwoNodes_OneWorksUntilItsLeaseHasRunOut()
    {
        await using var one = new JobsHost { Quiet = true };
        await using var other = new JobsHost(one) { Quiet = true };
        using var startOther = other.Client();
        await one.AddReportAsync();
        await one.PublishAllAsync();
        await one.AddReportAsync();

        await other.PublishAllAsync();
        Assert.Equal(2, await UnpublishedAsync(one));
        one.Clock.Advance(Publisher.Lease);
        await other.PublishAllAsync();

        Assert.Equal(0, await UnpublishedAsync(one));
        await AssertGaplessAsync(one);
    }

    [Fact]
    public async Task Publish_ManyNodesRaceForTheLease_PositionsAreGapless()
    {
        await using var one = new JobsHost { Quiet = true };
        using var startOne = one.Client();
        await using var other = new JobsHost(one) { Quiet = true };
        using var startOther = other.Client();
        for (var round = 0; round < 5; round++)
        {
            await one.AddReportAsync();
            one.Clock.Advance(Publisher.Lease);
            await Task.WhenAll(Task.Run(one.PublishAllAsync), Task.Run(other.PublishAllAsync), Task.Run(one.PublishAllAsync));
        }

        await AssertGaplessAsync(one);
    }

    [Fact]
    public async Task Publish_MoreThanOneBatch_AllPublished()
    {
        await using var host = new JobsHost { Quiet = true };
        await host.WithDatabaseAsync(async database =>
        {
            database.Ledger.AddRange(Enumerable.Range(0, (2 * Publisher.Batch) + 7).Select(_ =>
                Domain.Custody.LedgerEntry.Write(Actor.System, "tested", null, null, new Dictionary<string, string>(), host.Clock.GetUtcNow())));
            return await database.SaveChangesAsync();
        });

        await host.PublishAllAsync();

        await AssertGaplessAsync(host);
    }

    [Fact]
    public async Task WaitForPublished_NothingComes_FalseAtTheEnd()
    {
        var looks = 0;

        var found = await new PublishedSignal().WaitForPublishedAsync(
            _ => Task.FromResult(++looks < 0), TimeSpan.FromMilliseconds(20), TimeProvider.System, CancellationToken.None);

        Assert.False(found);
        Assert.True(looks >= 2);
    }

    [Fact]
    public async Task WaitForPublished_EventPublished_Woken()
    {
        await using var host = new JobsHost();
        using var start = host.Client();
        var id = await host.AddReportAsync(r => r.Claim(Moderator, host.Clock.GetUtcNow()));

        var waiting = host.Get<PublishedSignal>().WaitForPublishedAsync(
            async _ => (await FeedAsync(host, 0)).Count > 0, TimeSpan.FromSeconds(30), host.Clock, CancellationToken.None);
        await ChangeAsync(host, id, r => Verify(r, host));

        Assert.True(await waiting);
    }

    private static void Verify(Report report, JobsHost host) =>
        Assert.True(report.Verify(Moderator, "online_fraud", false, Tier.NonUrgent, null, host.Clock.GetUtcNow()).IsSuccess);

    private static Task<bool> ChangeAsync(JobsHost host, Guid id, Action<Report> change) => host.WithDatabaseAsync(async database =>
    {
        change(await database.Reports.Include(r => r.Votes).SingleAsync(r => r.Id == id));
        await database.SaveChangesAsync();
        host.Get<OutboxSignal>().Set();
        return true;
    });

    private static Task<List<PoliceEvent>> FeedAsync(JobsHost host, long after) =>
        host.WithDatabaseAsync(d => d.PoliceEvents.AsNoTracking().Where(e => e.Position > after).OrderBy(e => e.Position).ToListAsync());

    /// <summary>Reads as a police system does: always on from the newest position it has seen.</summary>
    private static async Task<List<PoliceEvent>> ReadAllAsync(JobsHost host, int expected)
    {
        var read = new List<PoliceEvent>();
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        while (read.Count < expected)
        {
            read.AddRange(await FeedAsync(host, read.Count == 0 ? 0 : read[^1].Position!.Value));
            await Task.Delay(5, patience.Token);
        }

        return read;
    }

    private static Task<int> UnpublishedAsync(JobsHost host) => host.WithDatabaseAsync(d => d.Ledger.CountAsync(e => e.Position == null));

    private static async Task AssertGaplessAsync(JobsHost host)
    {
        var entries = await host.WithDatabaseAsync(d => d.Ledger.OrderBy(e => e.Position).Select(e => e.Position).ToListAsync());
        Assert.Equal(Enumerable.Range(0, entries.Count).Select(n => (long?)n), entries);
        var events = await host.WithDatabaseAsync(d => d.PoliceEvents.OrderBy(e => e.Position).Select(e => e.Position).ToListAsync());
        Assert.Equal(Enumerable.Range(1, events.Count).Select(n => (long?)n), events);
    }
}

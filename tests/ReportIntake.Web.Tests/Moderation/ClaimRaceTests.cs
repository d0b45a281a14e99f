using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using ReportIntake.Domain.Reports;
using ReportIntake.Domain.Triage;
using ReportIntake.Testing;
using ReportIntake.Web.Jobs;
using ReportIntake.Web.Security;

namespace ReportIntake.Web.Tests.Moderation;

/// <summary>
/// Moderators take and decide as fast as they can, some walk away, and leases run out under others' hands: each report is
/// decided exactly once. <c>REPORTINTAKE_RACE=50x1000</c> (clients x reports) runs it at full size.
/// </summary>
public sealed class ClaimRaceTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(4);

    [Fact]
    public async Task TakeAndDecide_LeasesExpire_EachReportIsDecidedExactlyOnce()
    {
        var (clients, reports) = Size();
        await using var host = new ModerationHost();
        await AddAsync(host, reports);
        var moderators = new List<HttpClient>();
        for (var i = 0; i < clients; i++)
        {
            moderators.Add(await host.StaffClientAsync(StaffRoles.Moderator));
        }

        using var end = new CancellationTokenSource(Patience);
        using var done = CancellationTokenSource.CreateLinkedTokenSource(end.Token);
        var decided = new ConcurrentBag<Guid>();
        var refused = new ConcurrentBag<string>();
        var clock = ExpireAsync(host, done.Token);

        await Task.WhenAll(moderators.Select((client, i) => WorkAsync(host, client, new Random(i), decided, refused, end.Token)));
        await done.CancelAsync();
        var expired = await clock;

        Assert.Equal(reports, decided.Distinct().Count());
        Assert.Equal(reports, decided.Count);
        Assert.True(expired > 0, "No lease ran out.");
        Assert.All(refused, code => Assert.Contains(code, new[] { "claim_expired", "claimed_by_another", "claim_required", "transition_refused", "report_changed", "version_stale" }));
        var (verified, verdicts) = await host.WithDatabaseAsync(async database => (
            await database.Reports.CountAsync(r => r.State == ReportState.Verified),
            await database.Ledger.Where(e => e.Action == "verified").Select(e => e.ReportId).ToListAsync()));
        Assert.Equal((reports, reports, reports), (verified, verdicts.Count, verdicts.Distinct().Count()));
        moderators.ForEach(c => c.Dispose());
    }

    /// <summary>Takes and decides until no report is open; walks away from one in eight, and hesitates at others.</summary>
    private static async Task WorkAsync(ModerationHost host, HttpClient client, Random chance, ConcurrentBag<Guid> decided, ConcurrentBag<string> refused, CancellationToken end)
    {
        while (true)
        {
            using var next = await client.PostAsync("/api/v1/moderation/queue/next", null, end);
            if (next.StatusCode is HttpStatusCode.NoContent)
            {
                if (!await host.WithDatabaseAsync(d => d.Reports.AnyAsync(r => r.State != ReportState.Verified, end)))
                {
                    return;
                }

                await Task.Delay(20, end);
                continue;
            }

            Assert.Equal(HttpStatusCode.OK, next.StatusCode);
            var id = (await next.Content.ReadFromJsonAsync<JsonElement>(end)).GetProperty("id").GetGuid();
            if (chance.Next(8) == 0)
            {
                continue;
            }

            if (chance.Next(4) == 0)
            {
                await Task.Delay(chance.Next(30), end);
            }

            using var answer = await client.TryAsync(id, "verify", new { category = "online_fraud", tier = "urgent" });
            if (answer.StatusCode is HttpStatusCode.OK)
            {
                decided.Add(id);
                continue;
            }

            Assert.True(answer.StatusCode is HttpStatusCode.Conflict or HttpStatusCode.PreconditionFailed, answer.StatusCode.ToString());
            refused.Add((await answer.Content.ReadFromJsonAsync<JsonElement>(end)).Text("code"));
        }
    }

    /// <summary>Time, for the leases alone: now and again all that are held at that moment run out, and the job gives them back.</summary>
    private static async Task<int> ExpireAsync(ModerationHost host, CancellationToken stop)
    {
        var expired = 0;
        while (!stop.IsCancellationRequested)
        {
            await Task.Delay(60, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            var past = TimeProvider.System.GetUtcNow().AddSeconds(-1);
            expired += await host.WithDatabaseAsync(d => d.Reports.Where(r => r.ClaimedUntil > past).ExecuteUpdateAsync(r => r.SetProperty(x => x.ClaimedUntil, past), CancellationToken.None));
            await using var scope = host.Services.CreateAsyncScope();
            await scope.ServiceProvider.GetRequiredService<LapseClaims>().ExecuteAsync(CancellationToken.None);
        }

        return expired;
    }

    private static Task<bool> AddAsync(ModerationHost host, int count) => host.WithDatabaseAsync(async database =>
    {
        var start = TimeProvider.System.GetUtcNow().AddHours(-1);
        for (var i = 0; i < count; i++)
        {
            database.Reports.Add(ModerationHost.Submitted((Tier)(i % 3), childSafety: false, category: "online_fraud", at: start.AddMilliseconds(i)));
        }

        await database.SaveChangesAsync();
        return true;
    });

    private static (int Clients, int Reports) Size()
    {
        var size = (Environment.GetEnvironmentVariable("REPORTINTAKE_RACE") ?? "10x80").Split('x');
        return (int.Parse(size[0], CultureInfo.InvariantCulture), int.Parse(size[1], CultureInfo.InvariantCulture));
    }
}

using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using ReportIntake.Domain;
using ReportIntake.Domain.Reports;
using ReportIntake.Domain.Triage;
using ReportIntake.Testing;
using ReportIntake.Web.Security;

namespace ReportIntake.Web.Tests.Moderation;

/// <summary>The queues of the desk, what each counts, and that a page goes on where the one before it ended.</summary>
public sealed class QueueFilterTests
{
    private const string Queue = "/api/v1/moderation/queue";

    [Fact]
    public async Task List_Queues_HoldWhatTheirNamesSay()
    {
        await using var host = new ModerationHost();
        var now = TimeProvider.System.GetUtcNow();
        var me = await host.ModeratorAsync();
        using var moderator = await host.SignedInAsync(me);
        var fresh = await host.AddAsync();
        var mine = await host.AddAsync(then: r => r.Claim(Actor.Moderator(me.Id), r.UpdatedAt));
        var theirs = await host.AddAsync(then: r => r.Claim(Actor.Moderator(Guid.NewGuid()), r.UpdatedAt));
        var second = await host.AddAsync(then: r =>
        {
            var first = Actor.Moderator(Guid.NewGuid());
            r.Claim(first, r.UpdatedAt);
            r.Reject(first, Disposition.Unfounded, null, r.UpdatedAt);
        });
        var returned = await host.AddAsync(then: Return);
        var asked = await host.AddAsync(then: r =>
        {
            var first = Actor.Moderator(Guid.NewGuid());
            r.Claim(first, r.UpdatedAt);
            r.RequestInformation(first, "Which account?", now.AddDays(14), r.UpdatedAt);
        });
        var late = await host.AddAsync(Tier.Immediate, at: now.AddHours(-1));

        Assert.Equal([mine.Id], await IdsAsync(moderator, "mine"));
        Assert.Equal([second.Id], await IdsAsync(moderator, "second_review"));
        Assert.Equal([returned.Id], await IdsAsync(moderator, "returned"));
        Assert.Equal([asked.Id], await IdsAsync(moderator, "waiting_for_reporter"));
        Assert.Equal([late.Id], await IdsAsync(moderator, "overdue"));
        Assert.Equal(7, (await IdsAsync(moderator, null)).Count);
        var counts = await moderator.GetFromJsonAsync<JsonElement>(Queue + "/counts");
        Assert.Equal([1, 3, 0], counts.GetProperty("tiers").EnumerateArray().Select(t => t.GetProperty("waiting").GetInt32()));
        Assert.Equal(
            (1, 1, 1, 2, 1),
            (Count("secondReview"), Count("returned"), Count("waitingForReporter"), Count("held"), Count("overdue")));
        Assert.NotEqual(fresh.Id, theirs.Id);

        int Count(string name) => counts.GetProperty(name).GetInt32();
    }

    [Fact]
    public async Task List_OneDueTimeForMany_PagesLoseAndRepeatNone()
    {
        await using var host = new ModerationHost();
        using var moderator = await host.StaffClientAsync(StaffRoles.Moderator);
        var at = TimeProvider.System.GetUtcNow().AddMinutes(-30);
        var all = new List<Guid>();
        for (var i = 0; i < 12; i++)
        {
            all.Add((await host.AddAsync((Tier)(i % 2), at: at, then: i % 3 == 0 ? Return : null)).Id);
        }

        foreach (var limit in new[] { 1, 2, 5 })
        {
            var seen = new List<Guid>();
            for (string? cursor = ""; cursor is not null;)
            {
                var page = await moderator.GetFromJsonAsync<JsonElement>($"{Queue}?limit={limit}{(cursor.Length > 0 ? "&cursor=" + cursor : "")}");
                seen.AddRange(page.GetProperty("items").EnumerateArray().Select(i => i.GetProperty("id").GetGuid()));
                cursor = page.GetProperty("nextCursor").GetString();
            }

            Assert.Equal(all.Order(), seen.Order());
        }
    }

    [Fact]
    public async Task List_DaysDifferByZone_TheOneDueFirstComesFirst()
    {
        await using var host = new ModerationHost();
        using var moderator = await host.StaffClientAsync(StaffRoles.Moderator);
        var friday = new DateTimeOffset(2026, 11, 20, 16, 30, 0, TimeSpan.Zero); // a Saturday already in Jayapura
        var west = await host.AddAsync(Tier.NonUrgent, area: "32.74", at: friday);
        var east = await host.AddAsync(Tier.NonUrgent, area: "91.71", at: friday.AddMinutes(5));

        var ids = await IdsAsync(moderator, null);

        Assert.Equal([east.Id, west.Id], ids);
    }

    [Fact]
    public async Task Page_Overdue_SaysSoInWordsAndCallsTheSupervisor()
    {
        await using var host = new ModerationHost();
        var report = await host.AddAsync(Tier.Immediate, at: TimeProvider.System.GetUtcNow().AddHours(-1));
        await host.WithDatabaseAsync(async database =>
        {
            var stored = await database.Reports.SingleAsync(r => r.Id == report.Id);
            Assert.True(stored.Escalate([StaffRoles.Supervisor], TimeProvider.System.GetUtcNow()).IsSuccess);
            return await database.SaveChangesAsync();
        });
        using var supervisor = await host.StaffBrowserAsync(StaffRoles.Supervisor);
        using var moderator = await host.StaffBrowserAsync(StaffRoles.Moderator);
        supervisor.DefaultRequestHeaders.Add("Cookie", "ri_lang=en");

        var called = await supervisor.GetStringAsync("/staff/queue?queue=overdue");
        var other = await moderator.GetStringAsync("/staff/queue");

        Assert.Contains("Overdue by", called, StringComparison.Ordinal);
        Assert.Contains("ri-called", called, StringComparison.Ordinal);
        Assert.DoesNotContain("ri-called", other, StringComparison.Ordinal);
        Assert.Contains(report.Reference, called, StringComparison.Ordinal);
    }

    private static void Return(Report report)
    {
        var moderator = Actor.Moderator(Guid.NewGuid());
        report.Claim(moderator, report.UpdatedAt);
        report.Verify(moderator, "sextortion", true, report.ProvisionalTier, null, report.UpdatedAt);
        report.Return(Actor.Police(Guid.NewGuid()), "More is needed.", report.UpdatedAt);
    }

    private static async Task<IReadOnlyList<Guid>> IdsAsync(HttpClient client, string? queue) =>
        [.. (await client.GetFromJsonAsync<JsonElement>(Queue + (queue is null ? "" : "?queue=" + queue))).GetProperty("items").EnumerateArray().Select(i => i.GetProperty("id").GetGuid())];
}

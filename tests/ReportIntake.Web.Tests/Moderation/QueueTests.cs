using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using ReportIntake.Domain;
using ReportIntake.Domain.Calendar;
using ReportIntake.Domain.Reports;
using ReportIntake.Domain.Triage;
using ReportIntake.Testing;
using ReportIntake.Web.Security;

namespace ReportIntake.Web.Tests.Moderation;

public sealed class QueueTests
{
    private const string Queue = "/api/v1/moderation/queue";
    private static readonly DateTimeOffset Morning = TimeProvider.System.GetUtcNow().AddHours(-3);

    [Fact]
    public async Task Next_EightCallersAtOnce_EachReportIsGivenOnceAndNoneIsLost()
    {
        await using var host = new ModerationHost();
        var reports = new List<Guid>();
        for (var i = 0; i < 60; i++)
        {
            reports.Add((await host.AddAsync((Tier)(i % 3), at: Morning.AddSeconds(i))).Id);
        }

        var clients = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => host.StaffClientAsync(StaffRoles.Moderator)));
        var given = new ConcurrentBag<Guid>();

        await Task.WhenAll(clients.Select(async client =>
        {
            while (await NextAsync(client) is { } next)
            {
                given.Add(next.GetProperty("id").GetGuid());
            }
        }));

        Assert.Equal(60, given.Count);
        Assert.Equal(reports.Order(), given.Order());
    }

    [Fact]
    public async Task Next_MixedQueue_GivesTheMostPressingFirst()
    {
        await using var host = new ModerationHost();
        var police = Actor.Police(Guid.NewGuid());
        var late = await host.AddAsync(Tier.NonUrgent, at: Morning.AddHours(-40));
        var second = await host.AddAsync(Tier.Urgent, at: Morning.AddMinutes(2));
        var first = await host.AddAsync(Tier.Urgent, at: Morning.AddMinutes(1));
        var returned = await host.AddAsync(Tier.Urgent, at: Morning.AddMinutes(3), then: r =>
        {
            var moderator = Actor.Moderator(Guid.NewGuid());
            r.Claim(moderator, r.UpdatedAt);
            r.Verify(moderator, "sextortion", true, Tier.Urgent, null, r.UpdatedAt);
            r.Return(police, "More is needed.", r.UpdatedAt);
        });
        var lapsed = await host.AddAsync(Tier.Immediate, at: Morning, then: r => r.Claim(Actor.Moderator(Guid.NewGuid()), r.UpdatedAt));
        using var moderator = await host.StaffClientAsync(StaffRoles.Moderator);

        var given = new List<Guid>();
        while (await NextAsync(moderator) is { } next)
        {
            given.Add(next.GetProperty("id").GetGuid());
        }

        Assert.Equal([lapsed.Id, returned.Id, first.Id, second.Id, late.Id], given);
    }

    [Fact]
    public async Task Next_OwnFirstVote_IsGivenToAnotherOnly()
    {
        await using var host = new ModerationHost();
        var report = await host.AddAsync();
        using var first = await host.StaffClientAsync(StaffRoles.Moderator);
        using var second = await host.StaffClientAsync(StaffRoles.Moderator);
        await NextAsync(first);
        await first.DoAsync(report.Id, "reject", new { disposition = "unfounded" });

        Assert.Null(await NextAsync(first));
        await first.RefusedAsync(HttpStatusCode.Forbidden, "second_vote_by_same_person", report.Id, "claim");
        await first.RefusedAsync(HttpStatusCode.Forbidden, "second_vote_by_same_person", report.Id, "reject", new { disposition = "unfounded" });
        Assert.Equal(report.Id, (await NextAsync(second))?.GetProperty("id").GetGuid());
    }

    [Fact]
    public async Task List_PagesAndFilters_ShowEachReportOnceInOrder()
    {
        await using var host = new ModerationHost();
        using var moderator = await host.StaffClientAsync(StaffRoles.Moderator);
        var reports = new List<Report>();
        for (var i = 0; i < 11; i++)
        {
            reports.Add(await host.AddAsync((Tier)(i % 3), area: i % 2 == 0 ? "32.74" : "18", at: Morning.AddSeconds(i)));
        }

        await moderator.DoAsync(reports[4].Id, "claim");
        await host.AddAsync(then: r => r.Withdraw(r.UpdatedAt));
        var expected = reports.OrderBy(r => r.QueueRank).ThenBy(r => r.SubmittedAt).ToList();

        var all = await WalkAsync(moderator, "?limit=3");
        var urgent = await WalkAsync(moderator, "?tier=urgent&limit=200");
        var province = await WalkAsync(moderator, "?area=32");
        var claimed = await WalkAsync(moderator, "?state=under_verification");

        Assert.Equal(expected.Select(r => r.Id), all.Select(i => i.GetProperty("id").GetGuid()));
        Assert.Equal(reports.Where(r => r.ProvisionalTier is Tier.Urgent).Select(r => r.Id), urgent.Select(i => i.GetProperty("id").GetGuid()));
        Assert.Equal(6, province.Count);
        Assert.Equal(reports[4].Id, Assert.Single(claimed).GetProperty("id").GetGuid());
        var item = all[0];
        Assert.Equal(WorkingCalendar.Embedded().DueAt(Tier.Immediate, expected[0].SubmittedAt), item.GetProperty("dueAt").GetDateTimeOffset());
        Assert.Equal("immediate", item.Text("provisionalTier"));
        Assert.Equal(JsonValueKind.Null, item.GetProperty("claimedBy").ValueKind);
    }

    [Theory]
    [InlineData("tier=high", "tier", "unknown_code")]
    [InlineData("category=gossip", "category", "unknown_code")]
    [InlineData("area=99.99", "area", "unknown_code")]
    [InlineData("state=lost", "state", "unknown_code")]
    [InlineData("limit=0", "limit", "limit_invalid")]
    [InlineData("limit=many", "limit", "limit_invalid")]
    [InlineData("queue=lost", "queue", "unknown_code")]
    [InlineData("cursor=abc", "cursor", "cursor_invalid")]
    [InlineData("cursor=%F0%9F%98%80", "cursor", "cursor_invalid")]
    public async Task List_WrongQuery_IsRefusedByField(string query, string field, string code)
    {
        await using var host = new ModerationHost();
        using var moderator = await host.StaffClientAsync(StaffRoles.Moderator);

        using var answer = await moderator.GetAsync($"{Queue}?{query}");

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Equal(code, (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("codes").GetProperty(field)[0].GetString());
    }

    private static async Task<JsonElement?> NextAsync(HttpClient client)
    {
        using var answer = await client.PostAsync(Queue + "/next", null);
        if (answer.StatusCode is HttpStatusCode.NoContent)
        {
            return null;
        }

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return await answer.Content.ReadFromJsonAsync<JsonElement>();
    }

    private static async Task<List<JsonElement>> WalkAsync(HttpClient client, string query)
    {
        var items = new List<JsonElement>();
        for (string? cursor = ""; cursor is not null;)
        {
            var page = await client.GetFromJsonAsync<JsonElement>($"{Queue}{query}{(cursor.Length > 0 ? "&cursor=" + cursor : "")}");
            items.AddRange(page.GetProperty("items").EnumerateArray());
            cursor = page.GetProperty("nextCursor").GetString();
        }

        return items;
    }
}

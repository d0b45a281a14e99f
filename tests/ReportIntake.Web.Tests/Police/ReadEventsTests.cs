using System.Net;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting.Internal;
using Microsoft.Extensions.Logging.Abstractions;
using ReportIntake.Domain;
using ReportIntake.Domain.Reports;
using ReportIntake.Domain.Triage;
using ReportIntake.Web.Features.Police.ChangeFeed;
using ReportIntake.Web.Security;

namespace ReportIntake.Web.Tests.Police;

public sealed class ReadEventsTests(PoliceHost host) : IClassFixture<PoliceHost>
{
    private const string NextCursor = "X-Next-Cursor";

    [Fact]
    public async Task Events_OfAReportsLife_AreCloudEventsInOrder()
    {
        using var police = await host.PoliceAsync("31.01");
        var report = await host.VerifiedAsync("31.01", Tier.Urgent, ReportState.InFollowUp);
        await host.ChangeAsync(report.Id, r => r.Retriage(PoliceHost.Moderator, Tier.Immediate, "More is known.", host.Now));
        await host.ChangeAsync(report.Id, r => r.AddMessage("Sudah dipindahkan.", host.Now));
        await host.ChangeAsync(report.Id, r => r.AddEvidence(1, host.Now));
        await host.ChangeAsync(report.Id, r => r.RecordOutcome(Actor.Police(police.Id), OutcomeCode.Arrest, null, host.Now, host.Now));
        await host.ChangeAsync(report.Id, r => r.Reopen(Actor.Supervisor(Guid.NewGuid()), "New signs.", host.Now));
        await PublishedAsync();

        using var answer = await police.Http.GetAsync("/api/v1/events");

        var events = await answer.JsonAsync(HttpStatusCode.OK);
        Assert.Equal("application/cloudevents-batch+json", answer.Content.Headers.ContentType?.MediaType);
        Assert.Equal(
            ["report.verified", "report.retriaged", "report.message_added", "report.evidence_added", "report.outcome_recorded", "report.withdrawn_from_police"],
            events.Texts("type"));
        var first = events[0];
        Assert.Equal("1.0", first.Text("specversion"));
        Assert.Equal("/api/v1", first.Text("source"));
        Assert.Equal(report.Id.ToString(), first.Text("subject"));
        Assert.Equal("application/json", first.Text("datacontenttype"));
        Assert.Equal(report.SubmittedAt, first.GetProperty("time").GetDateTimeOffset(), TimeSpan.FromMinutes(1));
        Assert.Equal(report.Reference, first.GetProperty("data").Text("reference"));
        Assert.Equal("urgent", first.GetProperty("data").Text("tier"));
        Assert.Equal("31.01", first.GetProperty("data").Text("areaCode"));
        Assert.Equal("immediate", events[1].GetProperty("data").Text("tier"));
        Assert.Equal("received", events[5].GetProperty("data").Text("state"));
    }

    [Fact]
    public async Task Events_ReadPageByPage_ComeOnceEachInOrder()
    {
        using var police = await host.PoliceAsync("31.02");
        var reports = new List<string>();
        for (var i = 0; i < 7; i++)
        {
            reports.Add((await host.VerifiedAsync("31.02")).Reference);
            await host.VerifiedAsync("31.03");
        }

        await PublishedAsync();
        var found = new List<string>();
        string? cursor = null;
        for (var i = 0; i < 4; i++)
        {
            var (events, next) = await ReadAsync(police, cursor, "limit=2");
            found.AddRange(References(events));
            cursor = next;
        }

        Assert.Equal(reports, found);
    }

    [Fact]
    public async Task Events_OfOtherAreas_AreNeitherGivenNorReadAgain()
    {
        using var police = await host.PoliceAsync("31.04");
        using var province = await host.PoliceAsync("31");
        var elsewhere = await host.VerifiedAsync("31.05");
        var nowhere = await host.VerifiedAsync(null);
        await PublishedAsync();

        var (events, cursor) = await ReadAsync(police, null);
        var (more, _) = await ReadAsync(province, null, "limit=1000");
        var mine = await host.VerifiedAsync("31.04");
        await PublishedAsync();
        var (later, _) = await ReadAsync(police, cursor);

        Assert.Equal(0, events.GetArrayLength());
        Assert.Contains(elsewhere.Reference, References(more));
        Assert.DoesNotContain(nowhere.Reference, References(more));
        Assert.Equal([mine.Reference], References(later));
    }

    [Fact]
    public async Task Events_NothingNew_StillGivesACursor()
    {
        using var police = await host.PoliceAsync("31.06");

        var (first, cursor) = await ReadAsync(police, null);
        var (second, _) = await ReadAsync(police, cursor, "wait=1");

        Assert.Equal(0, first.GetArrayLength());
        Assert.Equal(0, second.GetArrayLength());
    }

    [Fact]
    public async Task Events_WaitedFor_ComeWhenPublished()
    {
        using var police = await host.PoliceAsync("31.07");
        var (_, cursor) = await ReadAsync(police, null);

        var waiting = ReadAsync(police, cursor, "wait=60");
        await WaitersAsync(police);
        var report = await host.VerifiedAsync("31.07");
        var (events, _) = await waiting.WaitAsync(TimeSpan.FromSeconds(30));

        Assert.Equal([report.Reference], References(events));
    }

    [Fact]
    public async Task Events_KeyRevokedWhileWaiting_EndsUnauthenticated()
    {
        using var police = await host.PoliceAsync("31.08");

        var waiting = police.Http.GetAsync("/api/v1/events?wait=60&after=" + (await ReadAsync(police, null)).Cursor);
        await WaitersAsync(police);
        await host.RevokeAsync(police);
        using var answer = await waiting.WaitAsync(TimeSpan.FromSeconds(30));

        Assert.Equal("not_authenticated", await answer.CodeAsync(HttpStatusCode.Unauthorized));
        Assert.False(answer.Headers.Contains(NextCursor));
    }

    /// <summary>Asked without HTTP and with a lifetime of its own: only so is it sure that the request was there before the end.</summary>
    [Fact]
    public async Task Events_ServerStopsWhileWaiting_AreAnsweredEmpty()
    {
        using var police = await host.PoliceAsync("31.11");
        await using var scope = host.Services.CreateAsyncScope();
        var lifetime = new ApplicationLifetime(NullLogger<ApplicationLifetime>.Instance);
        var feed = ActivatorUtilities.CreateInstance<ReadEvents>(scope.ServiceProvider, lifetime);
        var context = new DefaultHttpContext { RequestServices = scope.ServiceProvider };
        var waiting = feed.HandleAsync(
            new ReadEvents.Query(null, null, ReadEvents.MaxWaitSeconds), new PoliceClientAccess(police.Id, [], ["31.11"]), context.Response, CancellationToken.None);

        lifetime.StopApplication();

        await (await waiting.WaitAsync(TimeSpan.FromSeconds(30))).ExecuteAsync(context);
        Assert.Equal(200, context.Response.StatusCode);
        Assert.NotEmpty(context.Response.Headers[NextCursor].ToString());
    }

    [Fact]
    public async Task Events_CursorTamperedOrForeignOrOfTheList_IsRefused()
    {
        using var police = await host.PoliceAsync("31.09");
        using var other = await host.PoliceAsync("31.09");
        await host.VerifiedAsync("31.09");
        await host.VerifiedAsync("31.09");
        var (_, cursor) = await ReadAsync(police, null);
        var ofList = (await police.Http.JsonAsync("/api/v1/reports?limit=1")).Text("nextCursor");
        var tampered = string.Concat(cursor.AsSpan(0, 30), cursor[30] == 'A' ? "B" : "A", cursor.AsSpan(31));

        foreach (var (client, after) in new[] { (police, tampered), (other, cursor), (police, ofList), (police, "1"), (police, "") })
        {
            using var answer = await client.Http.GetAsync("/api/v1/events?after=" + after);

            Assert.Equal("cursor_invalid", await answer.CodeAsync(HttpStatusCode.BadRequest));
        }
    }

    [Theory]
    [InlineData("limit=0", "limit", "limit_invalid")]
    [InlineData("limit=1001", "limit", "limit_invalid")]
    [InlineData("wait=-1", "wait", "wait_invalid")]
    [InlineData("wait=61", "wait", "wait_invalid")]
    public async Task Events_NumberOutOfBounds_IsRefusedByField(string query, string field, string code)
    {
        using var police = await host.PoliceAsync("31.10");

        using var answer = await police.Http.GetAsync("/api/v1/events?" + query);

        Assert.Equal(code, await answer.FieldCodeAsync(field));
    }

    [Fact]
    public async Task Events_WithoutScope_AreRefused()
    {
        using var police = await host.PoliceAsync([PoliceScopes.ReadEvidence], "national");

        using var answer = await police.Http.GetAsync("/api/v1/events");

        Assert.Equal("not_allowed", await answer.CodeAsync(HttpStatusCode.Forbidden));
    }

    /// <summary>Until the sequencer has given every event its position.</summary>
    private Task PublishedAsync() => UntilAsync(() => host.WithDatabaseAsync(async database => !await database.PoliceEvents.AnyAsync(e => e.Position == null)));

    /// <summary>Most likely until the request that was sent before is waiting; were it not, it would only find at once what it is to wait for.</summary>
    private static Task<JsonElement> WaitersAsync(PoliceHost.Police police) => police.Http.JsonAsync("/api/v1/reports?limit=1");

    private static async Task UntilAsync(Func<Task<bool>> condition)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (!await condition())
        {
            await Task.Delay(20, patience.Token);
        }
    }

    private static async Task<(JsonElement Events, string Cursor)> ReadAsync(PoliceHost.Police police, string? after, string query = "limit=100")
    {
        using var answer = await police.Http.GetAsync($"/api/v1/events?{query}{(after is null ? "" : "&after=" + after)}");
        return (await answer.JsonAsync(HttpStatusCode.OK), Assert.Single(answer.Headers.GetValues(NextCursor)));
    }

    private static IEnumerable<string> References(JsonElement events) => events.EnumerateArray().Select(e => e.GetProperty("data").Text("reference"));
}

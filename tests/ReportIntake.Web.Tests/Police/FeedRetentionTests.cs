using System.Net;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using ReportIntake.Web.Features.Police.ChangeFeed;
using ReportIntake.Web.Jobs;
using ReportIntake.Web.Tests.Police.Webhooks;

namespace ReportIntake.Web.Tests.Police;

/// <summary>What readers are told when the oldest events are gone. Each test puts the clock forward: a program of its own.</summary>
public sealed class FeedRetentionTests : IAsyncDisposable
{
    private static readonly TimeSpan Kept = new FeedOptions().KeepEvents;

    private readonly WebhookHost host = new();

    public ValueTask DisposeAsync() => host.DisposeAsync();

    [Fact]
    public async Task Events_AfterACursorWereRemoved_GoneWithWhereToGoOn()
    {
        using var police = await host.PoliceAsync("36");
        await host.VerifiedAsync("36.01");
        await host.PublishedAsync("36.01");
        var (_, old) = await ReadAsync(police, null);
        await host.VerifiedAsync("36.02");
        await host.PublishedAsync("36.02");
        var (_, passed) = await ReadAsync(police, old);
        host.Clock.Advance(Kept + TimeSpan.FromMinutes(1));
        await host.VerifiedAsync("36.03");
        var young = await host.PublishedAsync("36.03");

        await RemoveAsync();

        using var gone = await police.Http.GetAsync("/api/v1/events?after=" + old);
        var problem = await gone.JsonAsync(HttpStatusCode.Gone);
        Assert.Equal("cursor_gone", problem.Text("code"));
        foreach (var cursor in new[] { problem.Text("next"), passed, null })
        {
            var (events, _) = await ReadAsync(police, cursor);
            Assert.Equal(young, events.EnumerateArray().Select(e => e.GetProperty("id").GetGuid()));
        }
    }

    [Fact]
    public async Task Remove_Everything_NumbersGoOnAndNewCursorsStayGood()
    {
        using var police = await host.PoliceAsync("36");
        await host.VerifiedAsync("36.04");
        await host.PublishedAsync("36.04");
        var (_, cursor) = await ReadAsync(police, null);
        host.Clock.Advance(Kept + TimeSpan.FromMinutes(1));

        await RemoveAsync();
        await RemoveAsync();

        Assert.Equal(0, await host.WithDatabaseAsync(d => d.PoliceEvents.CountAsync()));
        await host.VerifiedAsync("36.05");
        var young = await host.PublishedAsync("36.05");
        var (events, _) = await ReadAsync(police, cursor);
        Assert.Equal(young, events.EnumerateArray().Select(e => e.GetProperty("id").GetGuid()));
        Assert.Equal(2, await host.WithDatabaseAsync(d => d.PoliceEvents.MaxAsync(e => e.Position)));
    }

    private async Task RemoveAsync()
    {
        await using var scope = host.Services.CreateAsyncScope();
        await scope.ServiceProvider.GetRequiredService<RemoveOldEvents>().ExecuteAsync(CancellationToken.None);
    }

    private static async Task<(JsonElement Events, string Cursor)> ReadAsync(PoliceHost.Police police, string? after)
    {
        using var answer = await police.Http.GetAsync("/api/v1/events" + (after is null ? "" : "?after=" + after));
        return (await answer.JsonAsync(HttpStatusCode.OK), Assert.Single(answer.Headers.GetValues("X-Next-Cursor")));
    }
}

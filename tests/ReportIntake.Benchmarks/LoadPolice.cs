using System.Collections.Concurrent;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace ReportIntake.Benchmarks;

/// <summary>One police system: follows the feed by long poll, reads each verified report, fetches its originals, acknowledges; and has a receiver of webhooks.</summary>
internal sealed class LoadPolice(LoadCaller caller, LoadFigures figures) : IAsyncDisposable
{
    private WebApplication? receiver;
    private string? cursor;

    /// <summary>Event ids as the feed gave them.</summary>
    public List<Guid> Followed { get; } = [];

    /// <summary>Event ids as they were pushed, repetitions too.</summary>
    public ConcurrentQueue<Guid> Pushed { get; } = [];

    public async Task StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Services.AddSingleton<IHostLifetime, NoSignals>();
        receiver = builder.Build();
        receiver.Run(async context => Pushed.Enqueue((await context.Request.ReadFromJsonAsync<JsonElement>()).GetProperty("id").GetGuid()));
        await receiver.StartAsync();
        if (await caller.CallAsync("police adds a webhook", HttpMethod.Post, "/api/v1/webhooks", JsonContent.Create(new { url = receiver.Urls.Single() })) is null)
        {
            throw new InvalidOperationException("The webhook was refused.");
        }
    }

    public async Task RunAsync(CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            if (!await FollowAsync(wait: 5))
            {
                await Task.Delay(200, CancellationToken.None);
            }
        }
    }

    /// <summary>One look at the feed. False where it was not answered.</summary>
    public async Task<bool> FollowAsync(int wait)
    {
        if (await caller.CallAsync("police long poll", HttpMethod.Get, $"/api/v1/events?wait={wait}&limit=100{(cursor is null ? "" : "&after=" + cursor)}") is not { } answer)
        {
            return false;
        }

        var events = answer.Json.EnumerateArray().ToList();
        Followed.AddRange(events.Select(e => e.GetProperty("id").GetGuid()));
        cursor = answer.Headers.GetValues("X-Next-Cursor").Single();
        await Parallel.ForEachAsync(events.Where(e => e.GetProperty("type").GetString() == "report.verified"), new ParallelOptions { MaxDegreeOfParallelism = 4 },
            async (e, _) => await TakeAsync(e.GetProperty("subject").GetGuid()));
        return true;
    }

    public async ValueTask DisposeAsync()
    {
        if (receiver is not null)
        {
            await receiver.DisposeAsync();
        }
    }

    /// <summary>Ctrl+C ends the run and not the receiver alone.</summary>
    private sealed class NoSignals : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }

    private async Task TakeAsync(Guid report)
    {
        if (await caller.CallAsync("police reads a report", HttpMethod.Get, $"/api/v1/reports/{report}") is not { } read)
        {
            return;
        }

        foreach (var item in read.Json.GetProperty("evidence").EnumerateArray())
        {
            var original = await caller.CallAsync("police fetches an original", HttpMethod.Get, $"/api/v1/reports/{report}/evidence/{item.GetProperty("id").GetGuid()}/original");
            if (original is not null && Convert.ToHexStringLower(SHA256.HashData(original.Body)) != item.GetProperty("sha256").GetString())
            {
                figures.Failed("police fetches an original", "other bytes than the report names");
            }
        }

        await caller.CallAsync("police acknowledges", HttpMethod.Post, $"/api/v1/reports/{report}/acknowledgement", JsonContent.Create(new { }), null, ("Idempotency-Key", $"{report}"));
    }
}

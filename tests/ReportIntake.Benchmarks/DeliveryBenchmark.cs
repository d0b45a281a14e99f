using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using ReportIntake.Domain;
using ReportIntake.Domain.Reports;
using ReportIntake.Domain.Triage;
using ReportIntake.Web.Jobs;
using ReportIntake.Web.Persistence;

namespace ReportIntake.Benchmarks;

/// <summary>
/// From the commit of a verification to a waiting long poll and to a webhook's receiver, while a hundred reports a second are
/// verified (each loaded, verified and saved with its ledger entries, without the moderator's HTTP request).
/// </summary>
internal static class DeliveryBenchmark
{
    private const int ASecond = 100, Seconds = 15, WarmUp = 200, Moderators = 4, Reports = ASecond * Seconds;
    private static readonly Actor Moderator = Actor.Moderator(Guid.NewGuid());

    private static readonly ConcurrentDictionary<Guid, long> Committed = new(), Polled = new(), Pushed = new();

    public static async Task RunAsync()
    {
        await using var host = new FeedHost();
        using var police = await host.PoliceAsync();
        await using var receiver = await ReceiverAsync();
        using var added = await police.PostAsJsonAsync("/api/v1/webhooks", new { url = receiver.Urls.Single() });
        added.EnsureSuccessStatusCode();
        var reports = await ClaimedAsync(host);
        using var stop = new CancellationTokenSource();
        var polling = PollAsync(police, stop.Token);

        await VerifyAllAsync(host, reports);
        for (var i = 0; i < 300 && (Polled.Count < reports.Count || Pushed.Count < reports.Count); i++)
        {
            await Task.Delay(100);
        }

        await stop.CancelAsync();
        await polling.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        Print("commit to long poll", Polled, reports, 250);
        Print("commit to webhook", Pushed, reports, 1000);
    }

    private static void Print(string what, ConcurrentDictionary<Guid, long> arrived, List<Guid> reports, double goal)
    {
        var times = reports.Skip(WarmUp).Select(r => Stopwatch.GetElapsedTime(Committed[r], arrived[r]).TotalMilliseconds).Order().ToList();
        Measured.Print($"{what}, p99 of {times.Count} at {ASecond}/s", times[times.Count * 99 / 100], goal, "median", times[times.Count / 2]);
    }

    private static async Task VerifyAllAsync(FeedHost host, List<Guid> reports)
    {
        // As many moderators at once: what a machine cannot keep up with comes later and does not pile up.
        using var moderators = new SemaphoreSlim(Moderators);
        var (start, running) = (Stopwatch.GetTimestamp(), new List<Task>());
        for (var i = 0; i < reports.Count; i++)
        {
            var ahead = TimeSpan.FromSeconds((double)i / ASecond) - Stopwatch.GetElapsedTime(start);
            if (ahead > TimeSpan.Zero)
            {
                await Task.Delay(ahead);
            }

            var report = reports[i];
            await moderators.WaitAsync();
            running.Add(Task.Run(async () =>
            {
                try
                {
                    await VerifyAsync(host, report);
                }
                finally
                {
                    moderators.Release();
                }
            }));
        }

        await Task.WhenAll(running);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{reports.Count / Stopwatch.GetElapsedTime(start).TotalSeconds:0.0} of {ASecond} verifications a second"));
    }

    private static async Task VerifyAsync(FeedHost host, Guid id)
    {
        await using var scope = host.Services.CreateAsyncScope();
        var database = scope.ServiceProvider.GetRequiredService<ReportIntakeDbContext>();
        var report = await database.Reports.Include(r => r.Votes).SingleAsync(r => r.Id == id);
        if (report.Verify(Moderator, report.Category, childSafety: true, Tier.Urgent, "Signs of age.", host.Now).Error is { } error)
        {
            throw new InvalidOperationException(error.Code);
        }

        await database.SaveChangesAsync();
        Committed[id] = Stopwatch.GetTimestamp();
        scope.ServiceProvider.GetRequiredService<OutboxSignal>().Set();
    }

    private static async Task PollAsync(HttpClient police, CancellationToken stop)
    {
        string? cursor = null;
        while (!stop.IsCancellationRequested)
        {
            using var answer = await police.GetAsync($"/api/v1/events?wait=30&limit=1000{(cursor is null ? "" : "&after=" + cursor)}", stop);
            answer.EnsureSuccessStatusCode();
            var events = await answer.Content.ReadFromJsonAsync<JsonElement>(stop);
            Arrived(Polled, events.EnumerateArray());
            cursor = answer.Headers.GetValues("X-Next-Cursor").Single();
        }
    }

    private static async Task<WebApplication> ReceiverAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        app.Run(async context => Arrived(Pushed, [await context.Request.ReadFromJsonAsync<JsonElement>()]));
        await app.StartAsync();
        return app;
    }

    private static void Arrived(ConcurrentDictionary<Guid, long> at, IEnumerable<JsonElement> events)
    {
        var now = Stopwatch.GetTimestamp();
        foreach (var e in events)
        {
            at.TryAdd(e.GetProperty("subject").GetGuid(), now);
        }
    }

    private static Task<List<Guid>> ClaimedAsync(FeedHost host) => host.WithDatabaseAsync(async database =>
    {
        var ids = new List<Guid>();
        for (var i = 0; i < Reports + WarmUp; i++)
        {
            var now = host.Now;
            var facts = new ReportFacts
            {
                Category = "child_sexual_exploitation",
                ChildSafety = true,
                Description = "Akun ini menawarkan anak.",
                Incident = new Incident(AreaCode: "32.74"),
            };
            var report = Report.Submit($"RI-2026-{i:000000}", RandomNumberGenerator.GetBytes(32), facts, new Assessment(Tier.Urgent, "test", [], now), 0, now).Value;
            report.Claim(Moderator, now);
            database.Reports.Add(report);
            ids.Add(report.Id);
        }

        await database.SaveChangesAsync();
        return ids;
    });
}

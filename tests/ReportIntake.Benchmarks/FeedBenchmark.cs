using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;

namespace ReportIntake.Benchmarks;

/// <summary>A million events drained through <c>GET /api/v1/events</c> over HTTP, a thousand a page, by one client of the same machine.</summary>
internal static class FeedBenchmark
{
    private const int Events = 1_000_000;
    private const int EventsASecond = 20_000;
    private const int Edge = 50;

    public static async Task RunAsync()
    {
        await using var host = new FeedHost();
        using var police = await host.PoliceAsync();
        await FillAsync(host);
        var plain = await ReadPlainlyAsync(host);
        await DrainAsync(police, Events / 100); // warms up

        var (times, memory) = (new List<double>(), new List<long>());
        var start = Stopwatch.GetTimestamp();
        await DrainAsync(police, Events, times, memory);
        var whole = Stopwatch.GetElapsedTime(start);

        Measured.Print($"{Events:N0} events of the feed", whole.TotalMilliseconds, Events * 1000d / EventsASecond, "reading the rows plainly", plain.TotalMilliseconds);
        Measured.Print($"page of 1,000, mean of the last {Edge}", times.TakeLast(Edge).Average(), null, $"mean of the first {Edge}", times.Take(Edge).Average());
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{"",-58} {Events / whole.TotalSeconds,10:N0} events/s; live memory {memory[0] / 1048576d:0.0} MiB at the first tenth, {memory[^1] / 1048576d:0.0} MiB at the last"));
    }

    /// <summary>Written by SQL, as the sequencer would have left them.</summary>
    private static Task<int> FillAsync(FeedHost host) => host.WithDatabaseAsync(async database =>
    {
        await database.Database.ExecuteSqlAsync(
            $"""
            WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n WHERE x < {Events})
            INSERT INTO PoliceEvents (Id, Position, Type, At, ReportId, Reference, Category, Tier, State, AreaCode)
            SELECT printf('%08X-0000-7000-8000-%012X', x, x), x, 'report.verified', {host.Now.UtcTicks} + x * 10, printf('%08X-0000-7000-9000-%012X', x, x),
                printf('RI-2026-%06d', x), 'child_sexual_exploitation', 'urgent', 'verified', printf('%02d.%02d', 11 + x % 80, 1 + x % 70)
            FROM n
            """);
        return await database.PublicationState.ExecuteUpdateAsync(row => row.SetProperty(s => s.PoliceEvents, Events));
    });

    private static Task<TimeSpan> ReadPlainlyAsync(FeedHost host) => host.WithDatabaseAsync(async database =>
    {
        var start = Stopwatch.GetTimestamp();
        var read = 0;
        await foreach (var _ in database.PoliceEvents.AsNoTracking().OrderBy(e => e.Position).AsAsyncEnumerable())
        {
            read++;
        }

        return read == Events ? Stopwatch.GetElapsedTime(start) : throw new InvalidOperationException($"{read} rows.");
    });

    private static async Task DrainAsync(HttpClient police, int most, List<double>? times = null, List<long>? memory = null)
    {
        string? cursor = null;
        for (var drained = 0; drained < most;)
        {
            var start = Stopwatch.GetTimestamp();
            using var answer = await police.GetAsync($"/api/v1/events?limit=1000{(cursor is null ? "" : "&after=" + cursor)}");
            answer.EnsureSuccessStatusCode();
            var page = Count(await answer.Content.ReadAsByteArrayAsync());
            cursor = answer.Headers.GetValues("X-Next-Cursor").Single();
            times?.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
            if (page == 0)
            {
                throw new InvalidOperationException($"The feed ended after {drained} events.");
            }

            drained += page;
            if (drained % (Events / 10) == 0)
            {
                memory?.Add(GC.GetTotalMemory(forceFullCollection: true));
            }
        }
    }

    private static int Count(byte[] body)
    {
        var reader = new Utf8JsonReader(body);
        var events = 0;
        while (reader.Read())
        {
            events += reader.TokenType is JsonTokenType.StartObject && reader.CurrentDepth == 1 ? 1 : 0;
        }

        return events;
    }
}

using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using ReportIntake.Domain.Reports;
using ReportIntake.Testing;
using ReportIntake.Web.Security;

namespace ReportIntake.Benchmarks;

/// <summary>
/// The moderators' desk over HTTP at ten thousand and at a million reports: each figure at p50 and p99, beside its median at
/// ten thousand. Then two hundred moderators poll and claim at once, and none may be refused. A search writes its ledger
/// entry, so its time has the commit to disk in it.
/// </summary>
internal static class DeskBenchmark
{
    private const int Small = 10_000, Large = 1_000_000, Runs = 300, WarmUp = 40, Moderators = 200, Seconds = 15;
    private const double PageGoal = 30, SearchGoal = 50, RatioGoal = 1.5;

    /// <param name="size">Reports; both sizes where none is given.</param>
    public static void Run(int? size)
    {
        var medians = new Dictionary<string, double>();
        foreach (var reports in size is { } one ? [one] : new[] { Small, Large })
        {
            RunAsync(reports, medians).GetAwaiter().GetResult();
        }
    }

    /// <summary>How long it takes to make so many reports; nothing is kept of them.</summary>
    public static void Seed(int? size) => SeedAsync(new DeskHost(), size ?? Large).GetAwaiter().GetResult();

    private static async Task SeedAsync(DeskHost started, int reports)
    {
        await using var host = started;
        await FillAsync(host, reports);
    }

    private static async Task FillAsync(DeskHost host, int reports)
    {
        _ = host.Address;
        var filling = Stopwatch.GetTimestamp();
        await new Seeder(host).FillAsync(reports);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{reports:N0} reports made in {Stopwatch.GetElapsedTime(filling).TotalSeconds:0} s, database {new FileInfo(Path.Combine(host.DataDirectory, "reportintake.db")).Length / 1e6:N0} MB"));
    }

    private static async Task RunAsync(int reports, Dictionary<string, double> medians)
    {
        await using var host = new DeskHost();
        await FillAsync(host, reports);

        var staff = await host.AddStaffAsync([StaffRoles.Moderator], twoFactor: false);
        using var api = await host.SignedInAsync(staff);
        using var browser = await host.BrowserAsync(staff);
        var some = await SomeAsync(host);
        var random = new Random(5);
        var deep = await DeepCursorAsync(api);

        await MeasureAsync("queue: first page", PageGoal, _ => GetAsync(api, "/api/v1/moderation/queue"));
        await MeasureAsync("queue: a page in its middle", PageGoal, _ => GetAsync(api, $"/api/v1/moderation/queue?cursor={deep}"));
        await MeasureAsync("queue: its page, first", null, _ => GetAsync(browser, "/staff/queue"));
        await MeasureAsync("take the next", PageGoal, async _ =>
        {
            using var next = await api.PostAsync("/api/v1/moderation/queue/next", null);
            Expect(next, HttpStatusCode.OK);
        });
        await MeasureAsync("report: API", PageGoal, i => GetAsync(api, $"/api/v1/moderation/reports/{some[i]}"));
        await MeasureAsync("report: page", PageGoal, i => GetAsync(browser, $"/staff/reports/{some[i]}"));
        await MeasureAsync("search: an account", SearchGoal, _ => SearchAsync(api, "indicator", SeedWords.Handle(random.Next(reports))));
        await MeasureAsync("search: a notorious account", SearchGoal, _ => SearchAsync(api, "indicator", SeedWords.Handle(random.Next(50))));
        await MeasureAsync("search: a number", SearchGoal, _ => SearchAsync(api, "indicator", $"0812{random.Next(10_000_000, 90_000_000)}"));
        await MeasureAsync("search: a beginning of three letters", SearchGoal, _ => SearchAsync(api, "indicator", SeedWords.Handle(random.Next(reports))[..3] + "*"));
        await MeasureAsync("search: a beginning of seven", SearchGoal, _ => SearchAsync(api, "indicator", SeedWords.Handle(random.Next(reports))[..7] + "*"));
        await MeasureAsync("search: a beginning of twelve", SearchGoal, _ => SearchAsync(api, "indicator", SeedWords.Handle(random.Next(reports)) is var handle ? handle[..Math.Min(12, handle.Length)] + "*" : ""));
        await MeasureAsync("search: two words", null, _ => SearchAsync(api, "text", "hotel stasiun"));
        await MeasureAsync("search: three words, one rare", null, _ => SearchAsync(api, "text", "hotel stasiun manisqz"));
        await CrowdAsync(host);

        async Task MeasureAsync(string what, double? goal, Func<int, Task> call)
        {
            var times = new List<double>();
            for (var i = -WarmUp; i < Runs; i++)
            {
                var start = Stopwatch.GetTimestamp();
                await call((i + WarmUp) % some.Count);
                if (i >= 0)
                {
                    times.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
                }
            }

            times.Sort();
            var (p50, p99) = (times[Runs / 2], times[Runs * 99 / 100]);
            medians.TryAdd(what, p50);
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"{what,-40} p50 {p50,7:0.00} ms  p99 {p99,7:0.00} ms  {(goal is null ? "" : p99 < goal ? $"goal {goal}: met" : $"goal {goal}: MISSED"),-15} {p50 / medians[what],5:0.00} × the smallest{(goal is PageGoal && p50 / medians[what] > RatioGoal ? ": MISSED" : "")}"));
        }
    }

    /// <summary>Reports that wait, from all over the queue.</summary>
    private static Task<List<Guid>> SomeAsync(DeskHost host) => host.WithDatabaseAsync(async database =>
    {
        var waiting = await database.Reports.Where(r => r.State == ReportState.Received).Select(r => r.Id).ToListAsync();
        var random = new Random(3);
        return Enumerable.Range(0, Runs + WarmUp).Select(_ => waiting[random.Next(waiting.Count)]).ToList();
    });

    private static async Task<string> DeepCursorAsync(HttpClient api)
    {
        var cursors = new List<string>();
        for (string? cursor = null; ;)
        {
            var page = JsonDocument.Parse(await api.GetStringAsync($"/api/v1/moderation/queue?limit=200{(cursor is null ? "" : "&cursor=" + cursor)}")).RootElement;
            if ((cursor = page.GetProperty("nextCursor").GetString()) is null)
            {
                return cursors[cursors.Count / 2];
            }

            cursors.Add(cursor);
        }
    }

    /// <summary>Everybody looks at the queue and takes the next, again and again.</summary>
    private static async Task CrowdAsync(DeskHost host)
    {
        var clients = new List<HttpClient>();
        for (var i = 0; i < Moderators; i++)
        {
            clients.Add(await host.SignedInAsync(await host.AddStaffAsync([StaffRoles.Moderator], twoFactor: false)));
        }

        using var end = new CancellationTokenSource(TimeSpan.FromSeconds(Seconds));
        var (claimed, polled, refused) = (0, 0, 0);
        var times = new System.Collections.Concurrent.ConcurrentBag<double>();
        var seen = new System.Collections.Concurrent.ConcurrentDictionary<string, int>();
        await Task.WhenAll(clients.Select(async client =>
        {
            while (!end.IsCancellationRequested)
            {
                using var queue = await client.GetAsync("/api/v1/moderation/queue");
                var start = Stopwatch.GetTimestamp();
                using var next = await client.PostAsync("/api/v1/moderation/queue/next", null);
                times.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
                Interlocked.Increment(ref polled);
                Interlocked.Add(ref refused, (queue.IsSuccessStatusCode ? 0 : 1) + (next.IsSuccessStatusCode ? 0 : 1));
                if (next.StatusCode is HttpStatusCode.OK)
                {
                    Interlocked.Increment(ref claimed);
                    var report = JsonDocument.Parse(await next.Content.ReadAsStringAsync()).RootElement;
                    seen.AddOrUpdate(report.GetProperty("reference").GetString()!, 1, (_, times) => times + 1);
                }
            }
        }));
        clients.ForEach(c => c.Dispose());
        var sorted = times.Order().ToList();
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{Moderators} moderators for {Seconds} s: {polled} polls, {claimed} claims, {refused} errors, {seen.Count(s => s.Value > 1)} claimed twice; taking p50 {sorted[sorted.Count / 2]:0} ms, p99 {sorted[sorted.Count * 99 / 100]:0} ms"));
    }

    private static Task SearchAsync(HttpClient api, string by, string what) => GetAsync(api, $"/api/v1/moderation/search?{by}={Uri.EscapeDataString(what)}");

    private static async Task GetAsync(HttpClient client, string address)
    {
        using var answer = await client.GetAsync(address);
        Expect(answer, HttpStatusCode.OK);
        await answer.Content.ReadAsByteArrayAsync();
    }

    private static void Expect(HttpResponseMessage answer, HttpStatusCode expected)
    {
        if (answer.StatusCode != expected)
        {
            throw new InvalidOperationException($"{answer.RequestMessage?.RequestUri?.AbsolutePath} answered {answer.StatusCode}.");
        }
    }
}

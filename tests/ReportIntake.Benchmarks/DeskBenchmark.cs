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
/// The moderators' desk over HTTP at ten thousand and at a million reports, asked in turns, and what police systems read there; the ratio is that of the medians.
/// Then two hundred moderators poll and claim at once at the larger one, and none may be refused. A search writes its
/// ledger entry, so its time has the commit to disk in it.
/// </summary>
internal static class DeskBenchmark
{
    private const int Small = 10_000, Large = 1_000_000, Runs = 300, WarmUp = 40, Moderators = 200, Seconds = 15;
    private const double PageGoal = 30, SearchGoal = 50, RatioGoal = 1.5;

    /// <param name="size">Reports of the larger desk.</param>
    public static void Run(int? size) => RunAsync(size ?? Large).GetAwaiter().GetResult();

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

    private static async Task RunAsync(int size)
    {
        await using var small = await Desk.OpenAsync(Small);
        await using var large = await Desk.OpenAsync(size);
        Desk[] desks = [small, large];

        await MeasureAsync("queue: first page", PageGoal, (desk, _) => GetAsync(desk.Api, "/api/v1/moderation/queue"));
        await MeasureAsync("queue: a page in its middle", PageGoal, (desk, _) => GetAsync(desk.Api, $"/api/v1/moderation/queue?cursor={desk.Middle}"));
        await MeasureAsync("queue: its page, first", null, (desk, _) => GetAsync(desk.Browser, "/staff/queue"));
        await MeasureAsync("take the next", PageGoal, async (desk, _) =>
        {
            using var next = await desk.Api.PostAsync("/api/v1/moderation/queue/next", null);
            Expect(next, HttpStatusCode.OK);
        });
        await MeasureAsync("report: API", PageGoal, (desk, i) => GetAsync(desk.Api, $"/api/v1/moderation/reports/{desk.Some[i]}"));
        await MeasureAsync("report: page", PageGoal, (desk, i) => GetAsync(desk.Browser, $"/staff/reports/{desk.Some[i]}"));
        await MeasureAsync("search: an account", SearchGoal, (desk, i) => SearchAsync(desk.Api, "indicator", desk.Handle(i)));
        await MeasureAsync("search: a notorious account", SearchGoal, (desk, i) => SearchAsync(desk.Api, "indicator", SeedWords.Handle(i % 50)));
        await MeasureAsync("search: a number", SearchGoal, (desk, i) => SearchAsync(desk.Api, "indicator", $"0812{10_000_000 + (i * 7919)}"));
        await MeasureAsync("search: a beginning of three letters", SearchGoal, (desk, i) => SearchAsync(desk.Api, "indicator", desk.Handle(i)[..3] + "*"));
        await MeasureAsync("search: a beginning of seven", SearchGoal, (desk, i) => SearchAsync(desk.Api, "indicator", desk.Handle(i)[..7] + "*"));
        await MeasureAsync("search: all but the last character", SearchGoal, (desk, i) => SearchAsync(desk.Api, "indicator", desk.Handle(i)[..^1] + "*"));
        await MeasureAsync("search: two words", null, (desk, _) => SearchAsync(desk.Api, "text", "hotel stasiun"));
        await MeasureAsync("search: three words, one rare", null, (desk, _) => SearchAsync(desk.Api, "text", "hotel stasiun manisqz"));
        await MeasureAsync("police: first page of the list", PageGoal, (desk, _) => GetAsync(desk.Police, "/api/v1/reports"));
        await MeasureAsync("police: list of a regency", PageGoal, (desk, _) => GetAsync(desk.Police, "/api/v1/reports?area=32.74"));
        await MeasureAsync("police: report", PageGoal, (desk, i) => GetAsync(desk.Police, $"/api/v1/reports/{desk.Verified[i % desk.Verified.Count]}"));
        await CrowdAsync(large.Host);

        // In turns: whatever else the machine does slows both.
        async Task MeasureAsync(string what, double? goal, Func<Desk, int, Task> call)
        {
            var times = desks.Select(_ => new List<double>()).ToArray();
            for (var i = -WarmUp; i < Runs; i++)
            {
                for (var desk = 0; desk < desks.Length; desk++)
                {
                    var start = Stopwatch.GetTimestamp();
                    await call(desks[desk], i + WarmUp);
                    times[desk].Add(i < 0 ? 0 : Stopwatch.GetElapsedTime(start).TotalMilliseconds);
                }
            }

            var measured = times.Select(t => t.Skip(WarmUp).Order().ToList()).ToArray();
            var (ratio, p99) = (measured[1][Runs / 2] / measured[0][Runs / 2], measured[1][Runs * 99 / 100]);
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"{what,-37} {Figures(measured[0])} | {Figures(measured[1])} | {ratio,5:0.00}{(goal is PageGoal && ratio > RatioGoal ? " MISSED" : ""),-7} {(goal is null ? "" : p99 < goal ? $"p99 < {goal}: met" : $"p99 < {goal}: MISSED")}"));
        }
    }

    private static string Figures(List<double> sorted) =>
        string.Create(CultureInfo.InvariantCulture, $"best {sorted[0],6:0.00} p50 {sorted[sorted.Count / 2],6:0.00} p99 {sorted[sorted.Count * 99 / 100],7:0.00} ms");

    /// <summary>A desk with so many reports, and somebody at it.</summary>
    private sealed record Desk(DeskHost Host, int Reports, HttpClient Api, HttpClient Browser, HttpClient Police, List<Guid> Some, List<Guid> Verified, string Middle) : IAsyncDisposable
    {
        public static async Task<Desk> OpenAsync(int reports)
        {
            var host = new DeskHost();
            await FillAsync(host, reports);
            var staff = await host.AddStaffAsync([StaffRoles.Moderator], twoFactor: false);
            var api = await host.SignedInAsync(staff);
            return new Desk(
                host, reports, api, await host.BrowserAsync(staff), await host.PoliceClientAsync(), await SomeAsync(host, ReportState.Received),
                await SomeAsync(host, ReportState.Verified), await MiddleAsync(api));
        }

        /// <summary>An account's name; another for each number.</summary>
        public string Handle(int i) => SeedWords.Handle((int)((i * 7919L) % Reports));

        public async ValueTask DisposeAsync()
        {
            Api.Dispose();
            Browser.Dispose();
            Police.Dispose();
            await Host.DisposeAsync();
        }
    }

    /// <summary>Reports of a state, from all over the database.</summary>
    private static Task<List<Guid>> SomeAsync(DeskHost host, ReportState state) => host.WithDatabaseAsync(async database =>
    {
        var waiting = await database.Reports.Where(r => r.State == state).Select(r => r.Id).ToListAsync();
        var random = new Random(3);
        return Enumerable.Range(0, Runs + WarmUp).Select(_ => waiting[random.Next(waiting.Count)]).ToList();
    });

    private static async Task<string> MiddleAsync(HttpClient api)
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

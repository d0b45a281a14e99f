using System.Diagnostics;
using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Microsoft.Win32.SafeHandles;

namespace ReportIntake.Benchmarks;

/// <summary>
/// The service as a whole, as it is run in earnest: real processes, Release build, real database, durable answers, screening
/// on, moderators and police at work, over loopback. Citizens come at a stated rate whatever becomes of them. Goal: 150
/// submissions a second, each with a photo of 200 KB, on two cores that the callers share.
/// </summary>
internal static class LoadBenchmark
{
    private const int GoalRate = 150, StandardSeconds = 300;

    /// <summary>How long the jobs' pace is watched after the load.</summary>
    private const int DrainSeconds = 20;

    public static void Run(int? rate) => RunAsync(LoadSettings.Of(rate, GoalRate, StandardSeconds), severalNodes: false).GetAwaiter().GetResult();

    public static void RunNodes(int? rate) => RunAsync(LoadSettings.Of(rate, GoalRate, StandardSeconds), severalNodes: true).GetAwaiter().GetResult();

    private static async Task RunAsync(LoadSettings settings, bool severalNodes)
    {
        await using var service = await LoadService.StartAsync(settings, severalNodes);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{(severalNodes ? "two web nodes and two workers behind nginx" : "one process, all roles")}, {settings.Engine}, {Environment.ProcessorCount} cores; {settings.Rate} submissions/s for {settings.Seconds} s, {settings.Decisions} decisions/s"));
        var citizens = new LoadCitizens(service.Citizens, service.Photos, service.Figures, settings);
        using var stop = new CancellationTokenSource();
        var others = new[] { service.Desk.RunAsync(stop.Token), service.Police.RunAsync(stop.Token), WatchAsync(service.Nodes, stop.Token), CompareAsync(service, stop.Token) };
        var start = Stopwatch.GetTimestamp();
        var halfway = HalfwayAsync(service, settings);
        await citizens.RunAsync();
        var (seconds, end) = (Stopwatch.GetElapsedTime(start).TotalSeconds, Spent.Of(service));
        await stop.CancelAsync();
        await Task.WhenAll(others);
        service.Figures.Print(seconds);
        PrintRates(service, settings, citizens, seconds);

        // The JIT compiler has done most of its work by then: what a submission costs in the long run.
        (await halfway).PrintUntil(end);
        await PrintLeftAsync(service);
    }

    private static async Task<Spent> HalfwayAsync(LoadService service, LoadSettings settings)
    {
        await Task.Delay(TimeSpan.FromSeconds(settings.Seconds / 2.0));
        return Spent.Of(service);
    }

    private static void PrintRates(LoadService service, LoadSettings settings, LoadCitizens citizens, double seconds)
    {
        var (rate, goal) = ((double)citizens.AcceptedInTime / settings.Seconds, Math.Min(GoalRate, settings.Rate));
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"offered {citizens.Offered}, accepted in time {citizens.AcceptedInTime}: {rate:0.0} submissions/s (goal {goal}: {(rate >= goal * 0.99 ? "met" : "MISSED")}), accepted in all {service.Figures.Count(LoadCitizens.Submission)} in {seconds:0.0} s"));
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"submission p50 {service.Figures.Percentile(LoadCitizens.Submission, 0.5) / service.Figures.Percentile(Bare, 0.5):0.0} ×, p99 {service.Figures.Percentile(LoadCitizens.Submission, 0.99) / service.Figures.Percentile(Bare, 0.99):0.0} × {Bare}"));
        foreach (var node in service.Nodes)
        {
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {node.Name,-10} peak {node.PeakMegabytes,5:0} MB, processor {node.Processor,6:0.0} s, sandboxes {node.Sandboxes,6:0.0} s"));
        }
    }

    private static async Task PrintLeftAsync(LoadService service)
    {
        var unnumbered = await service.Database.ReadAsync(async d => await d.Ledger.CountAsync(e => e.Position == null) + await d.PoliceEvents.CountAsync(e => e.Position == null));
        Console.WriteLine($"entries of ledger and feed without a number at the end: {unnumbered}");
        var (left, from) = (await service.Database.JobsAsync(), Stopwatch.GetTimestamp());
        await Task.Delay(TimeSpan.FromSeconds(DrainSeconds));
        var after = await service.Database.JobsAsync();
        var pace = (left.Values.Sum() - after.Values.Sum()) / Stopwatch.GetElapsedTime(from).TotalSeconds;
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"jobs waiting at the end: {Text(left)}; {DrainSeconds} s later: {Text(after)} ({pace:0.0} fewer a second{(pace > 0 ? $", all done in {TimeSpan.FromSeconds(after.Values.Sum() / pace):hh\\:mm\\:ss}" : "")})"));
        service.PrintDisk();
    }

    private static string Text(Dictionary<string, int> jobs) => jobs.Count == 0 ? "none" : string.Join(", ", jobs.OrderByDescending(j => j.Value).Select(j => $"{j.Value} {j.Key}"));

    public static async Task WatchAsync(IReadOnlyList<LoadNode> nodes, CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            foreach (var node in nodes)
            {
                node.Look();
            }

            await Task.Delay(500, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private const string Bare = "the same bytes written and fsynced";

    /// <summary>The comparison, under the same load on the same disk: what a photo that survives a power cut costs at least.</summary>
    private static async Task CompareAsync(LoadService service, CancellationToken stop)
    {
        var (random, path) = (new Random(), Path.Combine(service.Root, "compared"));
        while (!stop.IsCancellationRequested)
        {
            var photo = service.Photos.Next(random);
            var start = Stopwatch.GetTimestamp();
            using (SafeFileHandle file = File.OpenHandle(path, FileMode.Create, FileAccess.Write))
            {
                RandomAccess.Write(file, photo, 0);
                RandomAccess.FlushToDisk(file);
            }

            service.Figures.Took(Bare, start);
            File.Delete(path);
            await Task.Delay(250, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }
}

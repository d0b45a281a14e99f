using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;

namespace ReportIntake.Benchmarks;

/// <summary>
/// Two web nodes and two workers behind nginx under load, one of the four killed (SIGKILL) every ten seconds and started
/// again. Afterwards all that was answered must be there and all that follows from it done, once in effect.
/// </summary>
internal static class LoadKills
{
    /// <summary>Few enough that two cores screen all of it.</summary>
    private const int StandardRate = 3;

    private const int StandardSeconds = 600;
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(10);

    /// <summary>For so long nginx leaves a node alone that was away (<c>fail_timeout</c>): nobody kills the other one meanwhile.</summary>
    private static readonly TimeSpan Least = TimeSpan.FromSeconds(6);

    /// <summary>A killed worker's jobs are run elsewhere after this; the default is a minute.</summary>
    private static readonly Dictionary<string, string> Settings = new() { ["Jobs__Lease"] = "00:00:10", ["Webhooks__Timeout"] = "00:00:02", ["Webhooks__Lease"] = "00:00:05" };

    public static void Run(int? rate)
    {
        if (!RunAsync(LoadSettings.Of(rate, StandardRate, StandardSeconds)).GetAwaiter().GetResult())
        {
            Environment.ExitCode = 1;
        }
    }

    private static async Task<bool> RunAsync(LoadSettings settings)
    {
        await using var service = await LoadService.StartAsync(settings, severalNodes: true, Settings);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"two web nodes and two workers behind nginx, {settings.Engine}, {Environment.ProcessorCount} cores; {settings.Rate} submissions/s for {settings.Seconds} s, one of the four killed every {Every.TotalSeconds} s"));
        var citizens = new LoadCitizens(service.Citizens, service.Photos, service.Figures, settings);
        using var stop = new CancellationTokenSource();
        using var stopPolice = new CancellationTokenSource();
        var (desk, police) = (service.Desk.RunAsync(stop.Token), service.Police.RunAsync(stopPolice.Token));
        var (killing, watching) = (KillAsync(service.Nodes, TimeSpan.FromSeconds(settings.Seconds)), LoadBenchmark.WatchAsync(service.Nodes, stop.Token));
        var start = Stopwatch.GetTimestamp();
        await citizens.RunAsync();
        var kills = await killing;
        var seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        await stop.CancelAsync();
        await Task.WhenAll(desk, watching);

        var checks = new LoadChecks(service, citizens);
        var drained = await checks.DrainAsync(TimeSpan.FromSeconds(settings.Seconds + 120));
        await stopPolice.CancelAsync();
        await police;
        service.Figures.Print(seconds);
        foreach (var node in service.Nodes)
        {
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {node.Name,-10} killed {kills.Count(k => k == node),3} times, peak {node.PeakMegabytes,5:0} MB, processor {node.Processor,6:0.0} s, sandboxes {node.Sandboxes,6:0.0} s"));
        }

        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"offered {citizens.Offered}, answered with 201 {citizens.All.Count(s => s.ReceiptCode is not null)}, {kills.Count} kills; all jobs done {drained.TotalSeconds:0} s after the end"));
        service.PrintDisk();
        var all = await checks.AllHoldAsync();
        service.Figures.PrintFailures();
        return all;
    }

    /// <returns>Who was killed, in order.</returns>
    private static async Task<List<LoadNode>> KillAsync(List<LoadNode> nodes, TimeSpan time)
    {
        var (start, killed) = (Stopwatch.GetTimestamp(), new List<LoadNode>());
        while (true)
        {
            var wait = (Every * (killed.Count + 1)) - Stopwatch.GetElapsedTime(start);
            if (Stopwatch.GetElapsedTime(start) + wait > time)
            {
                return killed;
            }

            await Task.Delay(wait > TimeSpan.Zero ? wait : TimeSpan.Zero);
            var node = nodes[RandomNumberGenerator.GetInt32(nodes.Count)];
            await node.KillAsync();
            killed.Add(node);
            await node.StartAsync();
            await Task.Delay(Least);
        }
    }
}

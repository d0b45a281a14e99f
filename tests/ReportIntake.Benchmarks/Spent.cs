using System.Globalization;

namespace ReportIntake.Benchmarks;

/// <summary>Processor seconds spent so far, by whom, and for how many submissions.</summary>
/// <param name="Machine">All that any process spent on this machine: beside the others here that is nginx, a database server, and whoever else is at work.</param>
internal sealed record Spent(int Submissions, double Program, double Sandboxes, double Callers, double Machine)
{
    /// <summary>What Linux counts processor time in, on every architecture that .NET runs on.</summary>
    public const double TicksPerSecond = 100;

    public static Spent Of(LoadService service)
    {
        service.Nodes.ForEach(n => n.Look());

        // proc(5), /proc/stat: user, nice, system; idle and iowait are no work; irq, softirq.
        var ticks = File.ReadLines("/proc/stat").First().Split(' ', StringSplitOptions.RemoveEmptyEntries).Skip(1).Select(f => double.Parse(f, CultureInfo.InvariantCulture)).ToArray();
        return new Spent(
            service.Figures.Count(LoadCitizens.Submission),
            service.Nodes.Sum(n => n.Processor),
            service.Nodes.Sum(n => n.Sandboxes),
            Environment.CpuUsage.TotalTime.TotalSeconds,
            (ticks[0] + ticks[1] + ticks[2] + ticks[5] + ticks[6]) / TicksPerSecond);
    }

    public void PrintUntil(Spent end)
    {
        var (submissions, program, sandboxes, callers) = (Math.Max(1, end.Submissions - Submissions), end.Program - Program, end.Sandboxes - Sandboxes, end.Callers - Callers);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"in the second half, processor for each of {submissions} submissions and all that goes with it: program {1000 * program / submissions:0.0} ms, callers {1000 * callers / submissions:0.0} ms (making photos included); sandboxes {sandboxes:0.0} s, everybody else on the machine {end.Machine - Machine - program - sandboxes - callers:0.0} s; whole run: program {end.Program:0.0} s"));
    }
}

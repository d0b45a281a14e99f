using System.Diagnostics;
using System.Globalization;

namespace ReportIntake.Benchmarks;

/// <summary>Times things and prints them beside their goal and their comparison.</summary>
internal static class Measured
{
    /// <summary>The median of so many runs, milliseconds, after half a second to warm up: the JIT compiler takes its time.</summary>
    public static double Median(int runs, Action<int> run)
    {
        var warmUp = Stopwatch.GetTimestamp();
        for (var i = 0; i < runs || Stopwatch.GetElapsedTime(warmUp).TotalSeconds < 0.5; i++)
        {
            run(i % runs);
        }

        var times = new double[runs];
        for (var i = 0; i < runs; i++)
        {
            var start = Stopwatch.GetTimestamp();
            run(i);
            times[i] = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
        }

        Array.Sort(times);
        return times[runs / 2];
    }

    public static double Once(Action run)
    {
        var start = Stopwatch.GetTimestamp();
        run();
        return Stopwatch.GetElapsedTime(start).TotalMilliseconds;
    }

    /// <param name="goal">What it should stay below; null where there is no goal.</param>
    public static void Print(string what, double milliseconds, double? goal, string comparison, double compared) =>
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{what,-58} {milliseconds,10:0.000} ms  {(goal is null ? "" : milliseconds <= goal ? $"goal {goal} ms: met" : $"goal {goal} ms: MISSED"),-20} {milliseconds / compared,8:0.0000} × {comparison} ({compared:0.000} ms)"));
}

using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;

namespace ReportIntake.Benchmarks;

/// <summary>Times of each kind of call in milliseconds, and what was answered instead of a success.</summary>
internal sealed class LoadFigures
{
    private readonly ConcurrentDictionary<string, ConcurrentBag<double>> times = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, int> failures = new(StringComparer.Ordinal);

    /// <param name="from">Timestamp of when it should have begun, not of when it could: a server that stands still is seen by all who came meanwhile.</param>
    public void Took(string call, long from) => times.GetOrAdd(call, _ => []).Add(Stopwatch.GetElapsedTime(from).TotalMilliseconds);

    /// <param name="what">Status and code, or the exception's name.</param>
    public void Failed(string call, string what) => failures.AddOrUpdate($"{call}: {what}", 1, (_, n) => n + 1);

    public int Count(string call) => times.TryGetValue(call, out var of) ? of.Count : 0;

    public double Percentile(string call, double share)
    {
        var sorted = times.TryGetValue(call, out var of) ? of.Order().ToArray() : [];
        return sorted.Length == 0 ? double.NaN : sorted[Math.Min(sorted.Length - 1, (int)(sorted.Length * share))];
    }

    public void Print(double seconds)
    {
        Console.WriteLine($"{"call",-34} {"count",8} {"per s",8} {"p50 ms",9} {"p99 ms",9} {"max ms",9}");
        foreach (var call in times.Keys.Order(StringComparer.Ordinal))
        {
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"{call,-34} {Count(call),8} {Count(call) / seconds,8:0.0} {Percentile(call, 0.5),9:0.0} {Percentile(call, 0.99),9:0.0} {Percentile(call, 1),9:0.0}"));
        }

        PrintFailures();
    }

    /// <summary>Tells those since the last time.</summary>
    public void PrintFailures()
    {
        Console.WriteLine(failures.IsEmpty ? "errors: none" : "errors:");
        foreach (var (what, count) in failures.OrderByDescending(f => f.Value).Take(30))
        {
            Console.WriteLine($"  {count,6} × {what}");
        }

        failures.Clear();
    }
}

using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace ReportIntake.Web.Telemetry;

/// <summary>
/// What the program itself traces and measures, beside what ASP.NET Core does. Names, codes, counts and seconds only: nothing
/// that anybody wrote, no id, no address. Costs nothing where nobody listens.
/// </summary>
public static class Signals
{
    /// <summary>Of the activity source and the meter; the queue's gauges are on a meter of the same name.</summary>
    public const string Name = "ReportIntake";

    private static readonly Meter Meter = new(Name);

    /// <summary>Seconds. A photo takes about one, a long video minutes.</summary>
    private static readonly Histogram<double> Screening = Seconds(
        "reportintake.screening.duration", "Time to screen one file, without the wait for a free sandbox", [0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 900, 3600]);

    /// <summary>Seconds. The police wait for nothing longer than for an immediate report: 15 minutes in all.</summary>
    private static readonly Histogram<double> Delivery = Seconds(
        "reportintake.delivery.lag", "Time from what happened until a webhook's receiver had it", [0.5, 1, 2.5, 5, 15, 60, 300, 900, 3600, 21600, 86400]);

    public static ActivitySource Traces { get; } = new(Name);

    /// <param name="outcome"><c>rendered</c>, or why the file was refused, as a code.</param>
    public static void Screened(TimeSpan took, string outcome) => Screening.Record(took.TotalSeconds, new KeyValuePair<string, object?>("outcome", outcome));

    public static void Delivered(TimeSpan lag) => Delivery.Record(Math.Max(0, lag.TotalSeconds));

    private static Histogram<double> Seconds(string name, string description, IReadOnlyList<double> bounds) =>
        Meter.CreateHistogram(name, "s", description, tags: null, new InstrumentAdvice<double> { HistogramBucketBoundaries = bounds });
}

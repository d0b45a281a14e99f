using System.Diagnostics.Metrics;
using ReportIntake.Domain;

namespace ReportIntake.Web.Features.Moderation.ReviewQueue;

/// <summary>The queue as metrics of the meter <c>ReportIntake</c>, by tier: how many wait, since when, how many are overdue. Numbers only, of the newest count.</summary>
public sealed class QueueMetrics : IDisposable
{
    public const string MeterName = "ReportIntake";

    private readonly Meter meter;
    private readonly Instrument[] instruments;

    public QueueMetrics(IMeterFactory meters, QueueCounter counter, TimeProvider clock)
    {
        meter = meters.Create(MeterName);
        instruments =
        [
            meter.CreateObservableGauge("reportintake.queue.depth", () => Measure(counter, t => t.Waiting), "{report}", "Reports that wait to be taken"),
            meter.CreateObservableGauge("reportintake.queue.overdue", () => Measure(counter, t => t.Overdue), "{report}", "Reports with the moderators whose time is up"),
            meter.CreateObservableGauge(
                "reportintake.queue.oldest_age",
                () => Measure(counter, t => t.OldestAt is { } at ? Math.Max(0, (clock.GetUtcNow() - at).TotalSeconds) : 0), "s", "Age of the waiting report that is due first"),
        ];
    }

    /// <summary>Whether anybody measures: otherwise the queue is not counted for it.</summary>
    public bool AreRead => Array.Exists(instruments, i => i.Enabled);

    public void Dispose() => meter.Dispose();

    private static IEnumerable<Measurement<T>> Measure<T>(QueueCounter counter, Func<QueueCounts.OfTier, T> value) where T : struct =>
        counter.Last?.Tiers.Select(t => new Measurement<T>(value(t), new KeyValuePair<string, object?>("tier", t.Tier.Name()))) ?? [];
}

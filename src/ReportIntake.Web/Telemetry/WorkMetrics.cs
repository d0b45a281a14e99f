using System.Diagnostics.Metrics;
using Microsoft.EntityFrameworkCore;
using ReportIntake.Domain;
using ReportIntake.Web.Jobs;
using ReportIntake.Web.Persistence;

namespace ReportIntake.Web.Telemetry;

/// <summary>How far behind the work is, as metrics: jobs of the outbox by urgency, and the feed's publishing. Read from the database once in a while, and only where somebody measures.</summary>
public sealed partial class WorkMetrics : BackgroundService
{
    /// <summary>No more often than anybody collects.</summary>
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(10);

    private readonly IServiceScopeFactory scopes;
    private readonly TimeProvider clock;
    private readonly ILogger<WorkMetrics> logger;
    private readonly Meter meter;
    private readonly Instrument[] instruments;
    private volatile Numbers? last;

    public WorkMetrics(IMeterFactory meters, IServiceScopeFactory scopes, TimeProvider clock, ILogger<WorkMetrics> logger)
    {
        (this.scopes, this.clock, this.logger, meter) = (scopes, clock, logger, meters.Create(Signals.Name));
        instruments =
        [
            meter.CreateObservableGauge("reportintake.outbox.depth", () => ByUrgency(j => j.Count), "{job}", "Jobs that are due or under way"),
            meter.CreateObservableGauge("reportintake.outbox.oldest_age", () => ByUrgency(j => Age(j.Oldest)), "s", "How long the oldest of these has been due"),
            meter.CreateObservableGauge("reportintake.outbox.dead", () => Of(n => n.Dead), "{job}", "Jobs that were given up"),
            meter.CreateObservableGauge("reportintake.feed.unpublished_age", () => Of(n => Age(n.Unpublished)), "s", "Age of the oldest event that the police cannot read yet"),
        ];
    }

    public override void Dispose()
    {
        meter.Dispose();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            if (Array.Exists(instruments, i => i.Enabled))
            {
                await CountAsync(stoppingToken);
            }

            await Task.Delay(last is null ? TimeSpan.FromSeconds(1) : Every, clock, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task CountAsync(CancellationToken cancellationToken)
    {
        try
        {
            await using var scope = scopes.CreateAsyncScope();
            var database = scope.ServiceProvider.GetRequiredService<ReportIntakeDbContext>();
            var now = clock.GetUtcNow();
            var due = await database.Jobs.Where(j => !j.Dead && j.RunAt <= now).GroupBy(j => j.Urgency)
                .Select(g => new OfUrgency(g.Key, g.Count(), (DateTimeOffset?)g.Min(j => j.RunAt))).ToListAsync(cancellationToken);
            last = new Numbers(
                [.. Enum.GetValues<JobUrgency>().Select(u => due.Find(d => d.Urgency == u) ?? new OfUrgency(u, 0, null))],
                await database.Jobs.CountAsync(j => j.Dead, cancellationToken),
                await database.PoliceEvents.Where(e => e.Position == null).OrderBy(e => e.At).Select(e => (DateTimeOffset?)e.At).FirstOrDefaultAsync(cancellationToken));
        }
#pragma warning disable CA1031 // the database may be away for a while: the last numbers stay, and it is asked again
        catch (Exception failure) when (failure is not OperationCanceledException)
#pragma warning restore CA1031
        {
            LogFailed(logger, failure);
        }
        catch (OperationCanceledException)
        {
            // The program stops.
        }
    }

    private IEnumerable<Measurement<T>> ByUrgency<T>(Func<OfUrgency, T> value) where T : struct =>
        last?.Due.Select(d => new Measurement<T>(value(d), new KeyValuePair<string, object?>("urgency", d.Urgency.Name()))) ?? [];

    private IEnumerable<Measurement<T>> Of<T>(Func<Numbers, T> value) where T : struct => last is { } numbers ? [new Measurement<T>(value(numbers))] : [];

    private double Age(DateTimeOffset? since) => since is { } at ? Math.Max(0, (clock.GetUtcNow() - at).TotalSeconds) : 0;

    [LoggerMessage(Level = LogLevel.Warning, Message = "The work that waits could not be counted")]
    private static partial void LogFailed(ILogger logger, Exception failure);

    private sealed record OfUrgency(JobUrgency Urgency, int Count, DateTimeOffset? Oldest);

    private sealed record Numbers(IReadOnlyList<OfUrgency> Due, int Dead, DateTimeOffset? Unpublished);
}

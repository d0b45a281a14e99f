using System.Diagnostics.Metrics;
using Microsoft.EntityFrameworkCore;
using ReportIntake.Domain;
using ReportIntake.Web.Jobs;
using ReportIntake.Web.Persistence;

namespace ReportIntake.Web.Telemetry;

/// <summary>How far behind the work is, as metrics: jobs of the outbox by urgency, and the feed's publishing.</summary>
public sealed class WorkMetrics : PolledMetrics
{
    private readonly TimeProvider clock;
    private volatile Numbers? last;

    public WorkMetrics(IMeterFactory meters, IServiceScopeFactory scopes, TimeProvider clock, ILogger<WorkMetrics> logger)
        : base(meters, scopes, clock, logger)
    {
        this.clock = clock;
        Gauge("reportintake.outbox.depth", () => ByUrgency(j => j.Count), "{job}", "Jobs that are due or under way");
        Gauge("reportintake.outbox.oldest_age", () => ByUrgency(j => Age(j.Oldest)), "s", "How long the oldest of these has been due");
        Gauge("reportintake.outbox.dead", () => Of(n => n.Dead), "{job}", "Jobs that were given up");
        Gauge("reportintake.feed.unpublished_age", () => Of(n => Age(n.Unpublished)), "s", "Age of the oldest event that the police cannot read yet");
    }

    protected override async Task ReadAsync(ReportIntakeDbContext database, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var due = await database.Jobs.Where(j => !j.Dead && j.RunAt <= now).GroupBy(j => j.Urgency)
            .Select(g => new OfUrgency(g.Key, g.Count(), (DateTimeOffset?)g.Min(j => j.RunAt))).ToListAsync(cancellationToken);
        last = new Numbers(
            [.. Enum.GetValues<JobUrgency>().Select(u => due.Find(d => d.Urgency == u) ?? new OfUrgency(u, 0, null))],
            await database.Jobs.CountAsync(j => j.Dead, cancellationToken),
            await database.PoliceEvents.Where(e => e.Position == null).OrderBy(e => e.At).Select(e => (DateTimeOffset?)e.At).FirstOrDefaultAsync(cancellationToken));
    }

    private IEnumerable<Measurement<T>> ByUrgency<T>(Func<OfUrgency, T> value) where T : struct =>
        last?.Due.Select(d => new Measurement<T>(value(d), new KeyValuePair<string, object?>("urgency", d.Urgency.Name()))) ?? [];

    private IEnumerable<Measurement<T>> Of<T>(Func<Numbers, T> value) where T : struct => last is { } numbers ? [new Measurement<T>(value(numbers))] : [];

    private double Age(DateTimeOffset? since) => since is { } at ? Math.Max(0, (clock.GetUtcNow() - at).TotalSeconds) : 0;

    private sealed record OfUrgency(JobUrgency Urgency, int Count, DateTimeOffset? Oldest);

    private sealed record Numbers(IReadOnlyList<OfUrgency> Due, int Dead, DateTimeOffset? Unpublished);
}

using System.Diagnostics.Metrics;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using ReportIntake.Domain.Exposure;
using ReportIntake.Web.Persistence;
using ReportIntake.Web.Telemetry;

namespace ReportIntake.Web.Features.Moderation.Exposure;

/// <summary>
/// How much of the evidence the whole desk has looked at since midnight (WIB), and how many people may or should look at no
/// more. Sums and counts alone: who looked is for supervisors, at <c>/staff/exposure</c>, and never leaves as a metric.
/// </summary>
public sealed class ExposureMetrics : PolledMetrics
{
    private readonly IOptions<ExposureOptions> options;
    private volatile Numbers? last;

    public ExposureMetrics(IMeterFactory meters, IServiceScopeFactory scopes, IOptions<ExposureOptions> options, TimeProvider clock, ILogger<ExposureMetrics> logger)
        : base(meters, scopes, clock, logger)
    {
        this.options = options;
        Gauge("reportintake.exposure.reveals", () => Of(n => n.Reveals), "{file}", "Files that were revealed today, each once for each person");
        Gauge("reportintake.exposure.viewing", () => Of(n => n.Seconds), "s", "Time today with evidence on somebody's screen");
        Gauge("reportintake.exposure.budgets_exhausted", () => Of(n => n.Exhausted), "{person}", "People who have used up today's budget");
        Gauge("reportintake.exposure.breaks_required", () => Of(n => n.Breaks), "{person}", "People who are shown nothing until they have had a break");
    }

    protected override async Task ReadAsync(ReportIntakeDbContext database, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var today = ExposureDay.DayOf(now);
        var limits = options.Value.Limits();
        var days = await database.Set<ExposureDay>().AsNoTracking().Where(d => d.Day == today).ToListAsync(cancellationToken);
        var loads = days.ConvertAll(d => d.LoadAt(limits, now));
        last = new Numbers(
            days.Sum(d => d.Reveals),
            days.Sum(d => d.ViewedAt(now).TotalSeconds),
            loads.Count(l => l.RevealsLeft == 0 || l.MinutesLeft == 0),
            loads.Count(l => l.BreakUntil is not null));
    }

    private IEnumerable<Measurement<T>> Of<T>(Func<Numbers, T> value) where T : struct => last is { } numbers ? [new Measurement<T>(value(numbers))] : [];

    private sealed record Numbers(int Reveals, double Seconds, int Exhausted, int Breaks);
}

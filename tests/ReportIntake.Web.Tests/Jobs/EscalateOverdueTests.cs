using System.Diagnostics.Metrics;
using Microsoft.EntityFrameworkCore;
using ReportIntake.Web.Features.Moderation.ReviewQueue;
using ReportIntake.Web.Jobs;

namespace ReportIntake.Web.Tests.Jobs;

public sealed class EscalateOverdueTests
{
    [Fact]
    public async Task Execute_TimeIsUp_EscalatesOnceInTheLedgerAndTheMetrics()
    {
        await using var host = new JobsHost { Quiet = true };
        var late = await host.AddReportAsync();
        host.Clock.Advance(TimeSpan.FromDays(30));
        var fresh = await host.AddReportAsync();

        await host.RunAsync<EscalateOverdue>();
        await host.RunAsync<EscalateOverdue>();

        var entries = await host.WithDatabaseAsync(d => d.Ledger.AsNoTracking().Where(e => e.Action == "report_overdue").ToListAsync());
        Assert.Equal([late], entries.Select(e => e.ReportId));
        var states = await host.WithDatabaseAsync(d => d.Reports.AsNoTracking().ToDictionaryAsync(r => r.Id, r => r.EscalatedAt));
        Assert.NotNull(states[late]);
        Assert.Null(states[fresh]);
        await host.Get<QueueCounter>().CountAsync(CancellationToken.None);
        var metrics = Measured(host);
        Assert.Equal((2, 1, 0), (metrics[("reportintake.queue.depth", "non_urgent")], metrics[("reportintake.queue.overdue", "non_urgent")], metrics[("reportintake.queue.depth", "immediate")]));
        Assert.True(metrics[("reportintake.queue.oldest_age", "non_urgent")] > TimeSpan.FromDays(29).TotalSeconds);
    }

    private static Dictionary<(string Instrument, string? Tier), double> Measured(JobsHost host)
    {
        var measured = new Dictionary<(string, string?), double>();
        var factory = host.Get<IMeterFactory>();
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, l) =>
            {
                if (instrument.Meter.Name == QueueMetrics.MeterName && instrument.Meter.Scope == factory)
                {
                    l.EnableMeasurementEvents(instrument);
                }
            },
        };
        listener.SetMeasurementEventCallback<int>((i, value, tags, _) => measured[(i.Name, tags[0].Value as string)] = value);
        listener.SetMeasurementEventCallback<double>((i, value, tags, _) => measured[(i.Name, tags[0].Value as string)] = value);
        _ = host.Get<QueueMetrics>();
        listener.Start();
        listener.RecordObservableInstruments();
        return measured;
    }
}

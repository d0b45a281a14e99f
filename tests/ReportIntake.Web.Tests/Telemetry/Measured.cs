using System.Collections.Concurrent;
using System.Diagnostics.Metrics;

namespace ReportIntake.Web.Tests.Telemetry;

/// <summary>Listens as an exporter would: to one host's gauges, or to an instrument that the whole process shares.</summary>
internal sealed class Measured : IDisposable
{
    private readonly MeterListener listener = new();
    private readonly ConcurrentQueue<(string Name, double Value)> values = new();

    /// <param name="listens">Which instruments.</param>
    public Measured(Func<Instrument, bool> listens)
    {
        listener.InstrumentPublished = (instrument, l) =>
        {
            if (listens(instrument))
            {
                l.EnableMeasurementEvents(instrument);
            }
        };
        listener.SetMeasurementEventCallback<int>((i, value, _, _) => values.Enqueue((i.Name, value)));
        listener.SetMeasurementEventCallback<double>((i, value, _, _) => values.Enqueue((i.Name, value)));
        listener.Start();
    }

    public IEnumerable<double> Of(string name) => values.Where(v => v.Name == name).Select(v => v.Value);

    /// <summary>Asks the gauges until each of them has said something; gives up after half a minute.</summary>
    public async Task<IReadOnlyList<double>> ReadAsync(params string[] names)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (true)
        {
            values.Clear();
            listener.RecordObservableInstruments();
            if (names.All(n => Of(n).Any()))
            {
                return [.. names.Select(n => Of(n).Single())];
            }

            await Task.Delay(50, patience.Token);
        }
    }

    public void Dispose() => listener.Dispose();
}

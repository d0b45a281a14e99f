using System.Diagnostics.Metrics;
using ReportIntake.Web.Persistence;

namespace ReportIntake.Web.Telemetry;

/// <summary>Gauges of what the database says, read once in a while and only where somebody measures. Every node tells the same numbers: take the maximum, never the sum.</summary>
public abstract partial class PolledMetrics : BackgroundService
{
    /// <summary>No more often than anybody collects.</summary>
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(10);

    private readonly IServiceScopeFactory scopes;
    private readonly TimeProvider clock;
    private readonly ILogger logger;
    private readonly List<Instrument> instruments = [];

    protected PolledMetrics(IMeterFactory meters, IServiceScopeFactory scopes, TimeProvider clock, ILogger logger) =>
        (this.scopes, this.clock, this.logger, Meter) = (scopes, clock, logger, meters.Create(Signals.Name));

    private Meter Meter { get; }

    public override void Dispose()
    {
        Meter.Dispose();
        base.Dispose();
        GC.SuppressFinalize(this);
    }

    protected void Gauge<T>(string name, Func<IEnumerable<Measurement<T>>> values, string unit, string description) where T : struct =>
        instruments.Add(Meter.CreateObservableGauge(name, values, unit, description));

    /// <summary>Reads what the gauges tell until the next time.</summary>
    protected abstract Task ReadAsync(ReportIntakeDbContext database, DateTimeOffset now, CancellationToken cancellationToken);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            var read = instruments.Exists(i => i.Enabled) && await TryReadAsync(stoppingToken);
            await Task.Delay(read ? Every : TimeSpan.FromSeconds(1), clock, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task<bool> TryReadAsync(CancellationToken cancellationToken)
    {
        try
        {
            await using var scope = scopes.CreateAsyncScope();
            await ReadAsync(scope.ServiceProvider.GetRequiredService<ReportIntakeDbContext>(), clock.GetUtcNow(), cancellationToken);
        }
#pragma warning disable CA1031 // the database may be away for a while: the last numbers stay, and it is asked again
        catch (Exception failure) when (failure is not OperationCanceledException)
#pragma warning restore CA1031
        {
            LogFailed(logger, failure);
        }
        catch (OperationCanceledException)
        {
            return false; // the program stops
        }

        return true;
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "What the metrics tell could not be read")]
    private static partial void LogFailed(ILogger logger, Exception failure);
}

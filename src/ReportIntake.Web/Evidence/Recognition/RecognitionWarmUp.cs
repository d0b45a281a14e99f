using ReportIntake.Web.Persistence;

namespace ReportIntake.Web.Evidence.Recognition;

/// <summary>Loads both indexes when the program has started and keeps them fresh, so that no job waits for millions of rows.</summary>
public sealed partial class RecognitionWarmUp(
    IServiceScopeFactory scopes, KnownHashes known, EarlierEvidence earlier, IHostApplicationLifetime lifetime, ILogger<RecognitionWarmUp> logger) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(30);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // The schema is up to date only when the program has started.
        var started = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var registration = lifetime.ApplicationStarted.Register(() => started.TrySetResult());
        await started.Task.WaitAsync(stoppingToken);
        using var timer = new PeriodicTimer(Interval);
        do
        {
            try
            {
                await using var scope = scopes.CreateAsyncScope();
                var database = scope.ServiceProvider.GetRequiredService<ReportIntakeDbContext>();
                await known.CurrentAsync(database, stoppingToken);
                await earlier.CurrentAsync(database, stoppingToken);
            }
            catch (Exception failure) when (failure is not OperationCanceledException)
            {
                // Jobs load for themselves; this is only earlier.
                LogNotLoaded(logger, failure);
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The recognition indexes could not be refreshed now")]
    private static partial void LogNotLoaded(ILogger logger, Exception failure);
}

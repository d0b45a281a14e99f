using Hangfire;
using Hangfire.AspNetCore;
using Hangfire.Common;
using Hangfire.Logging;
using Hangfire.States;
using Microsoft.Extensions.Options;
using LogLevel = Microsoft.Extensions.Logging.LogLevel;

namespace ReportIntake.Web.Jobs.Hangfire;

/// <summary>
/// Hands due outbox rows to Hangfire's queues, and serves the queues. Every worker does both; none leads. The rows stay
/// the truth: whatever Hangfire loses is handed over again, whatever it repeats finds nothing to do.
/// </summary>
public sealed partial class HangfireEngine(
    IServiceProvider services, HandOvers rows, OutboxSignal signal, IOptions<JobsOptions> options, ILoggerFactory loggers, ILogger<HangfireEngine> logger)
    : BackgroundService
{
    /// <summary>Entries of one queue, beyond which rows wait in the outbox: long enough for every worker, short enough for reservations to hold.</summary>
    private const int QueueLength = 100;

    /// <summary>Beyond the drain, for Hangfire to take its workers down.</summary>
    private static readonly TimeSpan Farewell = TimeSpan.FromSeconds(3);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // The one thing of Hangfire's that is the process's and not the host's: it must not outlive the factory.
        LogProvider.SetCurrentLogProvider(new AspNetCoreLogProvider(loggers));
        try
        {
            await ServeAsync(stoppingToken);
        }
        finally
        {
            LogProvider.SetCurrentLogProvider(null);
        }
    }

    private async Task ServeAsync(CancellationToken stoppingToken)
    {
        var storage = services.GetRequiredService<JobStorage>();
        var client = services.GetRequiredService<IBackgroundJobClient>();

        // What takes milliseconds has workers of its own: else photos under way would hold up every assessment behind them.
        using var pressing = new BackgroundJobServer(ServerOptions(JobUrgency.Delivery, JobUrgency.Assessment), storage);
        using var slow = new BackgroundJobServer(ServerOptions(JobUrgency.UrgentScreening, JobUrgency.Housekeeping), storage);
        try
        {
            while (true)
            {
                var wake = signal.Next;
                await HandOverAsync(storage, client, stoppingToken);
                await Signal.WaitAsync(wake, options.Value.Poll, stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            pressing.SendStop();
            slow.SendStop();
            await Task.WhenAll(pressing.WaitForShutdownAsync(CancellationToken.None), slow.WaitForShutdownAsync(CancellationToken.None));
        }
    }

    private BackgroundJobServerOptions ServerOptions(JobUrgency first, JobUrgency last) => new()
    {
        WorkerCount = options.Value.Concurrency,
        Queues = [.. Enum.GetValues<JobUrgency>().Where(u => u >= first && u <= last).Select(OutboxStates.QueueOf)],
        SchedulePollingInterval = options.Value.Poll,

        // When it stops: takes nothing new, lets jobs run this long, cancels them (they are given back), and ends.
        StopTimeout = options.Value.Drain,
        ShutdownTimeout = options.Value.Drain + Farewell,
        FilterProvider = services.GetRequiredService<IJobFilterProvider>(),
        Activator = new AspNetCoreJobActivator(services.GetRequiredService<IServiceScopeFactory>()),
    };

    private async Task HandOverAsync(JobStorage storage, IBackgroundJobClient client, CancellationToken cancellationToken)
    {
        try
        {
            foreach (var urgency in await rows.DueAsync(cancellationToken))
            {
                var room = QueueLength - (int)storage.GetMonitoringApi().EnqueuedCount(OutboxStates.QueueOf(urgency));
                if (room > 0)
                {
                    await HandOverAsync(client, urgency, room);
                }
            }
        }
        catch (Exception failure) when (!cancellationToken.IsCancellationRequested)
        {
            // The database is away: the next poll asks again.
            LogUnavailable(logger, failure);
        }
    }

    private async Task HandOverAsync(IBackgroundJobClient client, JobUrgency urgency, int count)
    {
        // Not cancelled half-way: what was reserved would lie until the reservation runs out.
        var reserved = await rows.ReserveAsync(urgency, count, CancellationToken.None);
        for (var i = 0; i < reserved.Count; i++)
        {
            var (type, id, reservation) = (reserved[i].Type, reserved[i].Id, reserved[i].LeasedBy!.Value);
            try
            {
                client.Create(
                    Job.FromExpression<RunOutboxJob>(job => job.RunAsync(type, urgency, id, reservation, null, CancellationToken.None)),
                    new EnqueuedState(OutboxStates.QueueOf(urgency)));
            }
            catch
            {
                await rows.ReleaseAsync(reservation, [.. reserved.Skip(i).Select(j => j.Id)]);
                throw;
            }
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "Jobs cannot be handed to Hangfire now")]
    private static partial void LogUnavailable(ILogger logger, Exception failure);
}

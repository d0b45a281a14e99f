using Microsoft.Extensions.Options;
using ReportIntake.Web.Persistence.Outbox;

namespace ReportIntake.Web.Jobs.Embedded;

/// <summary>
/// Runs outbox jobs in this process, a few at a time. Several nodes may run it on one database; a killed one's jobs are
/// run by another when their leases have run out. Stopping takes nothing new and lets what runs end.
/// </summary>
/// <remarks>What takes milliseconds has places of its own: else two photos under way would hold up every assessment behind them.</remarks>
public sealed partial class EmbeddedEngine(
    OutboxLeases leases, OutboxRunner runner, OutboxSignal signal, IOptions<JobsOptions> options, ILogger<EmbeddedEngine> logger)
    : BackgroundService
{
    private readonly List<Task> running = [];
    private readonly Lane[] lanes =
    [
        new(JobUrgency.Delivery, JobUrgency.Assessment, options.Value.Concurrency),
        new(JobUrgency.UrgentScreening, JobUrgency.Housekeeping, options.Value.Concurrency),
    ];

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var cutOff = new CancellationTokenSource();
        try
        {
            while (true)
            {
                var wake = signal.Next;
                var taken = 0;
                foreach (var lane in lanes)
                {
                    taken += await TakeAsync(lane, cutOff.Token, stoppingToken);
                }

                if (taken == 0)
                {
                    await Signal.WaitAsync(wake, options.Value.Poll, stoppingToken);
                }
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            cutOff.CancelAfter(options.Value.Drain);
            await Task.WhenAll(running);
        }
    }

    private async Task<int> TakeAsync(Lane lane, CancellationToken cutOff, CancellationToken stopping)
    {
        stopping.ThrowIfCancellationRequested();
        running.RemoveAll(t => t.IsCompleted);
        if (lane.Free == 0)
        {
            return 0;
        }

        try
        {
            // Not cancelled half-way: what was taken would lie until its lease runs out.
            var taken = await leases.TakeAsync(lane.Free, CancellationToken.None, lane.First, lane.Last);
            lane.Add(-taken.Count);
            running.AddRange(taken.Select(job => Task.Run(() => RunAsync(job, lane, cutOff), CancellationToken.None)));
            return taken.Count;
        }
        catch (Exception failure)
        {
            // The database is away: the next poll asks again.
            LogUnavailable(logger, failure);
            return 0;
        }
    }

    private async Task RunAsync(OutboxJob job, Lane lane, CancellationToken cutOff)
    {
        try
        {
            await runner.RunAsync(job, cutOff);
        }
        catch (Exception failure)
        {
            LogUnavailable(logger, failure);
        }

        lane.Add(1);
        signal.Set();
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "The jobs cannot be reached in the database")]
    private static partial void LogUnavailable(ILogger logger, Exception failure);

    /// <summary>Jobs of some urgencies, and how many of them may run.</summary>
    private sealed class Lane(JobUrgency first, JobUrgency last, int places)
    {
        private int free = places;

        public JobUrgency First => first;

        public JobUrgency Last => last;

        public int Free => Volatile.Read(ref free);

        public void Add(int count) => Interlocked.Add(ref free, count);
    }
}

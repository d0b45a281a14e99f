using Microsoft.Extensions.Options;
using ReportIntake.Web.Persistence.Outbox;

namespace ReportIntake.Web.Jobs.Embedded;

/// <summary>
/// Runs outbox jobs in this process, a few at a time. Several nodes may run it on one database; a killed one's jobs are
/// run by another when their leases have run out. Stopping takes nothing new and lets what runs end.
/// </summary>
public sealed partial class EmbeddedEngine(
    OutboxLeases leases, OutboxRunner runner, OutboxSignal signal, IOptions<JobsOptions> options, ILogger<EmbeddedEngine> logger)
    : BackgroundService
{
    private readonly List<Task> running = [];
    private int free;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        free = options.Value.Concurrency;
        using var cutOff = new CancellationTokenSource();
        try
        {
            while (true)
            {
                var wake = signal.Next;
                if (await TakeAsync(cutOff.Token, stoppingToken) == 0)
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

    private async Task<int> TakeAsync(CancellationToken cutOff, CancellationToken stopping)
    {
        stopping.ThrowIfCancellationRequested();
        running.RemoveAll(t => t.IsCompleted);
        if (Volatile.Read(ref free) == 0)
        {
            return 0;
        }

        try
        {
            // Not cancelled half-way: what was taken would lie until its lease runs out.
            var taken = await leases.TakeAsync(Volatile.Read(ref free), CancellationToken.None);
            Interlocked.Add(ref free, -taken.Count);
            running.AddRange(taken.Select(job => Task.Run(() => RunAsync(job, cutOff), CancellationToken.None)));
            return taken.Count;
        }
        catch (Exception failure)
        {
            // The database is away: the next poll asks again.
            LogUnavailable(logger, failure);
            return 0;
        }
    }

    private async Task RunAsync(OutboxJob job, CancellationToken cutOff)
    {
        try
        {
            await runner.RunAsync(job, cutOff);
        }
        catch (Exception failure)
        {
            LogUnavailable(logger, failure);
        }

        Interlocked.Increment(ref free);
        signal.Set();
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "The jobs cannot be reached in the database")]
    private static partial void LogUnavailable(ILogger logger, Exception failure);
}

using Microsoft.EntityFrameworkCore;
using ReportIntake.Web.Persistence;
using ReportIntake.Web.Persistence.Outbox;

namespace ReportIntake.Web.Jobs.Embedded;

/// <summary>
/// Turns what is due in <see cref="RecurringJobs"/> into an outbox row. Every node looks; the one whose conditional update
/// moves the due time on writes the row, in the same transaction. No second run is queued while one waits or runs.
/// </summary>
public sealed partial class RecurringScheduler(
    RecurringJobs jobs, IServiceScopeFactory scopes, OutboxSignal signal, TimeProvider clock, ILogger<RecurringScheduler> logger)
    : BackgroundService
{
    private static readonly TimeSpan Look = TimeSpan.FromSeconds(5);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await QueueDueAsync(jobs.Schedules, stoppingToken);
            }
            catch (Exception) when (stoppingToken.IsCancellationRequested)
            {
                return; // SqlClient tells by an error of its own that a command was stopped
            }
            catch (Exception failure)
            {
                LogUnavailable(logger, failure);
            }

            await Task.Delay(Look, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>Queues each schedule that is due; returns how many.</summary>
    public async Task<int> QueueDueAsync(IReadOnlyList<RecurringSchedule> schedules, CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var database = scope.ServiceProvider.GetRequiredService<ReportIntakeDbContext>();
        var known = await database.RecurringRuns.AsNoTracking().ToDictionaryAsync(r => r.Job, r => r.NextAt, cancellationToken);
        var queued = 0;
        foreach (var schedule in schedules)
        {
            if (!known.TryGetValue(schedule.Job, out var nextAt))
            {
                nextAt = await AddAsync(database, schedule.Job, cancellationToken);
            }

            if (nextAt <= clock.GetUtcNow())
            {
                queued += await QueueAsync(database, schedule, cancellationToken) ? 1 : 0;
            }
        }

        if (queued > 0)
        {
            signal.Set();
        }

        return queued;
    }

    private Task<bool> QueueAsync(ReportIntakeDbContext database, RecurringSchedule schedule, CancellationToken cancellationToken) =>
        database.Database.CreateExecutionStrategy().ExecuteAsync(async () =>
        {
            database.ChangeTracker.Clear();
            await using var transaction = await database.Database.BeginTransactionAsync(cancellationToken);
            var now = clock.GetUtcNow();
            var next = now + schedule.Interval;
            var moved = await database.RecurringRuns.Where(r => r.Job == schedule.Job && r.NextAt <= now)
                .ExecuteUpdateAsync(row => row.SetProperty(r => r.NextAt, next), cancellationToken);
            if (moved == 0)
            {
                return false;
            }

            // A run that died is replaced by this one, so that dead rows do not pile up.
            await database.Jobs.Where(j => j.Type == schedule.Job && j.Dead).ExecuteDeleteAsync(cancellationToken);
            var waiting = await database.Jobs.AnyAsync(j => j.Type == schedule.Job, cancellationToken);
            if (!waiting)
            {
                database.Jobs.Add(OutboxJob.ForRecurring(schedule.Job, now));
                await database.SaveChangesAsync(cancellationToken);
            }

            await transaction.CommitAsync(CancellationToken.None);
            return !waiting;
        });

    private async Task<DateTimeOffset> AddAsync(ReportIntakeDbContext database, string job, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        database.RecurringRuns.Add(new RecurringRun { Job = job, NextAt = now });
        try
        {
            await database.SaveChangesAsync(cancellationToken);
        }
        catch (DbUpdateException)
        {
            // Most likely another node added it in the same moment; if not, the update finds no row and nothing is queued.
            database.ChangeTracker.Clear();
        }

        return now;
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "The recurring jobs cannot be queued now")]
    private static partial void LogUnavailable(ILogger logger, Exception failure);
}

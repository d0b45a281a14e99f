using Microsoft.EntityFrameworkCore;
using ReportIntake.Domain.Reports;
using ReportIntake.Web.Evidence;
using ReportIntake.Web.Persistence;

namespace ReportIntake.Web.Jobs;

/// <summary>
/// Tells the outside of decisions that can no longer be undone: feed, visibility to the police, the reporter's receipt and a
/// duplicate's files change in one transaction. No outbox job, because those end after too many failures, and no verified
/// report may stay here for ever. Safe on several nodes: of two, one changes the row.
/// </summary>
public sealed partial class ReleaseDecisions(IServiceScopeFactory scopes, OutboxSignal signal, TimeProvider clock, ILogger<ReleaseDecisions> logger) : BackgroundService
{
    private const int Batch = 100;

    /// <summary>A decision is released this much after its time at the latest, while there are fewer than a batch.</summary>
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan PauseAfterFailure = TimeSpan.FromSeconds(1);

    /// <summary>Releases what is due. False where something failed and is tried again later.</summary>
    public async Task<bool> ReleaseDueAsync(CancellationToken cancellationToken)
    {
        var whole = true;
        foreach (var id in await DueAsync(cancellationToken))
        {
            try
            {
                await ReleaseAsync(id, cancellationToken);
                signal.Set();
            }
            catch (DbUpdateConcurrencyException)
            {
                // Undone, released or changed by somebody else at this moment: the next look finds what is left to do.
            }
            catch (Exception failure) when (!cancellationToken.IsCancellationRequested)
            {
                LogFailed(logger, id, failure);
                whole = false;
            }
        }

        return whole;
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            var pause = Poll;
            try
            {
                pause = await ReleaseDueAsync(stoppingToken) ? Poll : PauseAfterFailure;
            }
            catch (Exception) when (stoppingToken.IsCancellationRequested)
            {
                return; // SqlClient tells by an error of its own that a command was stopped
            }
            catch (Exception failure)
            {
                LogUnavailable(logger, failure);
                pause = PauseAfterFailure;
            }

            await Task.Delay(pause, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task<List<Guid>> DueAsync(CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var now = clock.GetUtcNow();
        return await scope.ServiceProvider.GetRequiredService<ReportIntakeDbContext>().Reports
            .Where(r => r.UndoUntil <= now).OrderBy(r => r.UndoUntil).Select(r => r.Id).Take(Batch).ToListAsync(cancellationToken);
    }

    private async Task ReleaseAsync(Guid id, CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var database = scope.ServiceProvider.GetRequiredService<ReportIntakeDbContext>();
        if (await database.Reports.FindAsync([id], cancellationToken) is not { Held.Decided: var decided } report)
        {
            return;
        }

        var now = clock.GetUtcNow();
        if (!report.TellOutside(now).IsSuccess)
        {
            return;
        }

        if (decided.Action is ReportAction.MarkedDuplicate)
        {
            var canonical = await database.Reports.SingleAsync(r => r.Id == report.CanonicalReportId, cancellationToken);
            canonical.ReceiveDuplicate(report, decided.Actor, now);
            await DuplicateEvidence.MoveToCanonicalAsync(database, report, cancellationToken);
        }

        await database.SaveChangesAsync(cancellationToken);
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "The decision on report {Report} cannot be released now")]
    private static partial void LogFailed(ILogger logger, Guid report, Exception failure);

    [LoggerMessage(Level = LogLevel.Error, Message = "Decisions that are due to be released cannot be read now")]
    private static partial void LogUnavailable(ILogger logger, Exception failure);
}

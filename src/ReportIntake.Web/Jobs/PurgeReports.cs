using Microsoft.EntityFrameworkCore;
using ReportIntake.Domain.Reports;
using ReportIntake.Web.Evidence;
using ReportIntake.Web.Evidence.Store;
using ReportIntake.Web.Linking;
using ReportIntake.Web.Persistence;

namespace ReportIntake.Web.Jobs;

/// <summary>
/// Ends what is past its retention, each report in a transaction of its own: words, indicators, contact, files, fingerprints,
/// referrals and waiting jobs go; reference, dates, codes and the ledger stay (FixMyStreet #2338: nothing else may). Rows
/// before blobs: a crash in between leaves blobs without rows, which <see cref="RemoveExpiredUploads"/> finds.
/// </summary>
/// <remarks>A duplicate's files count for the report that it was joined with, and go with that one.</remarks>
public sealed partial class PurgeReports(ReportIntakeDbContext database, IEvidenceStore store, TextIndex texts, OutboxSignal signal, TimeProvider clock, ILogger<PurgeReports> logger)
    : IRecurringJob
{
    private const int BatchSize = 100;

    public async Task ExecuteAsync(CancellationToken cancellationToken)
    {
        // A report is kept for a day at least, so whatever was answered about it with a key has run out by now.
        var now = clock.GetUtcNow();
        await database.IdempotentAnswers.Where(a => a.ExpiresAt <= now).ExecuteDeleteAsync(cancellationToken);
        var purged = 0;
        foreach (var (state, days) in await Retention.PeriodsAsync(database, cancellationToken))
        {
            purged += days is { } period ? await PurgeAsync(state, period, cancellationToken) : 0;
        }

        if (purged > 0)
        {
            LogPurged(logger, purged);
        }
    }

    private async Task<int> PurgeAsync(ReportState state, int days, CancellationToken ct)
    {
        var purged = 0;
        while (true)
        {
            var due = await database.PastRetention(state, days, clock.GetUtcNow()).OrderBy(r => r.EndedAt).ThenBy(r => r.Id).Take(BatchSize)
                .Select(r => r.Id).ToListAsync(ct);
            var before = purged;
            foreach (var id in due)
            {
                ct.ThrowIfCancellationRequested();
                purged += await PurgeAsync(id, state, days, ct) ? 1 : 0;
            }

            // What somebody changed meanwhile is left to the next run.
            if (due.Count < BatchSize || purged == before)
            {
                return purged;
            }
        }
    }

    private async Task<bool> PurgeAsync(Guid id, ReportState state, int days, CancellationToken ct)
    {
        List<Guid>? files;
        try
        {
            files = await database.Database.CreateExecutionStrategy().ExecuteAsync(async () =>
            {
                database.ChangeTracker.Clear();
                await using var transaction = await database.Database.BeginTransactionAsync(ct);
                var removed = await RemoveAsync(id, state, days, ct);
                await transaction.CommitAsync(CancellationToken.None);
                return removed;
            });
        }
        catch (DbUpdateConcurrencyException)
        {
            return false;
        }

        if (files is null)
        {
            return false;
        }

        signal.Set();
        foreach (var key in files.SelectMany(BlobKey.AllOf))
        {
            await store.DeleteAsync(key, CancellationToken.None);
        }

        return true;
    }

    /// <summary>The files that are to be deleted; null where the report is not due any more.</summary>
    private async Task<List<Guid>?> RemoveAsync(Guid id, ReportState state, int days, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        var report = await database.PastRetention(state, days, now).AsSplitQuery()
            .Include(r => r.Subjects).Include(r => r.Indicators).Include(r => r.Messages)
            .Include(r => r.Notes).Include(r => r.Votes).Include(r => r.FollowUps)
            .SingleOrDefaultAsync(r => r.Id == id, ct);
        var terms = report is null ? [] : texts.TermsOf(report); // while it still has its words
        if (report is null || !report.Purge(now).IsSuccess)
        {
            return null;
        }

        await texts.RemoveAsync(id, terms, ct);

        var files = await database.Evidence.Where(e => e.ReportId == id).ToListAsync(ct);
        await DestroyedEvidence.RemoveAsync(database, files, now, ct);
        await database.SealedIdentities.Where(i => i.ReportId == id).ExecuteDeleteAsync(ct);
        await database.Referrals.Where(r => r.ReportId == id).ExecuteDeleteAsync(ct);
        await database.Jobs.Where(j => j.Subject == id).ExecuteDeleteAsync(ct);
        await database.SaveChangesAsync(ct);
        return files.ConvertAll(f => f.Id);
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Purged {Count} reports past their retention")]
    private static partial void LogPurged(ILogger logger, int count);
}

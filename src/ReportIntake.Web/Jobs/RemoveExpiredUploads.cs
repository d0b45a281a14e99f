using Microsoft.EntityFrameworkCore;
using ReportIntake.Web.Evidence.Store;
using ReportIntake.Web.Persistence;

namespace ReportIntake.Web.Jobs;

/// <summary>
/// Removes what no report will ever take: uploads past their expiry, and blobs without a row (left by a crash between blob and
/// row). Row before blob: a report may take the upload at this very moment, and then the conditional delete finds no row and
/// the blob stays. A crash in between leaves a blob without a row, which the next day's run removes.
/// </summary>
public sealed partial class RemoveExpiredUploads(ReportIntakeDbContext database, IEvidenceStore store, TimeProvider clock, ILogger<RemoveExpiredUploads> logger)
    : IRecurringJob
{
    private const int BatchSize = 100;

    /// <summary>A blob younger than this may be one whose row is about to be written.</summary>
    private static readonly TimeSpan OrphanAge = TimeSpan.FromDays(1);

    public async Task ExecuteAsync(CancellationToken cancellationToken)
    {
        var expired = await RemoveExpiredAsync(cancellationToken);
        var orphans = await RemoveOrphansAsync(cancellationToken);
        if (expired + orphans > 0)
        {
            LogRemoved(logger, expired, orphans);
        }
    }

    private async Task<int> RemoveExpiredAsync(CancellationToken ct)
    {
        var removed = 0;
        while (true)
        {
            var now = clock.GetUtcNow();
            var batch = await database.Evidence.Where(e => e.ReportId == null && e.ExpiresAt <= now).OrderBy(e => e.ExpiresAt).Take(BatchSize)
                .Select(e => e.Id).ToListAsync(ct);
            foreach (var id in batch)
            {
                if (await database.Evidence.Where(e => e.Id == id && e.ReportId == null && e.ExpiresAt <= now).ExecuteDeleteAsync(ct) == 0)
                {
                    continue;
                }

                removed++;
                foreach (var key in BlobKey.AllOf(id))
                {
                    await store.DeleteAsync(key, CancellationToken.None);
                }
            }

            if (batch.Count < BatchSize)
            {
                return removed;
            }
        }
    }

    private async Task<int> RemoveOrphansAsync(CancellationToken ct)
    {
        var removed = 0;
        var limit = clock.GetUtcNow() - OrphanAge;
        await foreach (var old in store.ListAsync(ct).Where(e => e.LastWrite < limit).Chunk(BatchSize).WithCancellation(ct))
        {
            var ids = old.Select(e => e.Key.EvidenceId).Distinct().ToList();
            var known = await database.Evidence.Where(e => ids.Contains(e.Id)).Select(e => e.Id).ToListAsync(ct);
            foreach (var orphan in old.Where(e => !known.Contains(e.Key.EvidenceId)))
            {
                await store.DeleteAsync(orphan.Key, ct);
                removed++;
            }
        }

        return removed;
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Removed {Expired} expired uploads and {Orphans} blobs without a row")]
    private static partial void LogRemoved(ILogger logger, int expired, int orphans);
}

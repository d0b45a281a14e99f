using Microsoft.EntityFrameworkCore;
using ReportIntake.Domain.Recognition;
using ReportIntake.Web.Persistence;

namespace ReportIntake.Web.Evidence.Recognition;

/// <summary>The fingerprints of all evidence in memory, to find near-duplicates by. Only ever grows until the program ends.</summary>
public sealed class EarlierEvidence : IDisposable
{
    /// <summary>A transaction that commits late shows rows older than those read before: so much is read again.</summary>
    private static readonly TimeSpan Overlap = TimeSpan.FromMinutes(10);

    private readonly SemaphoreSlim loading = new(1);
    private readonly GrowingPdqIndex index = new([]);
    private readonly HashSet<Guid> loaded = [];
    private readonly List<Guid> owners = [];
    private DateTimeOffset newest = DateTimeOffset.MinValue;

    /// <summary>Reads what has been committed since, of this node and others.</summary>
    public async Task CurrentAsync(ReportIntakeDbContext database, CancellationToken cancellationToken)
    {
        await loading.WaitAsync(cancellationToken);
        try
        {
            var from = newest < DateTimeOffset.MinValue + Overlap ? newest : newest - Overlap;
            var rows = database.Set<EvidenceFingerprint>().AsNoTracking().Where(f => f.At >= from).OrderBy(f => f.EvidenceId)
                .Select(f => new { f.EvidenceId, f.Hash, f.At });
            HashSet<Guid> fresh = [];
            await foreach (var row in rows.AsAsyncEnumerable().WithCancellation(cancellationToken))
            {
                if (!loaded.Contains(row.EvidenceId))
                {
                    fresh.Add(row.EvidenceId);
                    lock (owners)
                    {
                        owners.Add(row.EvidenceId);
                    }

                    index.Add(PdqHash.FromBytes(row.Hash));
                    newest = row.At > newest ? row.At : newest;
                }
            }

            // All frames of a file are committed at once.
            loaded.UnionWith(fresh);
        }
        finally
        {
            loading.Release();
        }
    }

    /// <summary>Files with a frame within the distance. Some may be destroyed by now.</summary>
    public IEnumerable<(Guid Evidence, int Distance)> Find(PdqHash hash, int maxDistance)
    {
        List<PdqMatch> found = [];
        index.Search(hash, maxDistance, found);
        lock (owners)
        {
            return [.. found.Select(m => (owners[m.Position], m.Distance))];
        }
    }

    public void Dispose() => loading.Dispose();
}

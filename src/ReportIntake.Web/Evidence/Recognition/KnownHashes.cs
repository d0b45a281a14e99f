using Microsoft.EntityFrameworkCore;
using ReportIntake.Domain.Recognition;
using ReportIntake.Web.Persistence;

namespace ReportIntake.Web.Evidence.Recognition;

/// <summary>
/// The PDQ hashes of all lists in memory. Whoever asks gets the lists as they are committed: the version row is read each
/// time, on every node, and another version means loading again.
/// </summary>
public sealed class KnownHashes : IDisposable
{
    private readonly SemaphoreSlim loading = new(1);
    private volatile Snapshot current = new(-1, new PdqIndex([]), []);

    /// <summary>Entries within the distance, each once, with the distance in bits.</summary>
    public sealed record Snapshot(long Version, PdqIndex Index, IReadOnlyList<Guid> Entries)
    {
        public IEnumerable<(Guid Entry, int Distance)> Find(PdqHash hash, int maxDistance)
        {
            List<PdqMatch> found = [];
            Index.Search(hash, maxDistance, found);
            return found.Select(m => (Entries[m.Position], m.Distance));
        }
    }

    public async Task<Snapshot> CurrentAsync(ReportIntakeDbContext database, CancellationToken cancellationToken)
    {
        if (current is var known && known.Version == await VersionAsync())
        {
            return known;
        }

        await loading.WaitAsync(cancellationToken);
        try
        {
            // Read before the rows: a change in between is loaded once more, never missed.
            var version = await VersionAsync();
            return current.Version == version ? current : current = await LoadAsync(version);
        }
        finally
        {
            loading.Release();
        }

        Task<long> VersionAsync() => database.Counters.AsNoTracking().Where(c => c.Name == HashList.Version).Select(c => c.Value).FirstOrDefaultAsync(cancellationToken);

        async Task<Snapshot> LoadAsync(long version)
        {
            List<PdqHash> hashes = [];
            List<Guid> entries = [];
            var rows = database.Set<HashListEntry>().AsNoTracking().Where(e => e.Kind == HashKind.Pdq && e.DisabledAt == null).Select(e => new { e.Id, e.Value });
            await foreach (var row in rows.AsAsyncEnumerable().WithCancellation(cancellationToken))
            {
                hashes.Add(PdqHash.FromBytes(row.Value));
                entries.Add(row.Id);
            }

            return new Snapshot(version, new PdqIndex([.. hashes]), entries);
        }
    }

    public void Dispose() => loading.Dispose();
}

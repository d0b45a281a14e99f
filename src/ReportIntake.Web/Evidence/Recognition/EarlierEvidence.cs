using System.Runtime.InteropServices;
using Microsoft.EntityFrameworkCore;
using ReportIntake.Domain.Recognition;
using ReportIntake.Web.Persistence;

namespace ReportIntake.Web.Evidence.Recognition;

/// <summary>How far two files show the same, by their useful frames; a photo has one.</summary>
/// <param name="Distance">Bits between the two frames that are nearest.</param>
/// <param name="Own">Frames of the file asked for that the other has too.</param>
/// <param name="Other">Frames of the other file that this one has too.</param>
/// <param name="OtherFrames">All useful frames of the other file.</param>
public sealed record Likeness(int Distance, int Own, int Other, int OtherFrames);

/// <summary>The fingerprints of all evidence in memory, to find near-duplicates by. Only ever grows until the program ends.</summary>
public sealed class EarlierEvidence : IDisposable
{
    /// <summary>A transaction that commits late shows rows older than those read before: so much is read again.</summary>
    private static readonly TimeSpan Overlap = TimeSpan.FromMinutes(10);

    private readonly SemaphoreSlim loading = new(1);
    private readonly GrowingPdqIndex index = new([]);
    private readonly Lock reading = new();

    /// <summary>By position in the index.</summary>
    private readonly List<Guid> owners = [];
    private readonly Dictionary<Guid, int> frames = [];
    private DateTimeOffset newest = DateTimeOffset.MinValue;

    /// <summary>Reads what has been committed since, of this node and others.</summary>
    public async Task CurrentAsync(ReportIntakeDbContext database, CancellationToken cancellationToken)
    {
        await loading.WaitAsync(cancellationToken);
        try
        {
            // All frames of a file are committed at once: what was loaded before this reading is whole.
            var loaded = frames.Keys.ToHashSet();
            var from = newest < DateTimeOffset.MinValue + Overlap ? newest : newest - Overlap;
            var rows = database.Set<EvidenceFingerprint>().AsNoTracking().Where(f => f.At >= from).OrderBy(f => f.EvidenceId)
                .Select(f => new { f.EvidenceId, f.Hash, f.At });
            await foreach (var row in rows.AsAsyncEnumerable().WithCancellation(cancellationToken))
            {
                if (loaded.Contains(row.EvidenceId))
                {
                    continue;
                }

                lock (reading)
                {
                    owners.Add(row.EvidenceId);
                    CollectionsMarshal.GetValueRefOrAddDefault(frames, row.EvidenceId, out _)++;
                }

                index.Add(PdqHash.FromBytes(row.Hash));
                newest = row.At > newest ? row.At : newest;
            }
        }
        finally
        {
            loading.Release();
        }
    }

    /// <summary>Files with at least one frame within the distance of one of these. Some may be destroyed by now.</summary>
    public Dictionary<Guid, Likeness> Find(IReadOnlyList<PdqHash> query, int maxDistance)
    {
        var met = new Dictionary<Guid, (int Distance, HashSet<int> Own, HashSet<int> Other)>();
        List<PdqMatch> found = [];
        for (var frame = 0; frame < query.Count; frame++)
        {
            found.Clear();
            index.Search(query[frame], maxDistance, found);
            lock (reading)
            {
                foreach (var match in found)
                {
                    ref var like = ref CollectionsMarshal.GetValueRefOrAddDefault(met, owners[match.Position], out var known);
                    like = known ? (Math.Min(like.Distance, match.Distance), like.Own, like.Other) : (match.Distance, [], []);
                    like.Own.Add(frame);
                    like.Other.Add(match.Position);
                }
            }
        }

        lock (reading)
        {
            return met.ToDictionary(m => m.Key, m => new Likeness(m.Value.Distance, m.Value.Own.Count, m.Value.Other.Count, frames[m.Key]));
        }
    }

    public void Dispose() => loading.Dispose();
}

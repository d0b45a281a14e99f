using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using ReportIntake.Domain.Evidence;
using ReportIntake.Domain.Recognition;
using ReportIntake.Web.Persistence;

namespace ReportIntake.Web.Evidence.Recognition;

/// <summary>A list's entry that a file matches.</summary>
/// <param name="Distance">Bits; 0 for exact hashes.</param>
public sealed record ListHit(HashListEntry Entry, HashList List, int Distance)
{
    /// <summary>A negative list counts against hits that are no surer than its own: SHA-256, then MD5, then PDQ by distance.</summary>
    public bool Excuses(HashKind kind, int distance) => List.Meaning is HashListMeaning.KnownBenign && (Entry.Kind, Distance).CompareTo((kind, distance)) <= 0;
}

/// <summary>Looks a file up in the hash lists: exactly by its hashes, and by what its frames look like.</summary>
public sealed class ListSearch(ReportIntakeDbContext database, KnownHashes known, IOptions<RecognitionOptions> options)
{
    /// <summary>Entries near to a file's frames that are looked at more closely: the nearest.</summary>
    private const int MaxNear = 2000;

    /// <summary>Entries that one file is matched with: the surest.</summary>
    private const int MaxHits = 200;

    /// <param name="frames">Hashes of the item's useful frames.</param>
    public async Task<List<ListHit>> FindAsync(EvidenceItem item, IReadOnlyList<PdqHash> frames, CancellationToken cancellationToken)
    {
        var near = await NearAsync(frames, cancellationToken);
        var ids = near.Keys.ToList();
        var entries = await (
            from entry in database.Set<HashListEntry>()
            join list in database.Set<HashList>() on entry.HashListId equals list.Id
            where entry.DisabledAt == null
                && ((entry.Kind == HashKind.Sha256 && entry.Value == item.Sha256) || (entry.Kind == HashKind.Md5 && entry.Value == item.Md5) || ids.Contains(entry.Id))
            select new { entry, list }).ToListAsync(cancellationToken);

        // A list's hashes come one by one, without the file each is of: the share of frames is of all that the list knows.
        var lists = entries.Where(e => e.entry.Kind is HashKind.Pdq).GroupBy(e => e.list.Id)
            .Where(g => options.Value.Suffices(g.SelectMany(e => near[e.entry.Id].Frames).Distinct().Count(), frames.Count))
            .Select(g => g.Key).ToHashSet();
        return [.. entries.Where(e => e.entry.Kind is not HashKind.Pdq || lists.Contains(e.list.Id))
            .Select(e => new ListHit(e.entry, e.list, near.TryGetValue(e.entry.Id, out var found) ? found.Distance : 0))
            .OrderBy(h => h.Entry.Kind).ThenBy(h => h.Distance).Take(MaxHits)];
    }

    private async Task<Dictionary<Guid, (int Distance, List<int> Frames)>> NearAsync(IReadOnlyList<PdqHash> frames, CancellationToken cancellationToken)
    {
        var index = await known.CurrentAsync(database, cancellationToken);
        return frames.SelectMany((hash, frame) => index.Find(hash, options.Value.MaxDistance).Select(f => (f.Entry, f.Distance, Frame: frame)))
            .GroupBy(f => f.Entry).Select(g => (Entry: g.Key, Distance: g.Min(f => f.Distance), Frames: g.Select(f => f.Frame).ToList()))
            .OrderBy(f => f.Distance).Take(MaxNear).ToDictionary(f => f.Entry, f => (f.Distance, f.Frames));
    }
}

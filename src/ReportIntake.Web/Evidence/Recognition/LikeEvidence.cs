using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using ReportIntake.Domain.Evidence;
using ReportIntake.Domain.Recognition;
using ReportIntake.Web.Persistence;

namespace ReportIntake.Web.Evidence.Recognition;

/// <summary>Finds the files of other reports that show the same as a file, whichever came first.</summary>
public sealed class LikeEvidence(ReportIntakeDbContext database, EarlierEvidence earlier, IOptions<RecognitionOptions> options)
{
    /// <summary>Files that one file is linked with: the nearest.</summary>
    private const int MaxLinks = 50;

    /// <param name="frames">Hashes of the item's useful frames.</param>
    /// <returns>Distances in bits, by file. A clip is like the video it was cut from, and the video like the clip.</returns>
    public async Task<Dictionary<Guid, int>> FindAsync(EvidenceItem item, IReadOnlyList<PdqHash> frames, CancellationToken cancellationToken)
    {
        await earlier.CurrentAsync(database, cancellationToken);
        var identical = await database.Evidence.Where(e => e.Sha256 == item.Sha256).OrderBy(e => e.Id).Select(e => e.Id).Take(MaxLinks + 1).ToListAsync(cancellationToken);
        return earlier.Find(frames, options.Value.MaxDistance)
            .Where(f => options.Value.Suffices(f.Value.Own, frames.Count) || options.Value.Suffices(f.Value.Other, f.Value.OtherFrames))
            .Select(f => (Evidence: f.Key, f.Value.Distance)).Concat(identical.Select(id => (Evidence: id, Distance: 0)))
            .Where(f => f.Evidence != item.Id).GroupBy(f => f.Evidence).Select(g => (g.Key, Distance: g.Min(f => f.Distance)))
            .OrderBy(f => f.Distance).Take(MaxLinks).ToDictionary(f => f.Key, f => f.Distance);
    }
}

using Microsoft.EntityFrameworkCore;
using ReportIntake.Domain.Evidence;
using ReportIntake.Web.Evidence.Metadata;
using ReportIntake.Web.Evidence.Recognition;
using ReportIntake.Web.Persistence;

namespace ReportIntake.Web.Features.Police.HandOver;

/// <summary>What is known of a file beside its bytes: <c>data/metadata/&lt;evidence id&gt;.json</c>.</summary>
/// <param name="Path">Where in the package the original is; null where it is not there any more.</param>
/// <param name="Name">As the citizen sent it: from outside, for people only.</param>
/// <param name="MediaType">As screening found it by content.</param>
/// <param name="Size">Bytes of the original.</param>
/// <param name="Facts">What of it is common to all files, by permanent names; see <see cref="MetadataFacts"/>.</param>
/// <param name="Properties">What the file says of itself.</param>
public sealed record FileSheet(
    Guid Id,
    string? Path,
    string Name,
    string MediaType,
    long? Size,
    EvidenceState State,
    string? QuarantineReason,
    DateTimeOffset? StoredAt,
    FileSheet.HashValues Hashes,
    IReadOnlyDictionary<string, string> Facts,
    IReadOnlyList<MetadataProperty> Properties,
    IReadOnlyList<FileSheet.Match> Matches)
{
    /// <summary>Lower-case hex, of the original.</summary>
    /// <param name="Pdq">Perceptual hash (Meta's PDQ), of a video that of its first sampled frame.</param>
    /// <param name="PdqQuality">0 to 100; below 50 a match on it means little.</param>
    public sealed record HashValues(string? Sha256, string? Md5, string? Pdq, int? PdqQuality);

    /// <summary>A hash list that knows the file.</summary>
    /// <param name="Distance">Bits, 0 to 31; 0 for exact hashes.</param>
    public sealed record Match(string List, HashListMeaning Meaning, HashKind Kind, int Distance);
}

internal static class FileSheets
{
    /// <summary>The sheets of these items, in their order.</summary>
    public static async Task<List<FileSheet>> ReadAsync(ReportIntakeDbContext database, MetadataSheets metadata, IReadOnlyList<PackageItem> items, CancellationToken ct)
    {
        var ids = items.Select(i => i.Evidence.Id).ToList();
        var fingerprints = await database.Set<EvidenceFingerprint>().AsNoTracking()
            .Where(f => ids.Contains(f.EvidenceId)).OrderBy(f => f.Frame).ToListAsync(ct);
        var matches = await database.Set<MatchRecord>().AsNoTracking()
            .Where(m => ids.Contains(m.EvidenceId) && !m.Suppressed)
            .Join(database.Set<HashList>(), m => m.HashListId, l => l.Id, (m, l) => new { m.EvidenceId, l.Name, m.Meaning, m.Kind, m.Distance })
            .OrderBy(m => m.Name).ThenBy(m => m.Distance).ToListAsync(ct);
        var sheets = new List<FileSheet>(items.Count);
        foreach (var item in items)
        {
            var e = item.Evidence;
            var fingerprint = fingerprints.Find(f => f.EvidenceId == e.Id);
            var own = await metadata.ReadAsync(e.Id, ct);
            sheets.Add(new FileSheet(
                e.Id, item.Path, e.Name, e.MediaType, e.Size, e.State, e.QuarantineReason, e.StoredAt,
                new FileSheet.HashValues(Hex(e.Sha256), Hex(e.Md5), Hex(fingerprint?.Hash), fingerprint?.Quality),
                own?.Facts ?? new Dictionary<string, string>(),
                own?.Properties ?? [],
                [.. matches.Where(m => m.EvidenceId == e.Id).Select(m => new FileSheet.Match(m.Name, m.Meaning, m.Kind, m.Distance))]));
        }

        return sheets;
    }

    private static string? Hex(byte[]? hash) => hash is null ? null : Convert.ToHexStringLower(hash);
}

/// <summary>A file of the report and where its original stands in the package.</summary>
/// <param name="Path">Null where the original was destroyed by schedule.</param>
internal sealed record PackageItem(EvidenceItem Evidence, string? Path);

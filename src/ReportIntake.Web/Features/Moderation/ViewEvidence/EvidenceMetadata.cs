using Microsoft.EntityFrameworkCore;
using ReportIntake.Domain.Evidence;
using ReportIntake.Domain.Results;
using ReportIntake.Web.Evidence.Metadata;
using ReportIntake.Web.Evidence.Recognition;
using ReportIntake.Web.Features.Moderation.ReadReport;
using ReportIntake.Web.Persistence;

namespace ReportIntake.Web.Features.Moderation.ViewEvidence;

/// <summary>What is known of a file without looking at it: <c>GET …/evidence/{evidenceId}/metadata</c>.</summary>
public sealed class EvidenceMetadata(ReportIntakeDbContext database, MetadataSheets sheets)
{
    /// <param name="Size">Bytes of the original.</param>
    /// <param name="Properties">What helps to judge the file and leads to nobody, see <see cref="MetadataFacts"/>: never the place.</param>
    public sealed record Response(
        string Name, string MediaType, long? Size, EvidenceState State, Hashes Hashes, IReadOnlyDictionary<string, string> Properties, IReadOnlyList<MatchView> Matches);

    /// <summary>Lower-case hex, of the original.</summary>
    /// <param name="Pdq">Perceptual hash (Meta's PDQ); null where there is none.</param>
    /// <param name="PdqQuality">0 to 100; below 50 a match on it means little.</param>
    public sealed record Hashes(string? Sha256, string? Md5, string? Pdq, int? PdqQuality);

    public async Task<Result<Response>> ReadAsync(Guid reportId, Guid evidenceId, CancellationToken cancellationToken)
    {
        var item = await database.Evidence.AsNoTracking().SingleOrDefaultAsync(e => e.Id == evidenceId && e.ReportId == reportId, cancellationToken);
        if (item is null)
        {
            return EvidenceErrors.NotFound;
        }

        // Of a video, its first sampled frame.
        var fingerprint = await database.Set<EvidenceFingerprint>().AsNoTracking()
            .Where(f => f.EvidenceId == evidenceId).OrderBy(f => f.Frame).FirstOrDefaultAsync(cancellationToken);
        return new Response(
            item.Name,
            item.MediaType,
            item.Size,
            item.State,
            new Hashes(Hex(item.Sha256), Hex(item.Md5), Hex(fingerprint?.Hash), fingerprint?.Quality),
            (await sheets.ReadAsync(evidenceId, cancellationToken))?.Facts ?? new Dictionary<string, string>(),
            await KnownFiles.MatchesAsync(database, [evidenceId], cancellationToken));
    }

    private static string? Hex(byte[]? hash) => hash is null ? null : Convert.ToHexStringLower(hash);
}

using Microsoft.EntityFrameworkCore;
using ReportIntake.Web.Persistence;

namespace ReportIntake.Web.Evidence.Recognition;

/// <summary>What recognition has kept of files: a fingerprint tells a picture again, so it goes when the file goes.</summary>
public static class RecognitionTraces
{
    /// <summary>
    /// Deletes fingerprints, matches and links of these files: call it in the transaction that destroys them. The metadata
    /// sheet goes with the files' blobs (<see cref="Store.BlobKey.AllOf"/>). Indexes in memory keep bare hashes until the program
    /// ends, and nothing can be found by them any more.
    /// </summary>
    public static async Task DeleteAsync(ReportIntakeDbContext database, IReadOnlyCollection<Guid> evidenceIds, CancellationToken cancellationToken)
    {
        await database.Set<EvidenceFingerprint>().Where(f => evidenceIds.Contains(f.EvidenceId)).ExecuteDeleteAsync(cancellationToken);
        await database.Set<MatchRecord>().Where(m => evidenceIds.Contains(m.EvidenceId)).ExecuteDeleteAsync(cancellationToken);
        await database.Set<RelatedEvidence>().Where(r => evidenceIds.Contains(r.EvidenceId) || evidenceIds.Contains(r.EarlierEvidenceId)).ExecuteDeleteAsync(cancellationToken);
    }
}

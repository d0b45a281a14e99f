using Microsoft.EntityFrameworkCore;
using ReportIntake.Domain;
using ReportIntake.Domain.Evidence;
using ReportIntake.Web.Evidence.Recognition;
using ReportIntake.Web.Persistence;

namespace ReportIntake.Web.Evidence;

/// <summary>All that hangs on an evidence item, gone with it but for its custody events. New tables about evidence belong here.</summary>
public static class DestroyedEvidence
{
    /// <summary>The custody event of a destruction; it names the hash.</summary>
    public const string LedgerAction = "evidence_destroyed";

    /// <summary>Inside the caller's transaction, which saves; the blobs are the caller's to delete after its commit.</summary>
    public static async Task RemoveAsync(ReportIntakeDbContext database, IReadOnlyList<EvidenceItem> items, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var ids = items.Select(i => i.Id).ToList();
        await RecognitionTraces.DeleteAsync(database, ids, cancellationToken);
        await database.Jobs.Where(j => j.Subject != null && ids.Contains(j.Subject.Value)).ExecuteDeleteAsync(cancellationToken);
        database.Ledger.AddRange(items.Select(i => Custody.Entry(Actor.System, LedgerAction, i, now)));
        database.Evidence.RemoveRange(items);
    }
}

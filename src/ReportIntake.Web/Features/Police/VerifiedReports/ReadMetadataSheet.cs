using Microsoft.EntityFrameworkCore;
using ReportIntake.Domain;
using ReportIntake.Domain.Evidence;
using ReportIntake.Domain.Reports;
using ReportIntake.Web.ErrorHandling;
using ReportIntake.Web.Evidence;
using ReportIntake.Web.Evidence.Metadata;
using ReportIntake.Web.Persistence;
using ReportIntake.Web.Security;

namespace ReportIntake.Web.Features.Police.VerifiedReports;

/// <summary>
/// All that an evidence item says of itself: camera, times, places. It is content, and giving it out is a custody event that
/// is committed before the answer leaves. <c>GET …/evidence/{evidenceId}/metadata</c>.
/// </summary>
public static class ReadMetadataSheet
{
    /// <summary>The custody event of this use case.</summary>
    public const string LedgerAction = "metadata_sheet_read";

    public static async Task<IResult> HandleAsync(
        Guid id, Guid evidenceId, PoliceClientAccess client, ReportIntakeDbContext database, MetadataSheets sheets, TimeProvider clock, CancellationToken ct)
    {
        if (!await database.Reports.VisibleTo(client).AnyAsync(r => r.Id == id, ct))
        {
            return ReportErrors.NotFound.ToProblem();
        }

        var item = await database.Evidence.AsNoTracking().SingleOrDefaultAsync(e => e.Id == evidenceId && e.ReportId == id, ct);
        if (item is null || await sheets.ReadAsync(evidenceId, ct) is not { } sheet)
        {
            return EvidenceErrors.NotFound.ToProblem();
        }

        database.Ledger.Add(Custody.Entry(Actor.Police(client.ClientId), LedgerAction, item, clock.GetUtcNow()));
        await database.SaveChangesAsync(ct);
        return TypedResults.Ok(sheet);
    }
}

using Microsoft.EntityFrameworkCore;
using Microsoft.Net.Http.Headers;
using ReportIntake.Domain;
using ReportIntake.Domain.Evidence;
using ReportIntake.Domain.Reports;
using ReportIntake.Web.ErrorHandling;
using ReportIntake.Web.Evidence;
using ReportIntake.Web.Evidence.Store;
using ReportIntake.Web.Persistence;
using ReportIntake.Web.Security;

namespace ReportIntake.Web.Features.Police.VerifiedReports;

/// <summary>
/// The evidentiary copy, byte for byte as it was sent: whole or a range (RFC 9110; several ranges at once get the whole).
/// That it was given out, and which part, is a custody event that is committed before the first byte leaves.
/// </summary>
public static class ReadOriginal
{
    /// <summary>The custody event of this use case.</summary>
    public const string LedgerAction = "original_read";

    private const string UnknownType = "application/octet-stream";

    public static async Task<IResult> HandleAsync(
        Guid id,
        Guid evidenceId,
        PoliceClientAccess client,
        ReportIntakeDbContext database,
        IEvidenceStore store,
        TimeProvider clock,
        HttpResponse response,
        CancellationToken ct)
    {
        if (!await database.Reports.VisibleTo(client).AnyAsync(r => r.Id == id, ct))
        {
            return ReportErrors.NotFound.ToProblem();
        }

        var item = await database.Evidence.AsNoTracking().SingleOrDefaultAsync(e => e.Id == evidenceId && e.ReportId == id, ct);
        if (item?.Sha256 is not { } sha256 || await store.OpenReadAsync(BlobKey.Original(evidenceId), ct) is not { } original)
        {
            return EvidenceErrors.NotFound.ToProblem();
        }

        response.Headers["Repr-Digest"] = $"sha-256=:{Convert.ToBase64String(sha256)}:"; // RFC 9530: of the whole, for a range too
        return TypedResults.Stream(
            new WitnessedStream(original, WitnessAsync),
            item.WorkingCopyType is null ? UnknownType : item.MediaType, // until screening has looked, the type is only the sender's word
            item.Name,
            entityTag: new EntityTagHeaderValue($"\"{Convert.ToHexStringLower(sha256)}\""),
            enableRangeProcessing: true);

        // Called by the first read: a 304, a 416 and a HEAD give nothing out and leave no event.
        async Task WitnessAsync()
        {
            var range = response.Headers.ContentRange.ToString();
            database.Ledger.Add(Custody.Entry(
                Actor.Police(client.ClientId), LedgerAction, item, clock.GetUtcNow(), ("range", range.Length > 0 ? range : "whole")));
            await database.SaveChangesAsync(ct);
        }
    }
}

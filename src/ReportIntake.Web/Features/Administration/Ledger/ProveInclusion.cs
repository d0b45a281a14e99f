using System.ComponentModel;
using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;
using ReportIntake.Web.ErrorHandling;
using ReportIntake.Web.Evidence.Ledger;
using ReportIntake.Web.Persistence;
using IHttpResult = Microsoft.AspNetCore.Http.IResult;

namespace ReportIntake.Web.Features.Administration.Ledger;

/// <summary>That an entry is in the log (RFC 9162 section 2.1.3).</summary>
public static class ProveInclusion
{
    /// <param name="Entry">Canonical JSON as text: SHA-256(0x00 ‖ its UTF-8) is <paramref name="LeafHash"/>. Null while a first vote on its report is open.</param>
    /// <param name="LeafHash">Hex.</param>
    /// <param name="Root">Of the tree of <paramref name="TreeSize"/> entries, in hex: the one of its signed head.</param>
    /// <param name="Path">Audit path from the leaf upwards, in hex.</param>
    public sealed record Proof(Guid EntryId, long Position, long TreeSize, string? Entry, string LeafHash, string Root, IReadOnlyList<string> Path);

    public static async Task<IHttpResult> HandleAsync(
        [Description("The entry's id, or its position.")] string entry,
        [FromQuery, Description("Entries of the tree; all published ones if not given.")] long? treeSize,
        ReportIntakeDbContext database,
        LedgerProofs proofs,
        CancellationToken ct)
    {
        var isPosition = long.TryParse(entry, NumberStyles.None, CultureInfo.InvariantCulture, out var position);
        var isId = Guid.TryParse(entry, out var id);
        var found = await database.Ledger.AsNoTracking()
            .SingleOrDefaultAsync(e => isPosition ? e.Position == position : isId && e.Id == id && e.Position != null, ct);
        if (found is null)
        {
            return LedgerErrors.EntryNotFound.ToProblem();
        }

        var log = await LedgerState.EdgeAsync(database, ct);
        var size = treeSize ?? log.Size;
        if (size <= found.Position || size > log.Size)
        {
            return LedgerErrors.SizeInvalid(nameof(treeSize)).ToProblem();
        }

        try
        {
            var (path, root) = (await proofs.InclusionAsync(found.Position!.Value, size, ct), await proofs.RootAsync(size, ct));
            var blind = found.ReportId is { } report && (await OpenVotes.ReportsAsync(database, ct)).Contains(report);
            return TypedResults.Ok(new Proof(
                found.Id, found.Position.Value, size, blind ? null : Encoding.UTF8.GetString(found.Canonical()), Convert.ToHexStringLower(found.LeafHash),
                Convert.ToHexStringLower(root), [.. path.Select(Convert.ToHexStringLower)]));
        }
        catch (LedgerDamagedException)
        {
            return LedgerErrors.Damaged.ToProblem();
        }
    }
}

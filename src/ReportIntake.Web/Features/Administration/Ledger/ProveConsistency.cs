using System.ComponentModel;
using Microsoft.AspNetCore.Mvc;
using ReportIntake.Web.ErrorHandling;
using ReportIntake.Web.Evidence.Ledger;
using ReportIntake.Web.Persistence;
using IHttpResult = Microsoft.AspNetCore.Http.IResult;

namespace ReportIntake.Web.Features.Administration.Ledger;

/// <summary>That nothing before an earlier head was changed since (RFC 9162 section 2.1.4).</summary>
public static class ProveConsistency
{
    /// <summary>Hashes in hex.</summary>
    public sealed record Proof(long First, long Second, string FirstRoot, string SecondRoot, IReadOnlyList<string> Path);

    public static async Task<IHttpResult> HandleAsync(
        [FromQuery, Description("Entries of the smaller tree.")] long first,
        [FromQuery, Description("Entries of the larger tree; all published ones if not given.")] long? second,
        ReportIntakeDbContext database,
        LedgerProofs proofs,
        CancellationToken ct)
    {
        var log = await LedgerState.EdgeAsync(database, ct);
        var size = second ?? log.Size;
        if (size < 0 || size > log.Size)
        {
            return LedgerErrors.SizeInvalid(nameof(second)).ToProblem();
        }

        if (first < 0 || first > size)
        {
            return LedgerErrors.SizeInvalid(nameof(first)).ToProblem();
        }

        try
        {
            var path = await proofs.ConsistencyAsync(first, size, ct);
            var (firstRoot, secondRoot) = (await proofs.RootAsync(first, ct), await proofs.RootAsync(size, ct));
            return TypedResults.Ok(new Proof(
                first, size, Convert.ToHexStringLower(firstRoot), Convert.ToHexStringLower(secondRoot), [.. path.Select(Convert.ToHexStringLower)]));
        }
        catch (LedgerDamagedException)
        {
            return LedgerErrors.Damaged.ToProblem();
        }
    }
}

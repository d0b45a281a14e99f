using System.ComponentModel;
using Microsoft.AspNetCore.Mvc;
using ReportIntake.Web.ErrorHandling;
using ReportIntake.Web.Evidence.Ledger;
using ReportIntake.Web.Persistence;
using ReportIntake.Web.Security;
using IHttpResult = Microsoft.AspNetCore.Http.IResult;

namespace ReportIntake.Web.Features.Administration.Ledger;

/// <summary>
/// What lets somebody outside watch the custody ledger: heads to keep, proofs between them, and the entries themselves, in
/// which there is nothing personal. The public key is for everybody, because a citizen checks a proof of filing with it.
/// </summary>
public static class LedgerEndpoints
{
    public static void MapLedger(this IEndpointRouteBuilder routes)
    {
        var ledger = routes.MapGroup("/api/v1/admin/ledger").RequireAuthorization(Policies.Ledger).WithTags("Administration");
        ledger.MapGet("", LedgerState.ReadAsync)
            .WithName("ReadLedger").WithSummary("How far the custody ledger is, its signed heads and the keys that verify them.");
        ledger.MapGet("/entries", Entries).WithName("ExportLedger").WithSummary("All published entries, one canonical line of JSON each; hash them to check the log.")
            .Produces<Stream>(200, ExportEntries.ContentType).ProducesValidationProblem();
        ledger.MapGet("/tree-heads", ListTreeHeads.HandleAsync).WithName("ListTreeHeads").WithSummary("Signed heads, the newest first.")
            .Produces<ListTreeHeads.Page>().ProducesValidationProblem();
        ledger.MapPost("/tree-heads", Sign).WithName("SignTreeHead").WithSummary("Sign the log's head as it is now.").Produces<SignedHead>()
            .RequireAuthorization(Policies.Admin);
        ledger.MapGet("/tree-heads/{size:long}", Find).WithName("ReadTreeHead").WithSummary("The signed head of one size.")
            .Produces<SignedHead>().ProducesProblem(StatusCodes.Status404NotFound);
        ledger.MapGet("/inclusion/{entry}", ProveInclusion.HandleAsync).WithName("ProveInclusion").WithSummary("That an entry is in the log (RFC 9162), by its id or its position.")
            .Produces<ProveInclusion.Proof>().ProducesValidationProblem().ProducesProblem(404).ProducesProblem(500);
        ledger.MapGet("/consistency", ProveConsistency.HandleAsync).WithName("ProveConsistency").WithSummary("That the log of one size only adds to that of a smaller one (RFC 9162).")
            .Produces<ProveConsistency.Proof>().ProducesValidationProblem().ProducesProblem(500);

        routes.MapGet("/api/v1/signing-key", Key).AllowAnonymous().WithTags("Citizens").WithName("ReadSigningKey")
            .WithSummary("The public key (PEM) that verifies packages, proofs of filing and tree heads.")
            .Produces<string>(200, "application/x-pem-file").ProducesProblem(StatusCodes.Status404NotFound);
    }

    private static IHttpResult Entries(
        [Description("The last position that the caller has; all if not given.")] long? after, ReportIntakeDbContext database, CancellationToken ct) =>
        ExportEntries.Answer(after ?? -1, database, ct);

    private static async Task<IHttpResult> Sign(TreeHeads heads, CancellationToken ct) => TypedResults.Ok(SignedHead.Of(await heads.SignAsync(ct)));

    private static async Task<IHttpResult> Find(long size, TreeHeads heads, CancellationToken ct) =>
        await heads.FindAsync(size, ct) is { } head ? TypedResults.Ok(SignedHead.Of(head)) : LedgerErrors.TreeHeadNotFound.ToProblem();

    private static async Task<IHttpResult> Key(
        [FromQuery, Description("Hex SHA-256 of the SubjectPublicKeyInfo, as proofs name it; the key that signs now if not given.")] string? keyId,
        SigningKeys keys,
        ReportIntakeDbContext database,
        CancellationToken ct) =>
        await LedgerState.FindKeyAsync(keyId, keys, database, ct) is { } pem
            ? TypedResults.Text(pem, "application/x-pem-file")
            : LedgerErrors.KeyNotFound.ToProblem();
}

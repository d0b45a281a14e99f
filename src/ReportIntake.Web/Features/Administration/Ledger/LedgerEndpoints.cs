using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using ReportIntake.Domain.Custody;
using ReportIntake.Web.Persistence;

namespace ReportIntake.Web.Features.Administration.Ledger;

public static class LedgerEndpoints
{
    private const int HeadsShown = 20;

    public static void MapLedger(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/api/v1/admin/ledger", ReadAsync).RequireAuthorization("admin").WithTags("Administration")
            .WithName("ReadLedger").WithSummary("How far the custody ledger is, its signed heads and the keys that verify them.");
    }

    /// <param name="Size">Published entries.</param>
    /// <param name="Root">RFC 9162 root over them, in hex.</param>
    /// <param name="Heads">The newest signed heads, newest first.</param>
    /// <param name="Keys">What verifies them: all keys there ever were.</param>
    public sealed record LedgerState(long Size, string Root, IReadOnlyList<SignedHead> Heads, IReadOnlyList<PublicKey> Keys);

    /// <param name="SignedText">The bytes that were signed, as text: one line of canonical JSON.</param>
    /// <param name="Signature">ECDSA P-256 with SHA-256, DER, in base64.</param>
    public sealed record SignedHead(long Size, string Root, DateTimeOffset At, string KeyId, string SignedText, string Signature);

    /// <param name="KeyId">Hex SHA-256 of the SubjectPublicKeyInfo.</param>
    public sealed record PublicKey(string KeyId, string Pem);

    public static async Task<Ok<LedgerState>> ReadAsync(ReportIntakeDbContext database, CancellationToken cancellationToken)
    {
        var edge = await database.PublicationState.AsNoTracking().Select(s => s.LedgerFrontier).SingleAsync(cancellationToken);
        var heads = await database.TreeHeads.AsNoTracking().OrderByDescending(h => h.Size).Take(HeadsShown).ToListAsync(cancellationToken);
        var keys = await database.SigningKeys.AsNoTracking().OrderBy(k => k.Number)
            .Select(k => new PublicKey(k.KeyId, k.PublicKeyPem)).ToListAsync(cancellationToken);
        var log = MerkleFrontier.Parse(edge);
        return TypedResults.Ok(new LedgerState(log.Size, Convert.ToHexStringLower(log.Root), [.. heads.Select(Show)], keys));
    }

    private static SignedHead Show(TreeHead head) => new(
        head.Size,
        Convert.ToHexStringLower(head.Root),
        head.At,
        head.KeyId,
        System.Text.Encoding.UTF8.GetString(head.SignedBytes()),
        Convert.ToBase64String(head.Signature));
}

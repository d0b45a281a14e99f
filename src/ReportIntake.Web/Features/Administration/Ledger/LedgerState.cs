using System.Text;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using ReportIntake.Domain.Custody;
using ReportIntake.Web.Persistence;
using ReportIntake.Web.Security;

namespace ReportIntake.Web.Features.Administration.Ledger;

/// <summary>How far the log is.</summary>
/// <param name="Size">Published entries.</param>
/// <param name="Root">RFC 9162 root over them, in hex.</param>
/// <param name="Heads">The newest signed heads, newest first.</param>
/// <param name="Keys">What verifies them: all keys there ever were.</param>
public sealed record LedgerState(long Size, string Root, IReadOnlyList<SignedHead> Heads, IReadOnlyList<LedgerState.PublicKey> Keys)
{
    private const int HeadsShown = 20;

    /// <param name="KeyId">Hex SHA-256 of the SubjectPublicKeyInfo.</param>
    public sealed record PublicKey(string KeyId, string Pem);

    public static async Task<Ok<LedgerState>> ReadAsync(ReportIntakeDbContext database, CancellationToken cancellationToken)
    {
        var log = await EdgeAsync(database, cancellationToken);
        var heads = await database.TreeHeads.AsNoTracking().OrderByDescending(h => h.Size).Take(HeadsShown).ToListAsync(cancellationToken);
        var keys = await database.SigningKeys.AsNoTracking().OrderBy(k => k.Number)
            .Select(k => new PublicKey(k.KeyId, k.PublicKeyPem)).ToListAsync(cancellationToken);
        return TypedResults.Ok(new LedgerState(log.Size, Convert.ToHexStringLower(log.Root), [.. heads.Select(SignedHead.Of)], keys));
    }

    /// <summary>The log's right edge: its size and root.</summary>
    internal static async Task<MerkleFrontier> EdgeAsync(ReportIntakeDbContext database, CancellationToken cancellationToken) =>
        MerkleFrontier.Parse(await database.PublicationState.AsNoTracking().Select(s => s.LedgerFrontier).SingleAsync(cancellationToken));

    /// <summary>The public key of that id, or the one that signs now; null where there is none of that id.</summary>
    internal static async Task<string?> FindKeyAsync(string? keyId, SigningKeys keys, ReportIntakeDbContext database, CancellationToken cancellationToken) =>
        keyId is null
            ? (await keys.CurrentAsync(cancellationToken)).PublicKeyPem
            : !keyId.All(char.IsAsciiHexDigit) ? null
            : await database.SigningKeys.Where(k => k.KeyId == keyId).Select(k => k.PublicKeyPem).SingleOrDefaultAsync(cancellationToken);
}

/// <param name="SignedText">The bytes that were signed, as text: one line of canonical JSON.</param>
/// <param name="Signature">ECDSA P-256 with SHA-256, DER, in base64.</param>
public sealed record SignedHead(long Size, string Root, DateTimeOffset At, string KeyId, string SignedText, string Signature)
{
    public static SignedHead Of(TreeHead head) => new(
        head.Size,
        Convert.ToHexStringLower(head.Root),
        head.At,
        head.KeyId,
        Encoding.UTF8.GetString(head.SignedBytes()),
        Convert.ToBase64String(head.Signature));
}

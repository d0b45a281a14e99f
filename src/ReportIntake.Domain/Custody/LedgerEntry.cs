using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace ReportIntake.Domain.Custody;

/// <summary>
/// One custody event: who did what to which report or evidence item, when and why. Written in the same transaction as
/// what it records and never changed; the sequencer then gives it its <see cref="Position"/> in the one Merkle log.
/// </summary>
public sealed class LedgerEntry
{
    /// <summary>The one detail that is free text.</summary>
    public const string PurposeDetail = "purpose";

    private const string PurposeHashDetail = "purposeHash";
    private const int SaltSize = 16;

    private LedgerEntry()
    {
    }

    public Guid Id { get; private set; }

    public DateTimeOffset At { get; private set; }

    public ActorKind ActorKind { get; private set; }

    public Guid ActorId { get; private set; }

    /// <summary>What was done, in snake_case, such as <c>verified</c> or <c>working_copy_viewed</c>.</summary>
    public string Action { get; private set; } = "";

    public Guid? ReportId { get; private set; }

    public Guid? EvidenceId { get; private set; }

    /// <summary>Codes and hashes as canonical JSON (RFC 8785: one object of strings, keys in ordinal order). No free text, no personal data.</summary>
    public string Details { get; private set; } = "{}";

    /// <summary>
    /// Why, in a person's own words. Kept beside the log, not in it: <see cref="Details"/> has <c>purposeHash</c>, the
    /// SHA-256 of <see cref="PurposeSalt"/> and these words in hex, so that they cannot be changed, but can be removed.
    /// </summary>
    public string? Purpose { get; private set; }

    /// <summary>128 random bits, kept with the words: without them short ones could be guessed from their hash.</summary>
    public byte[]? PurposeSalt { get; private set; }

    /// <summary>RFC 6962 leaf hash, SHA-256(0x00 ‖ <see cref="Canonical"/>), taken when the entry was written.</summary>
    public byte[] LeafHash { get; private set; } = [];

    /// <summary>Zero-based index in the Merkle log; null until the sequencer has been there.</summary>
    public long? Position { get; private set; }

    /// <param name="details">Codes, ids and hashes. <see cref="PurposeDetail"/> alone may be free text: it becomes <see cref="Purpose"/>.</param>
    public static LedgerEntry Write(
        Actor actor, string action, Guid? reportId, Guid? evidenceId, IReadOnlyDictionary<string, string> details, DateTimeOffset now)
    {
        var entry = new LedgerEntry
        {
            Id = Guid.CreateVersion7(now),
            At = now,
            ActorKind = actor.Kind,
            ActorId = actor.Id,
            Action = action,
            ReportId = reportId,
            EvidenceId = evidenceId,
        };
        entry.Details = Encoding.UTF8.GetString(CanonicalJson.Serialize(JsonSerializer.SerializeToElement(entry.TakePurpose(details))));
        entry.LeafHash = entry.ComputeLeafHash();
        return entry;
    }

    /// <summary>False where the words are not those that were logged. True where there are none, or none any more.</summary>
    public bool PurposeIsAsLogged() =>
        Purpose is null
        || (PurposeSalt is not null && JsonNode.Parse(Details)?[PurposeHashDetail]?.GetValue<string>() == PurposeHash(PurposeSalt, Purpose));

    public void PlaceAt(long position) => Position = Position is null ? position : throw new InvalidOperationException("The entry has a position.");

    /// <summary>What is hashed: every field but position and hash as canonical JSON (RFC 8785). Times are ISO 8601 UTC with microseconds.</summary>
    public byte[] Canonical() => CanonicalJson.Serialize(new JsonObject
    {
        ["action"] = Action,
        ["actor"] = ActorKind.Name(),
        ["actorId"] = ActorId == Guid.Empty ? null : ActorId.ToString(),
        ["at"] = At.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.ffffffZ", CultureInfo.InvariantCulture),
        ["details"] = JsonNode.Parse(Details),
        ["evidenceId"] = EvidenceId?.ToString(),
        ["id"] = Id.ToString(),
        ["reportId"] = ReportId?.ToString(),
    });

    private IReadOnlyDictionary<string, string> TakePurpose(IReadOnlyDictionary<string, string> details)
    {
        if (!details.TryGetValue(PurposeDetail, out var purpose))
        {
            return details;
        }

        (Purpose, PurposeSalt) = (purpose, RandomNumberGenerator.GetBytes(SaltSize));
        var logged = details.Where(d => d.Key != PurposeDetail).ToDictionary(d => d.Key, d => d.Value);
        logged[PurposeHashDetail] = PurposeHash(PurposeSalt, Purpose);
        return logged;
    }

    private static string PurposeHash(byte[] salt, string purpose) =>
        Convert.ToHexStringLower(SHA256.HashData([.. salt, .. Encoding.UTF8.GetBytes(purpose)]));

    /// <summary>The leaf hash that the entry's fields have now; another than <see cref="LeafHash"/> means that it was edited.</summary>
    public byte[] ComputeLeafHash() => MerkleTree.HashLeaf(Canonical());
}

using System.Globalization;
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

    /// <summary>Codes, hashes and purposes as canonical JSON (RFC 8785: one object of strings, keys in ordinal order). No personal data.</summary>
    public string Details { get; private set; } = "{}";

    /// <summary>RFC 6962 leaf hash, SHA-256(0x00 ‖ <see cref="Canonical"/>), taken when the entry was written.</summary>
    public byte[] LeafHash { get; private set; } = [];

    /// <summary>Zero-based index in the Merkle log; null until the sequencer has been there.</summary>
    public long? Position { get; private set; }

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
            Details = Encoding.UTF8.GetString(CanonicalJson.Serialize(JsonSerializer.SerializeToElement(details))),
        };
        entry.LeafHash = entry.ComputeLeafHash();
        return entry;
    }

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

    /// <summary>The leaf hash that the entry's fields have now; another than <see cref="LeafHash"/> means that it was edited.</summary>
    public byte[] ComputeLeafHash() => MerkleTree.HashLeaf(Canonical());
}

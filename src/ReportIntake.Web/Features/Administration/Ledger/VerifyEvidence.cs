using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using ReportIntake.Domain.Evidence;
using ReportIntake.Web.Evidence;
using ReportIntake.Web.Evidence.Store;
using ReportIntake.Web.Persistence;

namespace ReportIntake.Web.Features.Administration.Ledger;

/// <summary>
/// Reads every blob of the evidence store and compares the originals with what the database and the ledger say of them.
/// Each copy is authenticated by its own encryption, so a changed byte of a working copy is found too.
/// </summary>
public sealed class VerifyEvidence(ReportIntakeDbContext database, IEvidenceStore store)
{
    /// <summary>The ledger's word for the arrival of a file; its entry has the hash.</summary>
    private const string Received = "evidence_received";

    /// <param name="Read">Blobs that were read to their end.</param>
    /// <param name="Findings">By evidence id; empty where everything is as it was.</param>
    public sealed record Verdict(int Read, IReadOnlyList<Finding> Findings);

    /// <param name="Message">One English sentence for operators.</param>
    public sealed record Finding(Guid EvidenceId, string Message);

    public async Task<Verdict> VerifyAsync(CancellationToken cancellationToken)
    {
        var items = await database.Evidence.AsNoTracking().Where(e => e.Sha256 != null)
            .Select(e => new Item(e.Id, e.State, e.Size, e.Sha256!)).ToDictionaryAsync(e => e.Id, cancellationToken);
        var findings = new List<Finding>();
        var read = 0;
        foreach (var item in items.Values.Where(i => i.State is not EvidenceState.Destroyed))
        {
            read++;
            if (await OriginalAsync(item, cancellationToken) is { } flaw)
            {
                findings.Add(new Finding(item.Id, $"Evidence {item.Id}: {flaw}."));
            }
        }

        await foreach (var blob in store.ListAsync(cancellationToken))
        {
            if (blob.Key.Kind is not BlobKind.Original && await CopyAsync(blob.Key, cancellationToken) is { IsComplete: true } copy)
            {
                read++;
                if (copy.Damage is { } damage)
                {
                    findings.Add(new Finding(blob.Key.EvidenceId, $"Evidence {blob.Key.EvidenceId}: {damage}."));
                }
            }
        }

        findings.AddRange(await AgainstLedgerAsync(items, cancellationToken));
        return new Verdict(read, [.. findings.OrderBy(f => f.EvidenceId)]);
    }

    private async Task<string?> OriginalAsync(Item item, CancellationToken cancellationToken)
    {
        var key = BlobKey.Original(item.Id);
        try
        {
            if (await store.GetStatusAsync(key, cancellationToken) is not { IsComplete: true })
            {
                return "the original is missing";
            }

            var content = await store.HashAsync(key, cancellationToken);
            return content.Sha256.AsSpan().SequenceEqual(item.Sha256) && content.Size == item.Size
                ? null
                : "the original is not the one whose SHA-256 is recorded";
        }
        catch (EvidenceCorruptException damage)
        {
            return damage.Message;
        }
    }

    private async Task<(bool IsComplete, string? Damage)> CopyAsync(BlobKey key, CancellationToken cancellationToken)
    {
        try
        {
            if (await store.GetStatusAsync(key, cancellationToken) is not { IsComplete: true })
            {
                return (false, null);
            }

            await store.HashAsync(key, cancellationToken);
            return (true, null);
        }
        catch (EvidenceCorruptException damage)
        {
            return (true, damage.Message);
        }
    }

    /// <summary>Whoever edits a row's hash together with the file still has the ledger against him.</summary>
    private async Task<List<Finding>> AgainstLedgerAsync(Dictionary<Guid, Item> items, CancellationToken cancellationToken)
    {
        var received = await database.Ledger.AsNoTracking().Where(e => e.Action == Received && e.EvidenceId != null)
            .Select(e => new { Id = e.EvidenceId!.Value, e.Details }).ToListAsync(cancellationToken);
        var destroyed = await database.Ledger.AsNoTracking().Where(e => e.Action == DestroyedEvidence.LedgerAction && e.EvidenceId != null)
            .Select(e => e.EvidenceId!.Value).ToHashSetAsync(cancellationToken);
        var findings = new List<Finding>();
        foreach (var entry in received)
        {
            if (!items.TryGetValue(entry.Id, out var item))
            {
                if (!destroyed.Contains(entry.Id))
                {
                    findings.Add(new Finding(entry.Id, $"Evidence {entry.Id}: the ledger knows it, the database does not."));
                }
            }
            else if (Sha256(entry.Details) is { } recorded && recorded != Convert.ToHexStringLower(item.Sha256))
            {
                findings.Add(new Finding(entry.Id, $"Evidence {entry.Id}: the database has another SHA-256 than the ledger."));
            }
        }

        return findings;
    }

    /// <summary>An entry that is damaged itself is the ledger's own finding.</summary>
    private static string? Sha256(string details)
    {
        try
        {
            using var json = JsonDocument.Parse(details);
            return json.RootElement.TryGetProperty("sha256", out var hash) ? hash.GetString() : null;
        }
        catch (Exception damaged) when (damaged is JsonException or InvalidOperationException)
        {
            return null;
        }
    }

    private sealed record Item(Guid Id, EvidenceState State, long? Size, byte[] Sha256);
}

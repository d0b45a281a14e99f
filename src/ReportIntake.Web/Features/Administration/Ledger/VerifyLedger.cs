using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using ReportIntake.Domain.Custody;
using ReportIntake.Web.Persistence;
using ReportIntake.Web.Security;

namespace ReportIntake.Web.Features.Administration.Ledger;

/// <summary>
/// Reads the whole log from its rows, hashes every entry again, and compares the tree with every signed head and with the
/// kept right edge. Publication may go on meanwhile; what is published after the start is not looked at.
/// </summary>
/// <remarks>
/// A swap or a rewriting that fits its own hashes shows in the roots only, so it is told as a range: between two heads or
/// two subtrees of the right edge. Who can rewrite rows, heads, keys and edge together is found out only by a head kept elsewhere.
/// </remarks>
public sealed class VerifyLedger(ReportIntakeDbContext database)
{
    private const int Page = 1_000;

    public Task<LedgerVerdict> VerifyAsync(CancellationToken cancellationToken) => VerifyAsync([], cancellationToken);

    /// <param name="keptElsewhere">Heads that were exported: against them nobody with the database alone can do anything.</param>
    /// <param name="cancellationToken">Cancels.</param>
    public async Task<LedgerVerdict> VerifyAsync(IReadOnlyCollection<TreeHead> keptElsewhere, CancellationToken cancellationToken)
    {
        // In this order: an honest log only grows, so its state can never be behind what was read before it.
        var newest = await database.Ledger.Where(e => e.Position != null).MaxAsync(e => e.Position, cancellationToken);
        var own = await database.TreeHeads.AsNoTracking().ToListAsync(cancellationToken);
        var heads = own.Concat(keptElsewhere).OrderBy(h => h.Size).ToList();
        var edge = await ReadEdgeAsync(cancellationToken);
        var publicKeys = await database.SigningKeys.AsNoTracking().ToDictionaryAsync(k => k.KeyId, k => k.PublicKeyPem, cancellationToken);

        var check = new LedgerCheck(heads, edge, publicKeys);
        var flaw = await InsertedAsync(newest, edge, cancellationToken)
            ?? await ReadPublishedAsync(check, Math.Max(edge?.Size ?? (newest + 1) ?? 0, heads.Count == 0 ? 0 : heads[^1].Size), cancellationToken);
        var unpublished = 0;
        if (flaw is null)
        {
            (flaw, unpublished) = await ReadUnpublishedAsync(cancellationToken);
        }

        flaw ??= edge is null ? new LedgerFinding(LedgerFlaw.StateDamaged, null, null, null) : null;
        return new LedgerVerdict(check.Log.Size, Convert.ToHexStringLower(check.Log.Root), unpublished, check.HeadsSeen, flaw);
    }

    private async Task<MerkleFrontier?> ReadEdgeAsync(CancellationToken cancellationToken)
    {
        var bytes = await database.PublicationState.AsNoTracking().Select(s => s.LedgerFrontier).SingleOrDefaultAsync(cancellationToken);
        try
        {
            return bytes is null ? null : MerkleFrontier.Parse(bytes);
        }
        catch (FormatException)
        {
            return null;
        }
    }

    /// <summary>Rows where no position was ever given: below zero, or past the end.</summary>
    private async Task<LedgerFinding?> InsertedAsync(long? newest, MerkleFrontier? edge, CancellationToken cancellationToken)
    {
        var end = edge is not null && newest >= edge.Size ? newest : long.MaxValue;
        var row = await database.Ledger.Where(e => e.Position < 0 || e.Position == end).OrderBy(e => e.Position)
            .Select(e => new { e.Id, e.Position }).FirstOrDefaultAsync(cancellationToken);
        return row is null ? null : new LedgerFinding(LedgerFlaw.EntryInserted, row.Position, null, row.Id);
    }

    private async Task<LedgerFinding?> ReadPublishedAsync(LedgerCheck check, long end, CancellationToken cancellationToken)
    {
        if (check.AtHead() is { } flawOfEmptyLog)
        {
            return flawOfEmptyLog;
        }

        var take = Page;
        while (check.Log.Size < end)
        {
            var from = check.Log.Size;
            List<LedgerEntry> page;
            try
            {
                page = await database.Ledger.AsNoTracking().Where(e => e.Position >= from && e.Position < end)
                    .OrderBy(e => e.Position).Take(take).ToListAsync(cancellationToken);
            }
            catch (Exception unreadable) when (IsUnreadable(unreadable))
            {
                if (take == 1)
                {
                    return new LedgerFinding(LedgerFlaw.EntryEdited, from, null, null);
                }

                take = 1; // one of the page was edited into something that cannot be read: which?
                continue;
            }

            if (page.Count == 0)
            {
                return new LedgerFinding(LedgerFlaw.CutOff, from, null, null);
            }

            foreach (var entry in page)
            {
                if (entry.Position != check.Log.Size)
                {
                    return new LedgerFinding(LedgerFlaw.EntryMissing, check.Log.Size, null, null);
                }

                if (!IsAsWritten(entry))
                {
                    return new LedgerFinding(LedgerFlaw.EntryEdited, entry.Position, null, entry.Id);
                }

                if (check.Append(entry.LeafHash) is { } flaw)
                {
                    return flaw;
                }
            }
        }

        return null;
    }

    private async Task<(LedgerFinding? Flaw, int Count)> ReadUnpublishedAsync(CancellationToken cancellationToken)
    {
        var count = 0;
        try
        {
            await foreach (var entry in database.Ledger.AsNoTracking().Where(e => e.Position == null).AsAsyncEnumerable().WithCancellation(cancellationToken))
            {
                count++;
                if (!IsAsWritten(entry))
                {
                    return (new LedgerFinding(LedgerFlaw.EntryEdited, null, null, entry.Id), count);
                }
            }
        }
        catch (Exception unreadable) when (IsUnreadable(unreadable))
        {
            return (new LedgerFinding(LedgerFlaw.EntryEdited, null, null, null), count);
        }

        return (null, count);
    }

    private static bool IsAsWritten(LedgerEntry entry)
    {
        try
        {
            return entry.LeafHash.AsSpan().SequenceEqual(entry.ComputeLeafHash()) && entry.PurposeIsAsLogged();
        }
        catch (Exception unreadable) when (IsUnreadable(unreadable))
        {
            return false;
        }
    }

    /// <summary>What conversions throw for a value that this program never wrote; a database that is away throws others.</summary>
    private static bool IsUnreadable(Exception e) =>
        e is FormatException or InvalidCastException or InvalidOperationException or OverflowException or ArgumentException or JsonException;

    /// <summary>The tree as it is built again, compared wherever its root is known.</summary>
    private sealed class LedgerCheck(List<TreeHead> heads, MerkleFrontier? edge, Dictionary<string, string> publicKeys)
    {
        private readonly byte[] edgeRoots = edge?.ToBytes()[sizeof(long)..] ?? [];
        private long sound;

        public MerkleFrontier Log { get; } = new();

        public int HeadsSeen { get; private set; }

        public LedgerFinding? Append(byte[] leafHash)
        {
            Log.Append(leafHash);
            if (AtHead() is { } flaw)
            {
                return flaw;
            }

            if (!IsSubtreeOfEdge())
            {
                return null;
            }

            var roots = Log.ToBytes()[sizeof(long)..];
            return edgeRoots.AsSpan().StartsWith(roots) ? Sound() : Rewritten();
        }

        /// <summary>Compares with the signed heads of this size, where there are any.</summary>
        public LedgerFinding? AtHead()
        {
            while (HeadsSeen < heads.Count && heads[HeadsSeen].Size == Log.Size)
            {
                if (Compare(heads[HeadsSeen++]) is { } flaw)
                {
                    return flaw;
                }
            }

            return null;
        }

        private LedgerFinding? Compare(TreeHead head)
        {
            if (!publicKeys.TryGetValue(head.KeyId, out var publicKey) || !SigningKey.Verify(publicKey, head.SignedBytes(), head.Signature))
            {
                return new LedgerFinding(LedgerFlaw.TreeHeadForged, head.Size, null, null);
            }

            return head.Root.AsSpan().SequenceEqual(Log.Root) ? Sound() : Rewritten();
        }

        /// <summary>The kept edge holds the roots of complete subtrees, largest first: at their ends it knows what the log was.</summary>
        private bool IsSubtreeOfEdge()
        {
            if (edge is null || Log.Size > edge.Size)
            {
                return false;
            }

            // True where the size is the upper bits of the edge's size and nothing below.
            var lowest = Log.Size & -Log.Size;
            return (edge.Size & ~(lowest - 1)) == Log.Size;
        }

        private LedgerFinding? Sound()
        {
            sound = Log.Size;
            return null;
        }

        private LedgerFinding Rewritten() => new(LedgerFlaw.RangeRewritten, sound, Log.Size - 1, null);
    }
}

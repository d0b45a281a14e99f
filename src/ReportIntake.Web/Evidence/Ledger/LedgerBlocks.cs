using Microsoft.EntityFrameworkCore;
using ReportIntake.Domain.Custody;
using ReportIntake.Web.Persistence;

namespace ReportIntake.Web.Evidence.Ledger;

/// <summary>
/// Roots of the log's complete subtrees of <see cref="Size"/> leaves, kept in memory: an append-only log never changes
/// them, and a proof over millions of entries then reads the leaves of two or three blocks. 32 bytes a block.
/// </summary>
/// <remarks>A row that is changed behind the program's back does not change what is kept here, so a proof of it fails, as it must.</remarks>
public sealed class LedgerBlocks : IDisposable
{
    /// <summary>Leaves of one block: a power of two.</summary>
    public const int Size = 1024;

    private readonly SemaphoreSlim once = new(1, 1);
    private volatile byte[][] roots = [];

    /// <summary>Reads what is still missing of the first <paramref name="count"/> blocks.</summary>
    /// <exception cref="LedgerDamagedException">A leaf is missing.</exception>
    public async Task ExtendAsync(ReportIntakeDbContext database, long count, CancellationToken cancellationToken)
    {
        if (roots.Length >= count)
        {
            return;
        }

        await once.WaitAsync(cancellationToken);
        try
        {
            var more = new List<byte[]>(roots);
            while (more.Count < count)
            {
                var leaves = await ReadAsync(database, more.Count, Size, cancellationToken);
                more.Add(MerkleTree.Root(i => leaves[i], Size));
            }

            roots = [.. more];
        }
        finally
        {
            once.Release();
        }
    }

    /// <summary>The first <paramref name="length"/> leaf hashes of a block.</summary>
    /// <exception cref="LedgerDamagedException">One is missing.</exception>
    public static async Task<byte[][]> ReadAsync(ReportIntakeDbContext database, long block, int length, CancellationToken cancellationToken)
    {
        var (from, to) = (block * Size, (block * Size) + length);
        var rows = await database.Ledger.AsNoTracking().Where(e => e.Position >= from && e.Position < to)
            .OrderBy(e => e.Position).Select(e => new { e.Position, e.LeafHash }).ToListAsync(cancellationToken);
        for (var i = 0; i < length; i++)
        {
            if (i >= rows.Count || rows[i].Position != from + i || rows[i].LeafHash.Length != MerkleTree.HashSize)
            {
                throw new LedgerDamagedException(from + i);
            }
        }

        return [.. rows.Select(r => r.LeafHash)];
    }

    /// <summary>The root of one whole block; null for every other range and for what was not read yet. A subtree of that many leaves always starts at a block.</summary>
    public byte[]? Find(long start, long end)
    {
        var known = roots;
        return end - start == Size && start / Size < known.Length ? known[start / Size] : null;
    }

    public void Dispose() => once.Dispose();
}

/// <summary>The log is not what it was: an entry is missing or was changed together with its hash. <c>ledger verify</c> says more.</summary>
public sealed class LedgerDamagedException(long position) : Exception($"The custody ledger is damaged at position {position}.")
{
    public long Position { get; } = position;
}

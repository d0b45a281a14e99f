using ReportIntake.Domain.Custody;
using ReportIntake.Web.Persistence;

namespace ReportIntake.Web.Evidence.Ledger;

/// <summary>Proofs over the published log (RFC 9162 section 2.1), for any size that it ever had.</summary>
/// <remarks>Every method throws <see cref="LedgerDamagedException"/> where a leaf that it needs is missing.</remarks>
public sealed class LedgerProofs(ReportIntakeDbContext database, LedgerBlocks blocks)
{
    /// <summary>Blocks of leaves kept for the next proof: entries of one report stand near one another.</summary>
    private const int Kept = 8;

    private readonly Dictionary<(long Block, int Length), byte[][]> leaves = [];

    /// <summary>The root over the first <paramref name="size"/> entries.</summary>
    public async Task<byte[]> RootAsync(long size, CancellationToken cancellationToken)
    {
        var read = await LeavesAsync(size, [], cancellationToken);
        return MerkleTree.Root(read, size, blocks.Find);
    }

    /// <summary>The audit path of the entry at <paramref name="position"/> in the tree of <paramref name="size"/> entries, from the leaf upwards.</summary>
    public async Task<IReadOnlyList<byte[]>> InclusionAsync(long position, long size, CancellationToken cancellationToken)
    {
        var read = await LeavesAsync(size, [position], cancellationToken);
        return MerkleTree.InclusionProof(read, position, size, blocks.Find);
    }

    /// <summary>What shows that the tree of <paramref name="first"/> entries is a prefix of the tree of <paramref name="second"/>.</summary>
    public async Task<IReadOnlyList<byte[]>> ConsistencyAsync(long first, long second, CancellationToken cancellationToken)
    {
        var read = await LeavesAsync(second, first == 0 ? [] : [first - 1], cancellationToken);
        return MerkleTree.ConsistencyProof(read, first, second, blocks.Find);
    }

    /// <summary>Leaves of the blocks that a proof cuts through; all others it takes whole.</summary>
    private async Task<Func<long, byte[]>> LeavesAsync(long size, long[] cut, CancellationToken cancellationToken)
    {
        await blocks.ExtendAsync(database, size / LedgerBlocks.Size, cancellationToken);
        var found = new Dictionary<long, byte[][]>();
        long[] ragged = size % LedgerBlocks.Size == 0 ? [] : [size];
        foreach (var block in cut.Concat(ragged).Select(position => position / LedgerBlocks.Size).Distinct())
        {
            found[block] = await ReadAsync(block, (int)Math.Min(LedgerBlocks.Size, size - (block * LedgerBlocks.Size)), cancellationToken);
        }

        return position => found[position / LedgerBlocks.Size][position % LedgerBlocks.Size];
    }

    private async Task<byte[][]> ReadAsync(long block, int length, CancellationToken cancellationToken)
    {
        if (leaves.TryGetValue((block, length), out var known))
        {
            return known;
        }

        if (leaves.Count == Kept)
        {
            leaves.Clear();
        }

        return leaves[(block, length)] = await LedgerBlocks.ReadAsync(database, block, length, cancellationToken);
    }
}

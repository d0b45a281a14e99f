using System.Numerics;
using System.Security.Cryptography;

namespace ReportIntake.Domain.Custody;

/// <summary>
/// The hash tree of RFC 6962 section 2.1, as restated in RFC 9162 section 2.1: SHA-256, leaves and inner nodes told
/// apart by a prefix byte, so that an inner node can never be passed off as a leaf. All functions are pure; hashes are 32 bytes.
/// </summary>
/// <remarks>
/// Roots and proofs are computed from the leaf hashes alone, so a proof reads each leaf of the tree once at most:
/// linear time, logarithmic memory. Who keeps roots of subtrees answers <see cref="KnownSubtree"/> and saves reading their
/// leaves. Growing a tree needs no leaves: see <see cref="MerkleFrontier"/>.
/// </remarks>
public static class MerkleTree
{
    /// <summary>Bytes of every hash: SHA-256.</summary>
    public const int HashSize = SHA256.HashSizeInBytes;

    /// <summary>The root over the leaves from <paramref name="start"/> up to <paramref name="end"/>, or null where it is not kept.</summary>
    public delegate byte[]? KnownSubtree(long start, long end);

    private const byte LeafPrefix = 0x00;
    private const byte NodePrefix = 0x01;

    /// <summary>The root of the tree without leaves: SHA-256 of nothing.</summary>
    public static byte[] EmptyRoot => SHA256.HashData([]);

    /// <summary>SHA-256(0x00 ‖ data).</summary>
    public static byte[] HashLeaf(ReadOnlySpan<byte> data)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData([LeafPrefix]);
        hash.AppendData(data);
        return hash.GetHashAndReset();
    }

    /// <summary>SHA-256(0x01 ‖ left ‖ right).</summary>
    public static byte[] HashNode(ReadOnlySpan<byte> left, ReadOnlySpan<byte> right)
    {
        Span<byte> input = stackalloc byte[1 + (2 * HashSize)];
        input[0] = NodePrefix;
        left.CopyTo(input[1..]);
        right.CopyTo(input[(1 + HashSize)..]);
        return SHA256.HashData(input);
    }

    /// <summary>The root over the first <paramref name="size"/> leaves.</summary>
    public static byte[] Root(Func<long, byte[]> leafHash, long size, KnownSubtree? known = null)
    {
        ArgumentNullException.ThrowIfNull(leafHash);
        ArgumentOutOfRangeException.ThrowIfNegative(size);
        return size == 0 ? EmptyRoot : Subtree(leafHash, known, 0, size);
    }

    /// <summary>The audit path of a leaf, from the leaf upwards (RFC 9162 section 2.1.3.1).</summary>
    public static IReadOnlyList<byte[]> InclusionProof(Func<long, byte[]> leafHash, long index, long size, KnownSubtree? known = null)
    {
        ArgumentNullException.ThrowIfNull(leafHash);
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, size);
        var proof = new List<byte[]>();
        var (start, end) = (0L, size);
        while (end - start > 1)
        {
            var split = start + LargestPowerOfTwoBelow(end - start);
            if (index < split)
            {
                proof.Add(Subtree(leafHash, known, split, end));
                end = split;
            }
            else
            {
                proof.Add(Subtree(leafHash, known, start, split));
                start = split;
            }
        }

        proof.Reverse();
        return proof;
    }

    /// <summary>
    /// What shows that the tree of <paramref name="oldSize"/> leaves is a prefix of the tree of <paramref name="newSize"/>
    /// (RFC 9162 section 2.1.4.1). Empty where the sizes are equal or the old tree has no leaves.
    /// </summary>
    public static IReadOnlyList<byte[]> ConsistencyProof(Func<long, byte[]> leafHash, long oldSize, long newSize, KnownSubtree? known = null)
    {
        ArgumentNullException.ThrowIfNull(leafHash);
        ArgumentOutOfRangeException.ThrowIfNegative(oldSize);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(oldSize, newSize);
        var proof = new List<byte[]>();
        if (oldSize == 0)
        {
            return proof;
        }

        var (start, end) = (0L, newSize);
        while (oldSize != end)
        {
            var split = start + LargestPowerOfTwoBelow(end - start);
            if (oldSize <= split)
            {
                proof.Add(Subtree(leafHash, known, split, end));
                end = split;
            }
            else
            {
                proof.Add(Subtree(leafHash, known, start, split));
                start = split;
            }
        }

        // A subtree that is the whole old tree is its root: the verifier has that already (b = true in the RFC).
        if (start != 0)
        {
            proof.Add(Subtree(leafHash, known, start, end));
        }

        proof.Reverse();
        return proof;
    }

    /// <summary>Whether the leaf stands at that index in the tree with that root (RFC 9162 section 2.1.3.2). False for every malformed input.</summary>
    public static bool VerifyInclusion(ReadOnlySpan<byte> leafHash, long index, long size, IReadOnlyList<byte[]> proof, ReadOnlySpan<byte> root)
    {
        ArgumentNullException.ThrowIfNull(proof);
        if (index < 0 || index >= size || leafHash.Length != HashSize || !AreHashes(proof))
        {
            return false;
        }

        var (node, last) = (index, size - 1);
        var hash = leafHash.ToArray();
        foreach (var sibling in proof)
        {
            if (last == 0)
            {
                return false;
            }

            if (long.IsOddInteger(node) || node == last)
            {
                hash = HashNode(sibling, hash);
                SkipMissingSiblings(ref node, ref last);
            }
            else
            {
                hash = HashNode(hash, sibling);
            }

            (node, last) = (node >> 1, last >> 1);
        }

        return last == 0 && root.SequenceEqual(hash);
    }

    /// <summary>Whether the new tree only adds to the old one (RFC 9162 section 2.1.4.2). False for every malformed input.</summary>
    public static bool VerifyConsistency(
        long oldSize, long newSize, ReadOnlySpan<byte> oldRoot, ReadOnlySpan<byte> newRoot, IReadOnlyList<byte[]> proof)
    {
        ArgumentNullException.ThrowIfNull(proof);
        if (oldSize < 0 || oldSize > newSize || !AreHashes(proof))
        {
            return false;
        }

        // The RFC defines no proof for these two; an empty proof says all there is to say.
        if (oldSize == newSize || oldSize == 0)
        {
            return proof.Count == 0
                && (oldSize == newSize ? oldRoot.SequenceEqual(newRoot) : newRoot.Length == HashSize)
                && (oldSize != 0 || oldRoot.SequenceEqual(EmptyRoot));
        }

        var startsAtOldRoot = BitOperations.IsPow2(oldSize);
        if (!startsAtOldRoot && proof.Count == 0)
        {
            return false;
        }

        var oldHash = startsAtOldRoot ? oldRoot.ToArray() : proof[0];
        var newHash = oldHash;
        var trailingOnes = BitOperations.TrailingZeroCount(oldSize);
        var (node, last) = ((oldSize - 1) >> trailingOnes, (newSize - 1) >> trailingOnes);
        foreach (var sibling in proof.Skip(startsAtOldRoot ? 0 : 1))
        {
            if (last == 0)
            {
                return false;
            }

            if (long.IsOddInteger(node) || node == last)
            {
                oldHash = HashNode(sibling, oldHash);
                newHash = HashNode(sibling, newHash);
                SkipMissingSiblings(ref node, ref last);
            }
            else
            {
                newHash = HashNode(newHash, sibling);
            }

            (node, last) = (node >> 1, last >> 1);
        }

        return last == 0 && oldRoot.SequenceEqual(oldHash) && newRoot.SequenceEqual(newHash);
    }

    /// <summary>A node on the right edge moves up without hashing while it has no sibling.</summary>
    private static void SkipMissingSiblings(ref long node, ref long last)
    {
        while (!long.IsOddInteger(node) && node != 0)
        {
            (node, last) = (node >> 1, last >> 1);
        }
    }

    private static byte[] Subtree(Func<long, byte[]> leafHash, KnownSubtree? known, long start, long end)
    {
        if (end - start == 1)
        {
            return leafHash(start);
        }

        if (known?.Invoke(start, end) is { } root)
        {
            return root;
        }

        var split = start + LargestPowerOfTwoBelow(end - start);
        return HashNode(Subtree(leafHash, known, start, split), Subtree(leafHash, known, split, end));
    }

    private static long LargestPowerOfTwoBelow(long size) => 1L << BitOperations.Log2((ulong)(size - 1));

    private static bool AreHashes(IReadOnlyList<byte[]> proof) => proof.All(hash => hash is { Length: HashSize });
}

using System.Buffers.Binary;
using System.Numerics;

namespace ReportIntake.Domain.Custody;

/// <summary>
/// The right edge of a growing <see cref="MerkleTree"/>: the roots of its complete subtrees, largest first, one for each
/// set bit of the size. Enough to append and to tell the root without any of the leaves; at most 63 hashes.
/// Not safe for use by several threads at once.
/// </summary>
public sealed class MerkleFrontier
{
    private readonly List<byte[]> roots = [];

    /// <summary>Leaves appended so far.</summary>
    public long Size { get; private set; }

    /// <summary>The root over all leaves appended so far.</summary>
    public byte[] Root
    {
        get
        {
            if (roots.Count == 0)
            {
                return MerkleTree.EmptyRoot;
            }

            var root = roots[^1];
            for (var i = roots.Count - 2; i >= 0; i--)
            {
                root = MerkleTree.HashNode(roots[i], root);
            }

            return root.ToArray();
        }
    }

    /// <summary>Adds a leaf by its hash (<see cref="MerkleTree.HashLeaf"/>) and returns its index, from 0.</summary>
    public long Append(ReadOnlySpan<byte> leafHash)
    {
        if (leafHash.Length != MerkleTree.HashSize)
        {
            throw new ArgumentException($"A leaf hash has {MerkleTree.HashSize} bytes.", nameof(leafHash));
        }

        var hash = leafHash.ToArray();
        for (var size = Size; long.IsOddInteger(size); size >>= 1)
        {
            hash = MerkleTree.HashNode(roots[^1], hash);
            roots.RemoveAt(roots.Count - 1);
        }

        roots.Add(hash);
        return Size++;
    }

    /// <summary>The size as 8 bytes, big-endian, then the subtree roots, largest first.</summary>
    public byte[] ToBytes()
    {
        var bytes = new byte[sizeof(long) + (roots.Count * MerkleTree.HashSize)];
        BinaryPrimitives.WriteInt64BigEndian(bytes, Size);
        for (var i = 0; i < roots.Count; i++)
        {
            roots[i].CopyTo(bytes, sizeof(long) + (i * MerkleTree.HashSize));
        }

        return bytes;
    }

    /// <summary>What <see cref="ToBytes"/> wrote. Anything else is a damaged row: <see cref="FormatException"/>.</summary>
    public static MerkleFrontier Parse(ReadOnlySpan<byte> bytes)
    {
        var size = bytes.Length < sizeof(long) ? -1 : BinaryPrimitives.ReadInt64BigEndian(bytes);
        if (size < 0 || bytes.Length != sizeof(long) + (BitOperations.PopCount((ulong)size) * MerkleTree.HashSize))
        {
            throw new FormatException("The bytes are not a Merkle frontier.");
        }

        var frontier = new MerkleFrontier { Size = size };
        for (var rest = bytes[sizeof(long)..]; !rest.IsEmpty; rest = rest[MerkleTree.HashSize..])
        {
            frontier.roots.Add(rest[..MerkleTree.HashSize].ToArray());
        }

        return frontier;
    }
}

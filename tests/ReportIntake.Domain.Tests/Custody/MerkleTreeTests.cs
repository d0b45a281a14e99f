using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using FsCheck;
using FsCheck.Fluent;
using ReportIntake.Domain.Custody;

namespace ReportIntake.Domain.Tests.Custody;

public sealed class MerkleTreeTests
{
    private const int Largest = 130;

    private static readonly byte[][] Leaves =
        [.. Enumerable.Range(0, Largest).Select(i => MerkleTree.HashLeaf(Encoding.ASCII.GetBytes(i.ToString(CultureInfo.InvariantCulture))))];

    /// <summary>The definition of RFC 6962 section 2.1, word for word.</summary>
    private static byte[] NaiveRoot(ReadOnlySpan<byte[]> leaves)
    {
        if (leaves.Length < 2)
        {
            return leaves.IsEmpty ? SHA256.HashData([]) : leaves[0];
        }

        var k = 1;
        while (k * 2 < leaves.Length)
        {
            k *= 2;
        }

        return SHA256.HashData([1, .. NaiveRoot(leaves[..k]), .. NaiveRoot(leaves[k..])]);
    }

    [Fact]
    public void HashLeaf_KnownValues_AsInRfc6962Implementations()
    {
        Assert.Equal("6E340B9CFFB37A989CA544E6BB780A2C78901D3FB33738768511A30617AFA01D", Convert.ToHexString(MerkleTree.HashLeaf([])));
        Assert.Equal("E3B0C44298FC1C149AFBF4C8996FB92427AE41E4649B934CA495991B7852B855", Convert.ToHexString(MerkleTree.EmptyRoot));
    }

    [Fact]
    public void Root_EverySize_EqualsDefinition()
    {
        for (var size = 0; size <= Largest; size++)
        {
            Assert.Equal(NaiveRoot(Leaves.AsSpan(0, size)), MerkleTree.Root(LeafAt, size));
        }
    }

    [Fact]
    public void Append_EverySize_FrontierHasTheRootAlsoAfterStorage()
    {
        var frontier = new MerkleFrontier();
        for (var size = 0; size < Largest; size++)
        {
            Assert.Equal(size, frontier.Append(Leaves[size]));
            frontier = MerkleFrontier.Parse(frontier.ToBytes());

            Assert.Equal(size + 1, frontier.Size);
            Assert.Equal(NaiveRoot(Leaves.AsSpan(0, size + 1)), frontier.Root);
            Assert.InRange(frontier.ToBytes().Length, 8 + MerkleTree.HashSize, 8 + (8 * MerkleTree.HashSize));
        }
    }

    [Fact]
    public void InclusionProof_EveryLeafOfEverySize_Verifies()
    {
        for (var size = 1; size <= Largest; size++)
        {
            var root = MerkleTree.Root(LeafAt, size);
            for (var index = 0; index < size; index++)
            {
                Assert.True(MerkleTree.VerifyInclusion(Leaves[index], index, size, MerkleTree.InclusionProof(LeafAt, index, size), root));
            }
        }
    }

    [Fact]
    public void ConsistencyProof_EveryPairOfSizes_Verifies()
    {
        var roots = Enumerable.Range(0, Largest + 1).Select(size => MerkleTree.Root(LeafAt, size)).ToArray();
        for (var newSize = 0; newSize <= Largest; newSize++)
        {
            for (var oldSize = 0; oldSize <= newSize; oldSize++)
            {
                var proof = MerkleTree.ConsistencyProof(LeafAt, oldSize, newSize);

                Assert.True(MerkleTree.VerifyConsistency(oldSize, newSize, roots[oldSize], roots[newSize], proof));
            }
        }
    }

    /// <summary>The examples drawn in RFC 9162 section 2.1.5, a tree of seven leaves.</summary>
    [Fact]
    public void Proofs_TreeOfSevenLeaves_AreThoseOfTheRfc()
    {
        byte[] g = MerkleTree.HashNode(Leaves[0], Leaves[1]), h = MerkleTree.HashNode(Leaves[2], Leaves[3]), i = MerkleTree.HashNode(Leaves[4], Leaves[5]);
        byte[] k = MerkleTree.HashNode(g, h), l = MerkleTree.HashNode(i, Leaves[6]);

        Assert.Equal([Leaves[1], h, l], MerkleTree.InclusionProof(LeafAt, 0, 7));
        Assert.Equal([Leaves[2], g, l], MerkleTree.InclusionProof(LeafAt, 3, 7));
        Assert.Equal([Leaves[5], Leaves[6], k], MerkleTree.InclusionProof(LeafAt, 4, 7));
        Assert.Equal([i, k], MerkleTree.InclusionProof(LeafAt, 6, 7));
        Assert.Equal([Leaves[2], Leaves[3], g, l], MerkleTree.ConsistencyProof(LeafAt, 3, 7));
        Assert.Equal([l], MerkleTree.ConsistencyProof(LeafAt, 4, 7));
        Assert.Equal([i, Leaves[6], k], MerkleTree.ConsistencyProof(LeafAt, 6, 7));
    }

    [Fact]
    public void VerifyInclusion_AnythingChanged_Fails() => Prop.ForAll(
        (from size in Gen.Choose(1, Largest)
         from index in Gen.Choose(0, size - 1)
         from otherSize in Gen.Choose(-1, Largest + 1)
         from otherIndex in Gen.Choose(-1, Largest + 1)
         from bit in Gen.Choose(0, 255)
         from at in Gen.Choose(0, 20)
         select (size, index, otherSize, otherIndex, bit, at)).ToArbitrary(),
        c =>
        {
            var root = MerkleTree.Root(LeafAt, c.size);
            var proof = MerkleTree.InclusionProof(LeafAt, c.index, c.size);
            Assert.False(MerkleTree.VerifyInclusion(Flip(Leaves[c.index], c.bit), c.index, c.size, proof, root));
            Assert.False(MerkleTree.VerifyInclusion(Leaves[c.index], c.index, c.size, proof, Flip(root, c.bit)));
            Assert.False(MerkleTree.VerifyInclusion(Leaves[c.index], c.index, c.size, [.. proof, root], root));
            Assert.False(MerkleTree.VerifyInclusion(Leaves[c.index], c.index, c.size, [root, .. proof], root));
            if (c.otherIndex != c.index)
            {
                Assert.False(MerkleTree.VerifyInclusion(Leaves[c.index], c.otherIndex, c.size, proof, root));
            }

            if (proof.Count > 0)
            {
                var at = c.at % proof.Count;
                Assert.False(MerkleTree.VerifyInclusion(Leaves[c.index], c.index, c.size, [.. proof.Take(at), Flip(proof[at], c.bit), .. proof.Skip(at + 1)], root));
                Assert.False(MerkleTree.VerifyInclusion(Leaves[c.index], c.index, c.size, [.. proof.Take(at), .. proof.Skip(at + 1)], root));
            }
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void VerifyConsistency_AnythingChanged_Fails() => Prop.ForAll(
        (from newSize in Gen.Choose(2, Largest)
         from oldSize in Gen.Choose(1, newSize - 1)
         from bit in Gen.Choose(0, 255)
         from at in Gen.Choose(0, 20)
         select (oldSize, newSize, bit, at)).ToArbitrary(),
        c =>
        {
            byte[] oldRoot = MerkleTree.Root(LeafAt, c.oldSize), newRoot = MerkleTree.Root(LeafAt, c.newSize);
            var proof = MerkleTree.ConsistencyProof(LeafAt, c.oldSize, c.newSize);
            var at = c.at % proof.Count;
            Assert.False(MerkleTree.VerifyConsistency(c.oldSize, c.newSize, Flip(oldRoot, c.bit), newRoot, proof));
            Assert.False(MerkleTree.VerifyConsistency(c.oldSize, c.newSize, oldRoot, Flip(newRoot, c.bit), proof));
            Assert.False(MerkleTree.VerifyConsistency(c.oldSize, c.newSize, newRoot, oldRoot, proof));
            Assert.False(MerkleTree.VerifyConsistency(c.newSize, c.oldSize, newRoot, oldRoot, proof));
            Assert.False(MerkleTree.VerifyConsistency(c.oldSize, c.newSize, oldRoot, newRoot, [.. proof, newRoot]));
            Assert.False(MerkleTree.VerifyConsistency(c.oldSize, c.newSize, oldRoot, newRoot, [.. proof.Take(at), .. proof.Skip(at + 1)]));
            Assert.False(MerkleTree.VerifyConsistency(
                c.oldSize, c.newSize, oldRoot, newRoot, [.. proof.Take(at), Flip(proof[at], c.bit), .. proof.Skip(at + 1)]));
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Verify_HashOfWrongLength_Fails()
    {
        var root = MerkleTree.Root(LeafAt, 2);

        Assert.False(MerkleTree.VerifyInclusion(Leaves[0], 0, 2, [Leaves[1][..31]], root));
        Assert.False(MerkleTree.VerifyInclusion([], 0, 1, [], []));
        Assert.False(MerkleTree.VerifyConsistency(1, 2, Leaves[0], root, [[]]));
        Assert.False(MerkleTree.VerifyConsistency(0, 2, root, root, []));
    }

    [Theory]
    [InlineData("")]
    [InlineData("0000000000000001")]
    [InlineData("FFFFFFFFFFFFFFFF")]
    [InlineData("000000000000000000")]
    public void Parse_DamagedFrontier_IsRefused(string hex) =>
        Assert.Throws<FormatException>(() => MerkleFrontier.Parse(Convert.FromHexString(hex)));

    [Fact]
    public void InclusionProof_NoSuchLeaf_IsABug() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => MerkleTree.InclusionProof(LeafAt, 3, 3));

    private static byte[] LeafAt(long index) => Leaves[index];

    private static byte[] Flip(byte[] hash, int bit)
    {
        var flipped = hash.ToArray();
        flipped[bit / 8] ^= (byte)(1 << (bit % 8));
        return flipped;
    }
}

using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace ReportIntake.Domain.Recognition;

/// <summary>
/// All hashes sorted by one of their words. Beside the positions stand the hashes' next two words in the ring, so that most
/// hashes that only have this value in common are told apart here, in one pass through memory, without a look at the hash
/// itself somewhere else. Memory: 8 bytes a hash and 256 KiB.
/// </summary>
internal sealed class WordTable
{
    private const int Values = 1 << 16;

    /// <summary>Where each value begins, and the end.</summary>
    private readonly int[] starts = new int[Values + 1];
    private readonly int[] positions;

    /// <summary>By the same index as the positions; zeros to the end of the last vector.</summary>
    private readonly uint[] nexts;

    /// <param name="room">For as many as there are hashes; what it holds does not matter.</param>
    public WordTable(ReadOnlySpan<PdqHash> hashes, int word, Entry[] room)
    {
        positions = GC.AllocateUninitializedArray<int>(hashes.Length);
        nexts = new uint[hashes.Length + Vector256<uint>.Count];
        var counts = CountValues(hashes, word);
        for (var value = 0; value < Values; value++)
        {
            starts[value + 1] = starts[value] + counts[value];
        }

        // By the upper byte first: writing to 256 places at a time stays in the cache, to 65,536 does not.
        var places = Enumerable.Range(0, 256).Select(upper => starts[upper << 8]).ToArray();
        for (var i = 0; i < hashes.Length; i++)
        {
            var value = RingOfWords.Of(hashes[i], word);
            room[places[value >> 8]++] = new Entry(i, RingOfWords.NextTwo(hashes[i], word), value);
        }

        places = starts[..Values];
        foreach (ref readonly var entry in room.AsSpan(0, hashes.Length))
        {
            var place = places[entry.Value]++;
            (positions[place], nexts[place]) = (entry.Position, entry.Next);
        }
    }

    /// <summary>How many of the hashes have each value in this word.</summary>
    public static int[] CountValues(ReadOnlySpan<PdqHash> hashes, int word)
    {
        var counts = new int[Values];
        foreach (ref readonly var hash in hashes)
        {
            counts[RingOfWords.Of(hash, word)]++;
        }

        return counts;
    }

    public int CountOf(int value) => starts[value + 1] - starts[value];

    /// <summary>Those with this value whose next two words differ from <paramref name="next"/> in at most <paramref name="most"/> bits.</summary>
    public void Gather(int value, uint next, int most, Candidates candidates)
    {
        var (from, to) = (starts[value], starts[value + 1]);
        ref var first = ref MemoryMarshal.GetArrayDataReference(nexts);
        var wanted = Vector256.Create(next);
        var limit = Vector256.Create((uint)most);
        for (var at = from; at < to; at += Vector256<uint>.Count)
        {
            var near = Vector256.LessThanOrEqual(BitsIn(Vector256.LoadUnsafe(ref first, (nuint)at) ^ wanted), limit);
            if (near == Vector256<uint>.Zero)
            {
                continue;
            }

            // The last vector goes on into the next value's.
            var chosen = near.ExtractMostSignificantBits() & (uint.MaxValue >> Math.Max(0, 32 - (to - at)));
            if (chosen != 0)
            {
                candidates.Add(positions.AsSpan(at), chosen);
            }
        }
    }

    /// <summary>How many are set in each element; by arithmetic, since not every processor counts them in vectors.</summary>
    private static Vector256<uint> BitsIn(Vector256<uint> v)
    {
        v -= (v >> 1) & Vector256.Create(0x55555555u);
        v = (v & Vector256.Create(0x33333333u)) + ((v >> 2) & Vector256.Create(0x33333333u));
        v = (v + (v >> 4)) & Vector256.Create(0x0F0F0F0Fu);
        return (v * Vector256.Create(0x01010101u)) >> 24;
    }

    internal readonly record struct Entry(int Position, uint Next, ushort Value);
}

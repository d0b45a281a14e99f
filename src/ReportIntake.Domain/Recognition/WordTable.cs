using System.Numerics;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace ReportIntake.Domain.Recognition;

/// <summary>
/// All hashes sorted by one of their words. Beside each position stands the hash's next word (<see cref="RingOfWords.After"/>),
/// so that most hashes that only have the value in common are told apart here, in one pass through memory, without a look at
/// the hash itself somewhere else.
/// </summary>
internal sealed class WordTable
{
    private const int Values = 1 << 16;

    /// <summary>Where each value begins, and the end.</summary>
    private readonly int[] starts = new int[Values + 1];
    private readonly int[] positions;

    /// <summary>By the same index as the positions, and zeros to the end of the last vector.</summary>
    private readonly ushort[] nexts;

    /// <param name="room">For as many entries as there are hashes; what it holds does not matter.</param>
    public WordTable(ReadOnlySpan<PdqHash> hashes, int word, Span<Entry> room)
    {
        positions = GC.AllocateUninitializedArray<int>(hashes.Length);
        nexts = new ushort[hashes.Length + Vector256<ushort>.Count];
        foreach (ref readonly var hash in hashes)
        {
            starts[RingOfWords.Of(hash, word) + 1]++;
        }

        for (var value = 0; value < Values; value++)
        {
            starts[value + 1] += starts[value];
        }

        // By the upper byte first: writing to 256 places at a time stays in the cache, to 65,536 does not.
        Span<int> upper = stackalloc int[256];
        for (var i = 0; i < upper.Length; i++)
        {
            upper[i] = starts[i << 8];
        }

        for (var i = 0; i < hashes.Length; i++)
        {
            var value = RingOfWords.Of(hashes[i], word);
            room[upper[value >> 8]++] = new Entry(i, value, RingOfWords.Of(hashes[i], RingOfWords.After(word)));
        }

        var places = starts.AsSpan(0, Values).ToArray();
        foreach (ref readonly var entry in room[..hashes.Length])
        {
            var place = places[entry.Value]++;
            (positions[place], nexts[place]) = (entry.Position, entry.Next);
        }
    }

    public int CountOf(int value) => starts[value + 1] - starts[value];

    /// <summary>Those with this value whose next word differs from <paramref name="next"/> in at most <paramref name="most"/> bits.</summary>
    public void Gather(int value, ushort next, int most, PdqCandidates candidates)
    {
        var (from, to) = (starts[value], starts[value + 1]);
        ref var first = ref MemoryMarshal.GetArrayDataReference(nexts);
        var wanted = Vector256.Create(next);
        var limit = Vector256.Create((ushort)most);
        for (var at = from; at < to; at += Vector256<ushort>.Count)
        {
            var differences = BitsIn(Vector256.LoadUnsafe(ref first, (nuint)at) ^ wanted);
            var near = Vector256.LessThanOrEqual(differences, limit).ExtractMostSignificantBits();
            if (near == 0)
            {
                continue;
            }

            // The last vector goes on into the next value's.
            near &= to - at < Vector256<ushort>.Count ? (1u << (to - at)) - 1 : uint.MaxValue;
            candidates.Add(positions.AsSpan(at), near);
        }
    }

    /// <summary>How many are set in each element; by arithmetic, since not every processor counts them in vectors.</summary>
    private static Vector256<ushort> BitsIn(Vector256<ushort> v)
    {
        v -= (v >> 1) & Vector256.Create((ushort)0x5555);
        v = (v & Vector256.Create((ushort)0x3333)) + ((v >> 2) & Vector256.Create((ushort)0x3333));
        v = (v + (v >> 4)) & Vector256.Create((ushort)0x0F0F);
        return (v + (v >> 8)) & Vector256.Create((ushort)0x001F);
    }

    internal readonly record struct Entry(int Position, ushort Value, ushort Next);
}

using System.Numerics;
using System.Runtime.InteropServices;

namespace ReportIntake.Domain.Recognition;

/// <summary>Positions to be compared with one query, each once; made once and used for many queries, one after the other.</summary>
/// <param name="count">Of the hashes that there are.</param>
/// <param name="most">No more are worth comparing one by one.</param>
internal sealed class PdqCandidates(int count, int most)
{
    private const int AtOnce = 32;
    private readonly int[] held = GC.AllocateUninitializedArray<int>(most + AtOnce);
    private readonly ulong[] isHeld = new ulong[(count + 63) / 64];
    private int length;

    public bool TooMany => length > most;

    /// <param name="chosen">A bit for each of the first 32 of <paramref name="positions"/>.</param>
    public void Add(ReadOnlySpan<int> positions, uint chosen)
    {
        if (TooMany)
        {
            return;
        }

        for (; chosen != 0; chosen &= chosen - 1)
        {
            var position = positions[BitOperations.TrailingZeroCount(chosen)];
            var bit = 1UL << position; // modulo 64
            ref var bits = ref isHeld[position >> 6];
            held[length] = position;
            length += (bits & bit) == 0 ? 1 : 0;
            bits |= bit;
        }
    }

    /// <summary>Compares and forgets them.</summary>
    public void Take(ReadOnlySpan<PdqHash> hashes, PdqHash query, int maxDistance, List<PdqMatch> found)
    {
        // Written in any case and kept if near: a branch that is guessed wrong would wait for the memory each time.
        var matches = found.Count;
        CollectionsMarshal.SetCount(found, matches + length);
        var all = CollectionsMarshal.AsSpan(found);
        foreach (var position in held.AsSpan(0, length))
        {
            isHeld[position >> 6] = 0;
            var distance = hashes[position].DistanceTo(query);
            all[matches] = new PdqMatch(position, distance);
            matches += distance <= maxDistance ? 1 : 0;
        }

        CollectionsMarshal.SetCount(found, matches);
        length = 0;
    }

    public void Forget()
    {
        foreach (var position in held.AsSpan(0, length))
        {
            isHeld[position >> 6] = 0;
        }

        length = 0;
    }
}

using System.Numerics;
using System.Runtime.InteropServices;

namespace ReportIntake.Domain.Recognition;

/// <summary>Positions to be compared with a query, each once; made once and used for many queries, one after the other.</summary>
/// <param name="count">Of the hashes that there are.</param>
/// <param name="most">With more candidates than this it is given up.</param>
internal sealed class Candidates(int count, int most)
{
    /// <summary>What one call may add.</summary>
    private const int AtOnce = 32;

    private readonly int[] held = GC.AllocateUninitializedArray<int>(most + AtOnce);

    /// <summary>By position. Bytes, since changes to bits of one word would wait for one another.</summary>
    private readonly bool[] isHeld = new bool[count];
    private int length;

    public bool TooMany => length > most;

    /// <param name="chosen">A bit for each of the first 32 of <paramref name="positions"/>, set for those to be compared.</param>
    public void Add(ReadOnlySpan<int> positions, uint chosen)
    {
        if (TooMany)
        {
            return;
        }

        var at = length;
        for (; chosen != 0; chosen &= chosen - 1)
        {
            var position = positions[BitOperations.TrailingZeroCount(chosen)];
            held[at] = position;
            at += isHeld[position] ? 0 : 1;
            isHeld[position] = true;
        }

        length = at;
    }

    /// <summary>Compares them, unless they are too many, and forgets them.</summary>
    /// <param name="first">Position to report for the first of <paramref name="hashes"/>.</param>
    /// <returns>Whether they were compared.</returns>
    public bool Take(ReadOnlySpan<PdqHash> hashes, int first, PdqHash query, int maxDistance, List<PdqMatch> found)
    {
        var compared = !TooMany;
        var matches = found.Count;
        CollectionsMarshal.SetCount(found, matches + (compared ? length : 0));
        var all = CollectionsMarshal.AsSpan(found);
        foreach (var position in held.AsSpan(0, length))
        {
            isHeld[position] = false;
            if (compared)
            {
                // Written in any case and kept if near: a branch that is guessed wrong would wait for the memory each time.
                var distance = hashes[position].DistanceTo(query);
                all[matches] = new PdqMatch(first + position, distance);
                matches += distance <= maxDistance ? 1 : 0;
            }
        }

        CollectionsMarshal.SetCount(found, matches);
        length = 0;
        return compared;
    }
}

using System.Numerics;

namespace ReportIntake.Domain.Recognition;

/// <summary>
/// What is to be compared with a query, each once: whole blocks of neighbours, since near-duplicates stand side by side
/// (<see cref="NearTogether"/>) and reading on costs little. Made once and used for many queries, one after the other.
/// </summary>
/// <param name="count">Of the hashes that there are.</param>
/// <param name="most">With more blocks than this it is given up.</param>
internal sealed class CandidateBlocks(int count, int most)
{
    public const int Size = 16;

    /// <summary>One call adds no more than this.</summary>
    private const int AtOnce = 8;

    private readonly int[] held = GC.AllocateUninitializedArray<int>(most + AtOnce);
    private readonly bool[] isHeld = new bool[(count + Size - 1) / Size];
    private int length;

    public bool TooMany => length > most;

    /// <param name="positions">Ascending.</param>
    /// <param name="chosen">A bit for each of the first eight that is added; at least one.</param>
    public void Add(ReadOnlySpan<int> positions, uint chosen)
    {
        if (TooMany)
        {
            return;
        }

        var first = positions[BitOperations.TrailingZeroCount(chosen)] / Size;
        var last = positions[BitOperations.Log2(chosen)] / Size;
        Hold(first);
        Hold(last);
        if (last - first <= 1)
        {
            return; // Those between are in the same two.
        }

        for (; chosen != 0; chosen &= chosen - 1)
        {
            Hold(positions[BitOperations.TrailingZeroCount(chosen)] / Size);
        }
    }

    /// <summary>Compares and forgets them.</summary>
    public void Take(ReadOnlySpan<PdqHash> hashes, PdqHash query, int maxDistance, List<PdqMatch> found)
    {
        if (!TooMany)
        {
            foreach (var block in held.AsSpan(0, length))
            {
                var from = block * Size;
                PdqIndex.Scan(hashes.Slice(from, Math.Min(Size, count - from)), from, query, maxDistance, found);
            }
        }

        foreach (var block in held.AsSpan(0, length))
        {
            isHeld[block] = false;
        }

        length = 0;
    }

    private void Hold(int block)
    {
        held[length] = block;
        length += isHeld[block] ? 0 : 1;
        isHeld[block] = true;
    }
}

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
    private readonly byte[] isHeld = new byte[(count + Size - 1) / Size];
    private int length;

    public bool TooMany => length > most;

    /// <param name="positions">Eight.</param>
    /// <param name="chosen">A bit for each that is added.</param>
    public void Add(ReadOnlySpan<int> positions, uint chosen)
    {
        if (TooMany)
        {
            return;
        }

        var at = length;
        if (BitOperations.IsPow2(chosen))
        {
            var block = (uint)positions[BitOperations.TrailingZeroCount(chosen)] / Size;
            held[at] = (int)block;
            length += isHeld[block] ^ 1;
            isHeld[block] = 1;
            return;
        }

        // Not from one set bit to the next: how many there are is guessed wrong too often.
        foreach (var position in positions[..AtOnce])
        {
            var block = (uint)position / Size;
            ref var mark = ref isHeld[block];
            held[at] = (int)block;
            at += (int)(chosen & 1) & (mark ^ 1);
            mark |= (byte)(chosen & 1);
            chosen >>= 1;
        }
        length = at;
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
            isHeld[block] = 0;
        }

        length = 0;
    }
}

using System.Buffers;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace ReportIntake.Domain.Recognition;

/// <param name="Position">Of the hash among those the index was built of, from 0.</param>
/// <param name="Distance">Bits that differ.</param>
public readonly record struct PdqMatch(int Position, int Distance);

/// <summary>
/// Finds every hash within a distance among many: exact, no false negatives. A hash is sixteen words of 16 bits; for each
/// word the positions are kept sorted by its value. Of two hashes at most 31 bits apart, one of the sixteen words differs in
/// at most one bit (pigeonhole: 31 &lt; 16 × 2), so seventeen values of each word are looked up and what stands there is
/// compared. <see cref="SearchPlan"/> moves the effort from words that are crowded to others; where all are, as in
/// collections of near-duplicates, comparing with every hash in order is faster and bounds the time.
/// Immutable, so that any number of threads may search. Memory: 96 bytes a hash.
/// </summary>
public sealed class PdqIndex
{
    internal const int Words = 16;
    internal const int Values = 1 << 16;

    /// <summary>Fewer are compared one by one: that takes as long as looking the values up.</summary>
    private const int SmallestIndexed = 1 << 14;

    /// <summary>Reading a hash somewhere in memory takes as long as reading this many in a row.</summary>
    private const int CostOfCandidate = 8;

    private readonly PdqHash[] hashes;
    private readonly int count;

    /// <summary>Where each word's values begin in <see cref="positions"/>, and the end: <see cref="Values"/> + 1 for each word.</summary>
    private readonly int[][] starts = [];
    private readonly int[][] positions = [];

    /// <param name="hashes">Kept, not copied: its first <paramref name="count"/> items must not change any more.</param>
    public PdqIndex(PdqHash[] hashes, int count)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, hashes.Length);
        (this.hashes, this.count) = (hashes, count);
        if (count >= SmallestIndexed)
        {
            (starts, positions) = (new int[Words][], new int[Words][]);
            Parallel.For(0, Words, word => (starts[word], positions[word]) = SortByWord(word));
        }
    }

    public PdqIndex(PdqHash[] hashes)
        : this(hashes, hashes.Length)
    {
    }

    public int Count => count;

    /// <summary>Adds to <paramref name="found"/> every hash at most <paramref name="maxDistance"/> bits away, each once, in no order.</summary>
    /// <param name="maxDistance">0 to <see cref="PdqHash.MaxMatchDistance"/>.</param>
    public void Search(PdqHash query, int maxDistance, List<PdqMatch> found)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(maxDistance);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(maxDistance, PdqHash.MaxMatchDistance);
        if (count < SmallestIndexed)
        {
            Scan(query, maxDistance, found);
            return;
        }

        var plan = SearchPlan.For(query, maxDistance, count, starts);
        if (plan.Candidates > count / CostOfCandidate)
        {
            Scan(query, maxDistance, found);
        }
        else
        {
            var visited = plan.IsCrowded ? ArrayPool<ulong>.Shared.Rent((count >> 6) + 1) : null;
            visited.AsSpan().Clear();
            Probe(query, maxDistance, plan.Radii, visited, found);
            if (visited is not null)
            {
                ArrayPool<ulong>.Shared.Return(visited);
            }
        }
    }

    /// <summary>The same as <see cref="Search"/>, by comparing with every hash in order.</summary>
    public void Scan(PdqHash query, int maxDistance, List<PdqMatch> found) =>
        Scan(hashes.AsSpan(0, count), 0, query, maxDistance, found);

    /// <param name="first">Position of the first of <paramref name="hashes"/>.</param>
    internal static void Scan(ReadOnlySpan<PdqHash> hashes, int first, PdqHash query, int maxDistance, List<PdqMatch> found)
    {
        for (var i = 0; i < hashes.Length; i++)
        {
            var distance = hashes[i].DistanceTo(query);
            if (distance <= maxDistance)
            {
                found.Add(new PdqMatch(first + i, distance));
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static int WordOf(in PdqHash hash, int word) =>
        Unsafe.Add(ref Unsafe.As<PdqHash, ushort>(ref Unsafe.AsRef(in hash)), word);

    /// <param name="visited">A bit for each position, where one word after the other leads to the same hashes; null where few are met twice.</param>
    private void Probe(PdqHash query, int maxDistance, ReadOnlySpan<sbyte> radii, ulong[]? visited, List<PdqMatch> found)
    {
        // Short buckets are put together first: one long loop keeps many reads of memory in flight, many short ones few.
        Span<int> gathered = stackalloc int[1024];
        for (var word = 0; word < Words; word++)
        {
            var value = WordOf(query, word);
            var held = 0;
            foreach (var mask in SearchPlan.Masks(radii[word]))
            {
                var bucket = value ^ mask;
                var from = starts[word][bucket];
                var candidates = positions[word].AsSpan(from, starts[word][bucket + 1] - from);
                while (candidates.Length > gathered.Length - held)
                {
                    var part = candidates[..(gathered.Length - held)];
                    held += Gather(part, visited, gathered[held..]);
                    candidates = candidates[part.Length..];
                    if (held > gathered.Length / 2)
                    {
                        Compare(gathered[..held], word, query, maxDistance, radii, visited is not null, found);
                        held = 0;
                    }
                }

                held += Gather(candidates, visited, gathered[held..]);
            }

            Compare(gathered[..held], word, query, maxDistance, radii, visited is not null, found);
        }
    }

    /// <summary>Takes over the positions that no word has led to yet, as far as that is kept.</summary>
    private static int Gather(ReadOnlySpan<int> candidates, ulong[]? visited, Span<int> gathered)
    {
        if (visited is null)
        {
            candidates.CopyTo(gathered);
            return candidates.Length;
        }

        var held = 0;
        foreach (var position in candidates)
        {
            ref var bits = ref visited[position >> 6];
            var bit = 1UL << position; // modulo 64
            gathered[held] = position;
            held += (bits & bit) == 0 ? 1 : 0;
            bits |= bit;
        }

        return held;
    }

    /// <param name="once">Each candidate is met once anyhow.</param>
    private void Compare(
        ReadOnlySpan<int> candidates, int word, PdqHash query, int maxDistance, ReadOnlySpan<sbyte> radii, bool once, List<PdqMatch> found)
    {
        ref var first = ref MemoryMarshal.GetArrayDataReference(hashes);
        for (var i = 0; i < candidates.Length; i++)
        {
            ref readonly var hash = ref Unsafe.Add(ref first, candidates[i]);
            var distance = hash.DistanceTo(query);
            if (distance <= maxDistance && (once || !FoundBefore(hash, query, word, radii)))
            {
                found.Add(new PdqMatch(candidates[i], distance));
            }
        }
    }

    /// <summary>Whether an earlier word has led to it as well.</summary>
    private static bool FoundBefore(in PdqHash hash, in PdqHash query, int word, ReadOnlySpan<sbyte> radii)
    {
        for (var earlier = 0; earlier < word; earlier++)
        {
            if (BitOperations.PopCount((uint)(WordOf(hash, earlier) ^ WordOf(query, earlier))) <= radii[earlier])
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Counting sort: positions stay ascending within a value, so that reading them goes one way through memory.</summary>
    private (int[] Starts, int[] Positions) SortByWord(int word)
    {
        var ends = new int[Values + 1];
        var all = hashes.AsSpan(0, count);
        foreach (ref readonly var hash in all)
        {
            ends[WordOf(hash, word) + 1]++;
        }

        for (var value = 0; value < Values; value++)
        {
            ends[value + 1] += ends[value];
        }

        var next = ends.AsSpan(0, Values).ToArray();
        var sorted = GC.AllocateUninitializedArray<int>(count);
        for (var i = 0; i < all.Length; i++)
        {
            sorted[next[WordOf(all[i], word)]++] = i;
        }

        return (ends, sorted);
    }
}

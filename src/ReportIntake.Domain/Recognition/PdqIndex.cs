using System.Collections.Concurrent;
using System.Numerics;
using System.Runtime.InteropServices;

namespace ReportIntake.Domain.Recognition;

/// <param name="Position">Of the hash among those the index was built of, from 0.</param>
/// <param name="Distance">Bits that differ.</param>
public readonly record struct PdqMatch(int Position, int Distance);

/// <summary>
/// Finds every hash within a distance among many: exact, no false negatives. Many near-duplicates stand together as a group
/// and are compared as a whole where the group is near (<see cref="GroupedHashes"/>). All others are found by their words: a
/// hash is a ring of sixteen words of 16 bits; for each word all stand sorted by its value, with the two words that come next
/// (<see cref="WordTable"/>). Two hashes at most 31 bits apart have a word that differs in few bits and, together with the next
/// two, differs in few as well (<see cref="SearchPlan"/> says in how many, and moves the effort from words that are crowded to
/// others), so values near the query's are looked up and only what is near by all three words is compared. Where that
/// would take longer, comparing with every hash in order bounds the time.
/// Immutable, so that any number of threads may search. Memory: 164 bytes a hash, 36 of a grouped one, 4 MiB, and for each
/// search at a time 1.25 bytes a hash.
/// </summary>
public sealed class PdqIndex
{
    /// <summary>Fewer are compared one by one: that takes as long as looking the values up.</summary>
    private const int SmallestIndexed = 1 << 14;

    /// <summary>Comparing with a hash in order takes as long as reading so many entries of a table.</summary>
    private const int CostOfScanned = 4;

    /// <summary>Comparing with a hash somewhere in memory takes as long as with so many in order.</summary>
    private const int CostOfCandidate = 16;

    /// <summary>The list of what is found grows by no more than this before it is known how many there are.</summary>
    private const int AtOnce = 1024;

    private readonly GroupedHashes hashes;

    /// <summary>Of the loose hashes; none where they are few.</summary>
    private readonly WordTable[] tables = [];

    /// <summary>Not in use; as many as there were searches at a time.</summary>
    private readonly ConcurrentBag<Candidates> idle = [];

    /// <param name="given">Copied.</param>
    public PdqIndex(PdqHash[] given)
    {
        hashes = new GroupedHashes(given);
        var loose = hashes.Loose.Length;
        if (loose >= SmallestIndexed)
        {
            tables = new WordTable[RingOfWords.Count];
            Parallel.For(0, tables.Length, () => GC.AllocateUninitializedArray<WordTable.Entry>(loose), (word, _, room) =>
            {
                tables[word] = new WordTable(hashes.Loose, word, room);
                return room;
            }, _ => { });
        }
    }

    public int Count => hashes.Count;

    /// <summary>Adds to <paramref name="found"/> every hash at most <paramref name="maxDistance"/> bits away, each once, in no order.</summary>
    /// <param name="maxDistance">0 to <see cref="PdqHash.MaxMatchDistance"/>.</param>
    public void Search(PdqHash query, int maxDistance, List<PdqMatch> found)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(maxDistance);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(maxDistance, PdqHash.MaxMatchDistance);
        var before = found.Count;
        hashes.Search(query, maxDistance, found);
        if (tables is [] || !TryLookUp(query, maxDistance, found))
        {
            Scan(hashes.Loose, hashes.LooseFrom, query, maxDistance, found);
        }

        PutOriginals(CollectionsMarshal.AsSpan(found)[before..]);
    }

    /// <summary>The same as <see cref="Search"/>, by comparing with every hash in order.</summary>
    public void Scan(PdqHash query, int maxDistance, List<PdqMatch> found)
    {
        var before = found.Count;
        Scan(hashes.All, 0, query, maxDistance, found);
        PutOriginals(CollectionsMarshal.AsSpan(found)[before..]);
    }

    /// <summary>All hashes, in the order in which they were given.</summary>
    internal void CopyTo(Span<PdqHash> target)
    {
        for (var i = 0; i < hashes.Count; i++)
        {
            target[hashes.Originals[i]] = hashes.All[i];
        }
    }

    /// <param name="first">Position to report for the first of <paramref name="hashes"/>.</param>
    internal static void Scan(ReadOnlySpan<PdqHash> hashes, int first, PdqHash query, int maxDistance, List<PdqMatch> found)
    {
        for (var from = 0; from < hashes.Length; from += AtOnce)
        {
            // Written in any case and kept if near: among near-duplicates a branch would be guessed wrong often.
            var now = hashes.Slice(from, Math.Min(AtOnce, hashes.Length - from));
            var matches = found.Count;
            CollectionsMarshal.SetCount(found, matches + now.Length);
            var all = CollectionsMarshal.AsSpan(found);
            for (var i = 0; i < now.Length; i++)
            {
                var distance = now[i].DistanceTo(query);
                all[matches] = new PdqMatch(first + from + i, distance);
                matches += distance <= maxDistance ? 1 : 0;
            }

            CollectionsMarshal.SetCount(found, matches);
        }
    }

    /// <returns>False, and nothing found, where comparing with all takes less time.</returns>
    private bool TryLookUp(PdqHash query, int maxDistance, List<PdqMatch> found)
    {
        var plan = SearchPlan.For(query, maxDistance, tables);
        var loose = hashes.Loose;
        if (plan.Cost > (long)CostOfScanned * loose.Length)
        {
            return false;
        }

        var candidates = idle.TryTake(out var used) ? used : new Candidates(loose.Length, loose.Length / CostOfCandidate);
        for (var word = 0; word < RingOfWords.Count && !candidates.TooMany; word++)
        {
            var value = RingOfWords.Of(query, word);
            var nextTwo = RingOfWords.NextTwo(query, word);
            foreach (var difference in SearchPlan.Differences(plan[word]))
            {
                tables[word].Gather(value ^ difference, nextTwo, plan.MostWithNextTwo(word) - BitOperations.PopCount((uint)difference), candidates);
            }
        }

        var compared = candidates.Take(loose, hashes.LooseFrom, query, maxDistance, found);
        idle.Add(candidates);
        return compared;
    }

    private void PutOriginals(Span<PdqMatch> found)
    {
        foreach (ref var match in found)
        {
            match = match with { Position = hashes.Originals[match.Position] };
        }
    }
}

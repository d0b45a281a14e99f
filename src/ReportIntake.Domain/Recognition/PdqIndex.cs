using System.Collections.Concurrent;
using System.Numerics;
using System.Runtime.InteropServices;

namespace ReportIntake.Domain.Recognition;

/// <param name="Position">Of the hash among those the index was built of, from 0.</param>
/// <param name="Distance">Bits that differ.</param>
public readonly record struct PdqMatch(int Position, int Distance);

/// <summary>
/// Finds every hash within a distance among many: exact, no false negatives. A hash is a ring of sixteen words of 16 bits; for
/// each word all hashes stand sorted by its value, with the word that comes next (<see cref="WordTable"/>). Two hashes at most
/// 31 bits apart have a word that differs in few bits and differs in few together with the next (<see cref="SearchPlan"/> says
/// in how many, and moves the effort from crowded words to others), so the values near the query's are looked up there and
/// only what is near by both words is compared. Where all words are crowded, as in collections of near-duplicates, comparing
/// with every hash in order is faster and bounds the time.
/// Immutable, so that any number of threads may search. Memory: 128 bytes a hash, and 4 MiB.
/// </summary>
public sealed class PdqIndex
{
    /// <summary>Fewer are compared one by one: that takes as long as looking the values up.</summary>
    private const int SmallestIndexed = 1 << 14;

    /// <summary>Comparing with a hash in order takes as long as reading so many entries of a table.</summary>
    private const int CostOfScanned = 6;

    /// <summary>Reading a hash somewhere in memory takes as long as reading this many in a row.</summary>
    private const int CostOfCandidate = 16;

    /// <summary>The list of what is found grows by no more than this before it is known how many there are.</summary>
    private const int AtOnce = 1024;

    /// <summary>Groups of near-duplicates, then those that the tables are of.</summary>
    private readonly PdqHash[] hashes;

    /// <summary>Where each hash stood among those given.</summary>
    private readonly int[] originals;
    private readonly PdqGroups groups;
    private readonly WordTable[] tables = [];

    /// <summary>Not in use; as many as there were searches at a time.</summary>
    private readonly ConcurrentBag<PdqCandidates> idle = [];

    /// <param name="given">Copied.</param>
    public PdqIndex(PdqHash[] given)
    {
        groups = new PdqGroups(given);
        (hashes, originals) = (groups.Hashes, groups.Originals);
        if (Loose.Length >= SmallestIndexed)
        {
            tables = new WordTable[RingOfWords.Count];
            Parallel.For(0, tables.Length, () => GC.AllocateUninitializedArray<WordTable.Entry>(Loose.Length), (word, _, room) =>
            {
                tables[word] = new WordTable(Loose, word, room);
                return room;
            }, _ => { });
        }
    }

    private ReadOnlySpan<PdqHash> Loose => hashes.AsSpan(groups.LooseFrom);

    public int Count => hashes.Length;

    /// <summary>Adds to <paramref name="found"/> every hash at most <paramref name="maxDistance"/> bits away, each once, in no order.</summary>
    /// <param name="maxDistance">0 to <see cref="PdqHash.MaxMatchDistance"/>.</param>
    public void Search(PdqHash query, int maxDistance, List<PdqMatch> found)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(maxDistance);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(maxDistance, PdqHash.MaxMatchDistance);
        var before = found.Count;
        groups.Search(query, maxDistance, found);
        if (tables is [] || !TryLookUp(query, maxDistance, found))
        {
            Scan(Loose, groups.LooseFrom, query, maxDistance, found);
        }

        Originals(CollectionsMarshal.AsSpan(found)[before..]);
    }

    /// <summary>The same as <see cref="Search"/>, by comparing with every hash in order.</summary>
    public void Scan(PdqHash query, int maxDistance, List<PdqMatch> found)
    {
        var before = found.Count;
        Scan(hashes, 0, query, maxDistance, found);
        Originals(CollectionsMarshal.AsSpan(found)[before..]);
    }

    /// <summary>The hashes in the order in which they were given.</summary>
    public void CopyTo(Span<PdqHash> target)
    {
        for (var i = 0; i < hashes.Length; i++)
        {
            target[originals[i]] = hashes[i];
        }
    }

    /// <param name="first">Position of the first of <paramref name="hashes"/>.</param>
    internal static void Scan(ReadOnlySpan<PdqHash> hashes, int first, PdqHash query, int maxDistance, List<PdqMatch> found)
    {
        // Written in any case and kept if near: where near ones are many, a branch would often be guessed wrong.
        for (; hashes.Length > 0; hashes = hashes[Math.Min(hashes.Length, AtOnce)..], first += AtOnce)
        {
            var now = hashes[..Math.Min(hashes.Length, AtOnce)];
            var matches = found.Count;
            CollectionsMarshal.SetCount(found, matches + now.Length);
            var all = CollectionsMarshal.AsSpan(found);
            for (var i = 0; i < now.Length; i++)
            {
                var distance = now[i].DistanceTo(query);
                all[matches] = new PdqMatch(first + i, distance);
                matches += distance <= maxDistance ? 1 : 0;
            }

            CollectionsMarshal.SetCount(found, matches);
        }
    }

    /// <returns>False, and nothing found, where it would take longer than a scan.</returns>
    private bool TryLookUp(PdqHash query, int maxDistance, List<PdqMatch> found)
    {
        var plan = SearchPlan.For(query, maxDistance, tables);
        if (plan.Cost > (long)CostOfScanned * Loose.Length)
        {
            return false;
        }

        var candidates = idle.TryTake(out var used) ? used : new PdqCandidates(Loose.Length, Loose.Length / CostOfCandidate);
        for (var word = 0; word < RingOfWords.Count && !candidates.TooMany; word++)
        {
            var (value, nextTwo) = (RingOfWords.Of(query, word), RingOfWords.NextTwo(query, word));
            var most = plan[word] + plan[RingOfWords.After(word)] + plan[RingOfWords.After(RingOfWords.After(word))] - 1;
            foreach (var difference in SearchPlan.Differences(plan[word]))
            {
                tables[word].Gather(value ^ difference, nextTwo, most - BitOperations.PopCount((uint)difference), candidates);
            }
        }

        var compared = candidates.Take(Loose, groups.LooseFrom, query, maxDistance, found);
        idle.Add(candidates);
        return compared;
    }

    private void Originals(Span<PdqMatch> found)
    {
        foreach (ref var match in found)
        {
            match = match with { Position = originals[match.Position] };
        }
    }
}

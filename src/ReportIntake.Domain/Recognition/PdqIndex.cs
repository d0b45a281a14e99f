using System.Collections.Concurrent;

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
    private const int CostOfCandidate = 8;

    private readonly PdqHash[] hashes;
    private readonly int count;
    private readonly WordTable[] tables = [];

    /// <summary>Not in use; as many as there were searches at a time.</summary>
    private readonly ConcurrentBag<PdqCandidates> idle = [];

    /// <param name="hashes">Kept, not copied: its first <paramref name="count"/> items must not change any more.</param>
    public PdqIndex(PdqHash[] hashes, int count)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, hashes.Length);
        (this.hashes, this.count) = (hashes, count);
        if (count >= SmallestIndexed)
        {
            tables = new WordTable[RingOfWords.Count];
            Parallel.For(0, tables.Length, () => GC.AllocateUninitializedArray<WordTable.Entry>(count), (word, _, room) =>
            {
                tables[word] = new WordTable(hashes.AsSpan(0, count), word, room);
                return room;
            }, _ => { });
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
        if (count < SmallestIndexed || !TryLookUp(query, maxDistance, found))
        {
            Scan(query, maxDistance, found);
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

    /// <returns>False, and nothing found, where it would take longer than a scan.</returns>
    private bool TryLookUp(PdqHash query, int maxDistance, List<PdqMatch> found)
    {
        var plan = SearchPlan.For(query, maxDistance, count, tables);
        if (plan.Cost > (long)CostOfScanned * count)
        {
            return false;
        }

        var candidates = idle.TryTake(out var used) ? used : new PdqCandidates(count, count / CostOfCandidate);
        for (var word = 0; word < RingOfWords.Count && !candidates.TooMany; word++)
        {
            var (value, next) = (RingOfWords.Of(query, word), RingOfWords.After(word));
            var most = plan[word] + plan[next] - 1;
            foreach (var difference in SearchPlan.Differences(plan[word]))
            {
                tables[word].Gather(value ^ difference, RingOfWords.Of(query, next), most - System.Numerics.BitOperations.PopCount((uint)difference), candidates);
            }
        }

        var worthIt = !candidates.TooMany;
        if (worthIt)
        {
            candidates.Take(hashes, query, maxDistance, found);
        }
        else
        {
            candidates.Forget();
        }

        idle.Add(candidates);
        return worthIt;
    }
}

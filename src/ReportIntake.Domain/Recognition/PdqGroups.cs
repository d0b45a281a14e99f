using System.Collections.Concurrent;

namespace ReportIntake.Domain.Recognition;

/// <summary>
/// Hashes in an order of its own: first groups of near-duplicates, each around one of its members, then the loose ones. A group
/// whose leader is too far from a query has nothing near it (triangle inequality); of others all members are read in a row,
/// which for hundreds of near-duplicates is faster than to find each by its words.
/// </summary>
internal sealed class PdqGroups
{
    /// <summary>Members are at most so far from the leader. With 31 more that is well below what unrelated hashes are apart.</summary>
    private const int Reach = 48;

    /// <summary>Less is not worth a comparison with the leader at each search.</summary>
    private const int Smallest = 128;

    /// <summary>Tried among hashes that have a word in common.</summary>
    private const int MaxLeaders = 8;

    private readonly PdqHash[] hashes;
    private readonly int[] originals;
    private readonly List<(PdqHash Leader, int From, int To)> groups = [];

    public PdqGroups(PdqHash[] given)
    {
        hashes = GC.AllocateUninitializedArray<PdqHash>(given.Length);
        originals = GC.AllocateUninitializedArray<int>(given.Length);
        LooseFrom = given.Length;

        var keys = MostFrequentWords(given);
        keys.AsSpan().Sort();
        var positions = Array.ConvertAll(keys, key => (int)(uint)key);
        var sorted = Array.ConvertAll(positions, position => given[position]);
        var grouped = 0;
        for (int from = 0, to; from < keys.Length; from = to)
        {
            for (to = from + 1; to < keys.Length && keys[to] >> 32 == keys[from] >> 32; to++)
            {
            }

            grouped = Split(sorted.AsSpan(from, to - from), positions.AsSpan(from, to - from), grouped);
        }
    }

    public PdqHash[] Hashes => hashes;

    /// <summary>Where each hash stood among those given.</summary>
    public int[] Originals => originals;

    public int LooseFrom { get; private set; }

    public void Search(PdqHash query, int maxDistance, List<PdqMatch> found)
    {
        foreach (var (leader, from, to) in groups)
        {
            if (leader.DistanceTo(query) <= Reach + maxDistance)
            {
                PdqIndex.Scan(hashes.AsSpan(from, to - from), from, query, maxDistance, found);
            }
        }
    }

    /// <summary>Of each hash the word and its value that most others share, above its position.</summary>
    private static ulong[] MostFrequentWords(PdqHash[] hashes)
    {
        var counts = new int[RingOfWords.Count][];
        Parallel.For(0, counts.Length, word => counts[word] = WordTable.CountValues(hashes, word));
        var keys = GC.AllocateUninitializedArray<ulong>(hashes.Length);
        Parallel.ForEach(Partitioner.Create(0, hashes.Length), range =>
        {
            for (var i = range.Item1; i < range.Item2; i++)
            {
                var (most, wordAndValue) = (-1, 0);
                for (var word = 0; word < counts.Length; word++)
                {
                    var value = RingOfWords.Of(hashes[i], word);
                    var here = counts[word][value];
                    (most, wordAndValue) = here > most ? (here, (word << 16) | value) : (most, wordAndValue);
                }

                keys[i] = ((ulong)wordAndValue << 32) | (uint)i;
            }
        });
        return keys;
    }

    /// <summary>Of hashes with a word in common, puts groups behind the <paramref name="grouped"/> first and the others last.</summary>
    private int Split(Span<PdqHash> rest, Span<int> restPositions, int grouped)
    {
        for (var i = 0; i < MaxLeaders && rest.Length >= Smallest; i++)
        {
            var leader = rest[rest.Length * i / MaxLeaders];
            var near = 0;
            for (var at = 0; at < rest.Length; at++)
            {
                if (rest[at].DistanceTo(leader) <= Reach)
                {
                    (rest[near], rest[at]) = (rest[at], rest[near]);
                    (restPositions[near], restPositions[at]) = (restPositions[at], restPositions[near]);
                    near++;
                }
            }

            if (near >= Smallest)
            {
                rest[..near].CopyTo(hashes.AsSpan(grouped));
                restPositions[..near].CopyTo(originals.AsSpan(grouped));
                groups.Add((leader, grouped, grouped + near));
                grouped += near;
                rest = rest[near..];
                restPositions = restPositions[near..];
            }
        }

        LooseFrom -= rest.Length;
        rest.CopyTo(hashes.AsSpan(LooseFrom));
        restPositions.CopyTo(originals.AsSpan(LooseFrom));
        return grouped;
    }
}

using System.Collections.Concurrent;

namespace ReportIntake.Domain.Recognition;

/// <summary>
/// Hashes in an order of its own: first groups of near-duplicates, each around one of its members, then the loose ones. Of a
/// group whose leader is too far from a query no member is near it (triangle inequality); of the others all members are
/// compared in a row, which takes less time for hundreds of near-duplicates than to find each by its words.
/// </summary>
internal sealed class GroupedHashes
{
    /// <summary>
    /// Members are at most so far from their leader. With the farthest that a search goes, 31, it is still well below 128, so that
    /// hardly a query meets a group without a cause.
    /// </summary>
    private const int Reach = 48;

    /// <summary>Fewer are not worth a comparison with their leader in each search.</summary>
    private const int Smallest = 64;

    /// <summary>Hashes that have a word in common may be of many groups or of none: so many leaders are tried, and fewer if it is in vain.</summary>
    private const int MaxLeaders = 64;
    private const int MaxInVain = 8;

    /// <summary>Fewer hashes are all left loose.</summary>
    private const int SmallestSorted = 1 << 14;

    private readonly PdqHash[] hashes;
    private readonly int[] originals;
    private readonly List<(PdqHash Leader, int From, int To)> groups = [];

    /// <param name="given">Copied.</param>
    public GroupedHashes(PdqHash[] given)
    {
        if (given.Length < SmallestSorted)
        {
            (hashes, originals) = ([.. given], [.. Enumerable.Range(0, given.Length)]);
            return;
        }

        hashes = GC.AllocateUninitializedArray<PdqHash>(given.Length);
        originals = GC.AllocateUninitializedArray<int>(given.Length);
        LooseFrom = given.Length;

        var keys = MostSharedWords(given);
        keys.AsSpan().Sort();
        var positions = Array.ConvertAll(keys, key => (int)(uint)key);
        var sorted = Array.ConvertAll(positions, position => given[position]);
        var grouped = 0;
        for (int from = 0, to; from < keys.Length; from = to)
        {
            to = from + 1;
            while (to < keys.Length && keys[to] >> 32 == keys[from] >> 32)
            {
                to++;
            }

            grouped = Split(sorted.AsSpan(from, to - from), positions.AsSpan(from, to - from), grouped);
        }
    }

    public int Count => hashes.Length;

    /// <summary>Where the loose ones begin.</summary>
    public int LooseFrom { get; private set; }

    public ReadOnlySpan<PdqHash> All => hashes;

    public ReadOnlySpan<PdqHash> Loose => hashes.AsSpan(LooseFrom);

    /// <summary>Where each stood among those given.</summary>
    public ReadOnlySpan<int> Originals => originals;

    /// <summary>Adds what is near among the members of groups.</summary>
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

    /// <summary>
    /// Of each hash, the word and its value that most others share, and below these 32 bits its position: sorted, near-duplicates
    /// come to stand in a few runs, since each has some of the words that all of them began with.
    /// </summary>
    private static ulong[] MostSharedWords(PdqHash[] hashes)
    {
        // What still more share says nothing of a group: dark pictures, say, have words in common.
        var most = hashes.Length / 64;
        var counts = new int[RingOfWords.Count][];
        Parallel.For(0, counts.Length, word => counts[word] = WordTable.CountValues(hashes, word));
        var keys = GC.AllocateUninitializedArray<ulong>(hashes.Length);
        Parallel.ForEach(Partitioner.Create(0, (long)hashes.Length), range =>
        {
            for (var i = range.Item1; i < range.Item2; i++)
            {
                var (best, wordAndValue) = (int.MinValue, 0);
                for (var word = 0; word < counts.Length; word++)
                {
                    var value = RingOfWords.Of(hashes[i], word);
                    var here = counts[word][value] <= most ? counts[word][value] : -counts[word][value];
                    (best, wordAndValue) = here > best ? (here, (word << 16) | value) : (best, wordAndValue);
                }

                keys[i] = ((ulong)wordAndValue << 32) | (uint)i;
            }
        });
        return keys;
    }

    /// <summary>Puts the groups there are among hashes with a word in common behind those that are grouped, the others before the loose.</summary>
    /// <param name="rest">In any order afterwards.</param>
    /// <returns>How many are grouped now.</returns>
    private int Split(Span<PdqHash> rest, Span<int> positions, int grouped)
    {
        var inVain = 0;
        for (var tried = 0; tried < MaxLeaders && inVain < MaxInVain && rest.Length >= Smallest; tried++)
        {
            var leader = rest[(int)((long)rest.Length * inVain / MaxInVain)];
            var near = 0;
            for (var at = 0; at < rest.Length; at++)
            {
                if (rest[at].DistanceTo(leader) <= Reach)
                {
                    (rest[near], rest[at]) = (rest[at], rest[near]);
                    (positions[near], positions[at]) = (positions[at], positions[near]);
                    near++;
                }
            }

            if (near >= Smallest)
            {
                rest[..near].CopyTo(hashes.AsSpan(grouped));
                positions[..near].CopyTo(originals.AsSpan(grouped));
                groups.Add((leader, grouped, grouped + near));
                grouped += near;
                rest = rest[near..];
                positions = positions[near..];
            }
            else
            {
                inVain++;
            }
        }

        LooseFrom -= rest.Length;
        rest.CopyTo(hashes.AsSpan(LooseFrom));
        positions.CopyTo(originals.AsSpan(LooseFrom));
        return grouped;
    }
}

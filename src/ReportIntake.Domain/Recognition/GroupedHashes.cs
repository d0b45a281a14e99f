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
    private const int Reach = 40;

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
        (hashes, originals) = ([.. given], [.. Enumerable.Range(0, given.Length)]);

        // Once more while it helps: a hash is tried with one of its words at a time, and may have more luck with the next.
        var helped = true;
        while (helped && Loose.Length >= SmallestSorted)
        {
            var (from, loose) = (LooseFrom, Loose.Length);
            GroupLoose();
            helped = LooseFrom - from > loose / 16;
        }
    }

    public int Count => hashes.Length;

    /// <summary>So many are in groups; there the loose ones begin.</summary>
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

    private void GroupLoose()
    {
        var from = LooseFrom;
        var keys = MostSharedWords(hashes, from);
        keys.AsSpan().Sort();
        var sorted = Array.ConvertAll(keys, key => hashes[(uint)key]);
        var positions = Array.ConvertAll(keys, key => originals[(uint)key]);
        var end = Count;
        for (int first = 0, next; first < keys.Length; first = next)
        {
            next = first + 1;
            while (next < keys.Length && keys[next] >> 32 == keys[first] >> 32)
            {
                next++;
            }

            Split(sorted.AsSpan(first, next - first), positions.AsSpan(first, next - first), ref end);
        }
    }

    /// <summary>
    /// Of each hash, the word and its value that most others share, and below these 32 bits its position: sorted, near-duplicates
    /// come to stand in a few runs, since each has some of the words that all of them began with.
    /// </summary>
    private static ulong[] MostSharedWords(PdqHash[] hashes, int from)
    {
        // What still more share says nothing of a group: dark pictures, say, have words in common.
        var most = (hashes.Length - from) / 64;
        var counts = new int[RingOfWords.Count][];
        Parallel.For(0, counts.Length, word => counts[word] = WordTable.CountValues(hashes.AsSpan(from), word));
        var keys = GC.AllocateUninitializedArray<ulong>(hashes.Length - from);
        Parallel.ForEach(Partitioner.Create((long)from, hashes.Length), range =>
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

                keys[i - from] = ((ulong)wordAndValue << 32) | (uint)i;
            }
        });
        return keys;
    }

    /// <summary>Puts the groups there are among hashes with a word in common behind those that are grouped, and the others at the end.</summary>
    /// <param name="rest">In any order afterwards.</param>
    /// <param name="end">What comes from here on has been put there before.</param>
    private void Split(Span<PdqHash> rest, Span<int> positions, ref int end)
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

            if (near < Smallest)
            {
                inVain++;
                continue;
            }

            rest[..near].CopyTo(hashes.AsSpan(LooseFrom));
            positions[..near].CopyTo(originals.AsSpan(LooseFrom));
            groups.Add((leader, LooseFrom, LooseFrom + near));
            LooseFrom += near;
            rest = rest[near..];
            positions = positions[near..];
        }

        end -= rest.Length;
        rest.CopyTo(hashes.AsSpan(end));
        positions.CopyTo(originals.AsSpan(end));
    }
}

using System.Numerics;

namespace ReportIntake.Domain.Recognition;

/// <summary>
/// How much of the distance each word is allowed: its share, 0 to 4. The shares together are one more than the distance, so
/// that around the ring of words a hash within the distance has at least one word from which on the bits that differ are
/// fewer than the shares, after that word, after it and the next, and so on: behind the place where the running sum of
/// differences less shares was last at its highest, it can only be lower. ("Pigeonring", Qin and Xiao, PVLDB 12, 2018; that
/// shares need not be even: "GPH", Qin et al., ICDE 2018.) A word whose values are crowded may so be left out, share 0.
/// </summary>
internal readonly ref struct SearchPlan
{
    public const int MaxShare = 4;

    /// <summary>In units of one entry read.</summary>
    private const int CostOfLookup = 100;

    /// <summary>Counting all values at the greatest distance takes longer than it helps: as crowded as those one bit nearer.</summary>
    private const int MaxCounted = MaxShare - 2;

    private static readonly int[] ByDistance = [.. Enumerable.Range(0, 1 << 16).OrderBy(m => BitOperations.PopCount((uint)m))];
    private static readonly int[] Within = [.. Enumerable.Range(0, MaxShare + 1).Select(share => ByDistance.Count(m => BitOperations.PopCount((uint)m) < share))];

    private readonly Shares shares;

    private SearchPlan(Shares shares, long cost) => (this.shares, Cost) = (shares, cost);

    /// <summary>In units of one entry read.</summary>
    public long Cost { get; }

    public int this[int word] => shares[word];

    /// <summary>Which bits of a word differ, where fewer than <paramref name="share"/> do.</summary>
    public static ReadOnlySpan<int> Differences(int share) => ByDistance.AsSpan(0, Within[share]);

    public static SearchPlan For(PdqHash query, int maxDistance, WordTable[] tables)
    {
        var needed = maxDistance + 1;
        var wide = needed + 1;
        Span<long> least = stackalloc long[wide];
        Span<long> before = stackalloc long[wide];
        Span<byte> choice = stackalloc byte[RingOfWords.Count * wide];
        Span<long> costs = stackalloc long[MaxShare + 1];
        before.Fill(long.MaxValue / 2);
        before[0] = 0;

        // least[s]: the lowest cost of the words so far with shares of s together, or more.
        for (var word = 0; word < RingOfWords.Count; word++)
        {
            Costs(RingOfWords.Of(query, word), tables[word], costs);
            for (var sum = 0; sum < wide; sum++)
            {
                var (best, chosen) = (before[sum], 0);
                for (var share = 1; share <= MaxShare; share++)
                {
                    var cost = before[Math.Max(sum - share, 0)] + costs[share];
                    (best, chosen) = cost < best ? (cost, share) : (best, chosen);
                }

                (least[sum], choice[(word * wide) + sum]) = (best, (byte)chosen);
            }

            least.CopyTo(before);
        }

        Shares shares = default;
        for (int word = RingOfWords.Count - 1, sum = needed; word >= 0; word--)
        {
            shares[word] = choice[(word * wide) + sum];
            sum = Math.Max(sum - shares[word], 0);
        }

        return new SearchPlan(shares, before[needed]);
    }

    /// <summary>Of looking a word up with each share.</summary>
    private static void Costs(int value, WordTable table, Span<long> costs)
    {
        long entries = 0;
        long last = 0;
        for (var share = 1; share <= MaxShare; share++)
        {
            var (from, to) = (Within[share - 1], Within[share]);
            if (share - 1 <= MaxCounted)
            {
                last = 0;
                foreach (var difference in ByDistance.AsSpan(from, to - from))
                {
                    last += table.CountOf(value ^ difference);
                }
            }
            else
            {
                last = last * (to - from) / (from - Within[share - 2]);
            }

            entries += last;
            costs[share] = (CostOfLookup * to) + entries;
        }
    }

    [System.Runtime.CompilerServices.InlineArray(RingOfWords.Count)]
    private struct Shares
    {
        private byte first;
    }
}

using System.Numerics;
using System.Runtime.CompilerServices;

namespace ReportIntake.Domain.Recognition;

/// <summary>
/// Each word's share of the bits that may differ, 0 to 4. The shares together are one more than the distance searched for.
/// Then, going round the ring of words from the right one on, a hash within the distance differs in fewer bits than the
/// shares have together, whether one counts that word alone, it and the next, or any more. (The right one comes after the
/// place where the running sum of differences less shares was last at its highest: from there it can only be lower.)
/// "Pigeonring: A Principle for Faster Thresholded Similarity Search", Qin and Xiao, PVLDB 12, 2018; that shares may differ, so
/// that words whose values are crowded are left out: "GPH", Qin et al., ICDE 2018.
/// </summary>
internal readonly ref struct SearchPlan
{
    private const int MaxShare = 4;

    /// <summary>Looking a value up takes as long as reading so many entries in a row.</summary>
    private const int CostOfLookup = 100;

    /// <summary>All values of a word, those with fewer bits first; and how many have fewer bits than a share.</summary>
    private static readonly int[] ByBits = [.. Enumerable.Range(0, 1 << 16).OrderBy(v => BitOperations.PopCount((uint)v))];
    private static readonly int[] Fewer = [.. Enumerable.Range(0, MaxShare + 1).Select(share => ByBits.Count(v => BitOperations.PopCount((uint)v) < share))];

    private readonly Shares shares;

    private SearchPlan(Shares shares, long cost)
    {
        this.shares = shares;
        Cost = cost;
    }

    /// <summary>Of reading one entry of a table this is a multiple.</summary>
    public long Cost { get; }

    public int this[int word] => shares[word];

    /// <summary>Bits in which this word and the next two may differ together.</summary>
    public int MostWithNextTwo(int word)
    {
        var next = RingOfWords.After(word);
        return shares[word] + shares[next] + shares[RingOfWords.After(next)] - 1;
    }

    /// <summary>The differences of a word in fewer bits than its share, nearest first.</summary>
    public static ReadOnlySpan<int> Differences(int share) => ByBits.AsSpan(0, Fewer[share]);

    /// <summary>The one of the least cost, by dynamic programming.</summary>
    public static SearchPlan For(PdqHash query, int maxDistance, WordTable[] tables)
    {
        var needed = maxDistance + 1;
        var sums = needed + 1;
        Span<long> costs = stackalloc long[MaxShare + 1];
        Span<byte> chosen = stackalloc byte[RingOfWords.Count * sums];

        // The least cost of the words so far, for each sum of their shares, or more.
        Span<long> least = stackalloc long[sums];
        least.Fill(long.MaxValue / 2);
        least[0] = 0;
        for (var word = 0; word < RingOfWords.Count; word++)
        {
            CostsOf(RingOfWords.Of(query, word), tables[word], costs);
            for (var sum = needed; sum >= 0; sum--)
            {
                for (var share = 1; share <= MaxShare; share++)
                {
                    var cost = least[Math.Max(sum - share, 0)] + costs[share];
                    if (cost < least[sum])
                    {
                        (least[sum], chosen[(word * sums) + sum]) = (cost, (byte)share);
                    }
                }
            }
        }

        Shares best = default;
        for (int word = RingOfWords.Count - 1, sum = needed; word >= 0; word--)
        {
            best[word] = chosen[(word * sums) + sum];
            sum = Math.Max(sum - best[word], 0);
        }

        return new SearchPlan(best, least[needed]);
    }

    /// <summary>Of one word, by its share.</summary>
    private static void CostsOf(int value, WordTable table, Span<long> costs)
    {
        long entries = 0;
        long farthest = 0;
        for (var share = 1; share <= MaxShare; share++)
        {
            var differences = Differences(share)[Fewer[share - 1]..];
            if (share < MaxShare)
            {
                farthest = 0;
                foreach (var difference in differences)
                {
                    farthest += table.CountOf(value ^ difference);
                }
            }
            else
            {
                // Counting these takes longer than it helps: as crowded, on average, as those one bit nearer.
                farthest = farthest * differences.Length / (Fewer[share - 1] - Fewer[share - 2]);
            }

            entries += farthest;
            costs[share] = (CostOfLookup * Fewer[share]) + entries;
        }
    }

    [InlineArray(RingOfWords.Count)]
    private struct Shares
    {
        private byte first;
    }
}

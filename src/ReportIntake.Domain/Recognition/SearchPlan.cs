using System.Numerics;

namespace ReportIntake.Domain.Recognition;

/// <summary>
/// How far from the query's value each word is looked up: -1 (not at all) to 2 bits. All hashes within distance d are met
/// when the radii plus one sum to more than d (the general pigeonhole principle: Qin et al., "GPH: Similarity Search in
/// Hamming Space", ICDE 2018), so a word whose values are crowded here may be left out if others are looked up farther.
/// </summary>
internal readonly ref struct SearchPlan
{
    private const int MaxRadius = 2;

    /// <summary>Looking one value up costs about as much as comparing with this many hashes.</summary>
    private const int CostOfLookup = 2;

    /// <summary>Where even radii cost no more than this share of all hashes, nothing better is looked for.</summary>
    private const int GoodShare = 100;

    private static readonly int[] ByRadius = MakeMasks(out Counts);
    private static readonly int[] Counts;

    private SearchPlan(sbyte[] radii, long candidates, bool isCrowded)
    {
        Radii = radii;
        Candidates = candidates;
        IsCrowded = isCrowded;
    }

    public ReadOnlySpan<sbyte> Radii { get; }

    /// <summary>Hashes that will be compared.</summary>
    public long Candidates { get; }

    /// <summary>Many hashes share words with this one, so that many of them are met by several words.</summary>
    public bool IsCrowded { get; }

    /// <summary>Differences of at most <paramref name="radius"/> of 16 bits, nearest first.</summary>
    public static ReadOnlySpan<int> Masks(int radius) => ByRadius.AsSpan(0, radius < 0 ? 0 : Counts[radius]);

    public static SearchPlan For(PdqHash query, int maxDistance, int count, int[][] starts)
    {
        // The plain one: every word alike, the surplus taken back from the last words.
        var needed = maxDistance + 1;
        var radii = new sbyte[PdqIndex.Words];
        for (var word = 0; word < radii.Length; word++)
        {
            radii[word] = (sbyte)(((needed + radii.Length - 1 - word) / radii.Length) - 1);
        }

        long candidates = 0;
        for (var word = 0; word < radii.Length; word++)
        {
            candidates += CountOf(PdqIndex.WordOf(query, word), starts[word], 0, Masks(radii[word]).Length);
        }

        return candidates <= count / GoodShare ? new SearchPlan(radii, candidates, isCrowded: false) : Cheapest(query, needed, starts);
    }

    private static SearchPlan Cheapest(PdqHash query, int needed, int[][] starts)
    {
        const long Impossible = long.MaxValue / 2;
        var costs = new long[PdqIndex.Words, MaxRadius + 2];
        var best = new long[PdqIndex.Words + 1, needed + 1];
        var choice = new sbyte[PdqIndex.Words, needed + 1];
        for (var sum = 1; sum <= needed; sum++)
        {
            best[0, sum] = Impossible;
        }

        // best[w, s]: least cost of the first w words whose radii plus one sum to s at least.
        for (var word = 0; word < PdqIndex.Words; word++)
        {
            var value = PdqIndex.WordOf(query, word);
            for (var radius = 0; radius <= MaxRadius; radius++)
            {
                var (from, to) = (Masks(radius - 1).Length, Masks(radius).Length);
                costs[word, radius + 1] = costs[word, radius] + CountOf(value, starts[word], from, to) + (CostOfLookup * (to - from));
            }

            for (var sum = 0; sum <= needed; sum++)
            {
                best[word + 1, sum] = Impossible;
                for (var share = 0; share <= MaxRadius + 1; share++)
                {
                    var cost = best[word, Math.Max(sum - share, 0)] + costs[word, share];
                    if (cost < best[word + 1, sum])
                    {
                        (best[word + 1, sum], choice[word, sum]) = (cost, (sbyte)(share - 1));
                    }
                }
            }
        }

        var radii = new sbyte[PdqIndex.Words];
        for (int word = PdqIndex.Words - 1, sum = needed; word >= 0; word--)
        {
            radii[word] = choice[word, sum];
            sum = Math.Max(sum - radii[word] - 1, 0);
        }

        return new SearchPlan(radii, best[PdqIndex.Words, needed], isCrowded: true);
    }

    private static long CountOf(int value, int[] starts, int from, int to)
    {
        long sum = 0;
        foreach (var mask in ByRadius.AsSpan(from, to - from))
        {
            sum += starts[(value ^ mask) + 1] - starts[value ^ mask];
        }

        return sum;
    }

    private static int[] MakeMasks(out int[] counts)
    {
        var masks = Enumerable.Range(0, PdqIndex.Values).Where(m => BitOperations.PopCount((uint)m) <= MaxRadius)
            .OrderBy(m => BitOperations.PopCount((uint)m)).ToArray();
        counts = [.. Enumerable.Range(0, MaxRadius + 1).Select(r => masks.Count(m => BitOperations.PopCount((uint)m) <= r))];
        return masks;
    }
}

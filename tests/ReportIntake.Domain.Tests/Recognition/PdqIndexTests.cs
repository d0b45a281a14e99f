using ReportIntake.Domain.Recognition;

namespace ReportIntake.Domain.Tests.Recognition;

public sealed class PdqIndexTests
{
    /// <summary>Enough for words to be looked up, so that not only the comparison with all is tested.</summary>
    private const int Many = 40_000;

    [Theory]
    [InlineData(0)]
    [InlineData(10)]
    [InlineData(15)]
    [InlineData(16)]
    [InlineData(24)]
    [InlineData(30)]
    [InlineData(31)]
    public void Search_AnyDistance_FindsWhatComparingWithAllFinds(int maxDistance)
    {
        var random = new Random(maxDistance);
        var hashes = Enumerable.Range(0, Many).Select(_ => Hash(random)).ToArray();
        var index = new PdqIndex(hashes);

        for (var i = 0; i < 200; i++)
        {
            var query = Flipped(hashes[random.Next(Many)], random.Next(34), random);
            Assert.Equal(Expected(hashes, query, maxDistance), Found(index, query, maxDistance));
        }
    }

    [Fact]
    public void Search_ExactlyAtTheLimit_MissesNone()
    {
        // The hardest for words: the 31 bits spread over all sixteen as evenly as can be.
        var random = new Random(1);
        var query = Hash(random);
        var hashes = Enumerable.Range(0, Many).Select(_ => Hash(random)).ToArray();
        for (var i = 0; i < 1000; i++)
        {
            var words = Enumerable.Range(0, 16).SelectMany(w => new[] { w, w }).ToArray();
            random.Shuffle(words);
            var bits = words.Take(31).GroupBy(w => w).SelectMany(g => Enumerable.Range(0, 16).OrderBy(_ => random.Next()).Take(g.Count()).Select(b => (g.Key * 16) + b));
            hashes[i * 7] = bits.Aggregate(query, Flip);
        }

        var found = Found(new PdqIndex(hashes), query, 31);

        Assert.Equal(1000, found.Count);
        Assert.All(found, m => Assert.Equal(31, m.Distance));
    }

    [Fact]
    public void Search_CrowdedWords_FindsWhatComparingWithAllFinds()
    {
        // Half of the words have one of three values each, as in pictures with much black: their buckets hold a third of all.
        var random = new Random(2);
        var hashes = Enumerable.Range(0, Many).Select(_ => Hash(random) with { A = 0x0001_0001_0001_0001UL * (ulong)random.Next(3), B = 7 }).ToArray();
        var index = new PdqIndex(hashes);

        for (var i = 0; i < 200; i++)
        {
            var query = Flipped(hashes[random.Next(Many)], random.Next(34), random);
            Assert.Equal(Expected(hashes, query, 31), Found(index, query, 31));
        }
    }

    [Fact]
    public void Search_NearDuplicatesOnly_FindsWhatComparingWithAllFinds()
    {
        var random = new Random(3);
        var centres = Enumerable.Range(0, 5).Select(_ => Hash(random)).ToArray();
        var hashes = Enumerable.Range(0, Many).Select(i => Flipped(centres[i % 5], random.Next(20), random)).ToArray();
        var index = new PdqIndex(hashes);

        for (var i = 0; i < 20; i++)
        {
            var query = Flipped(centres[i % 5], random.Next(10), random);
            Assert.Equal(Expected(hashes, query, 31), Found(index, query, 31));
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(3)]
    public void Scan_AnyNumberOfHashes_FindsWhatComparingWithAllFinds(int more)
    {
        var random = new Random(6);
        var hashes = Enumerable.Range(0, Many + more).Select(_ => Hash(random)).ToArray();
        var index = new PdqIndex(hashes);

        foreach (var at in new[] { 0, 1, 17, Many - 1, Many + more - 1 })
        {
            List<PdqMatch> found = [];
            index.Scan(Flipped(hashes[at], 31, random), 31, found);
            Assert.Contains(found, m => m.Position == at);
        }

        var query = Hash(random);
        List<PdqMatch> far = [];
        index.Scan(query, 31, far);
        Assert.Equal(Expected(hashes, query, 31), far);
    }

    [Fact]
    public void Search_EmptyAndSmall_FindsWhatIsThere()
    {
        var random = new Random(4);
        var hash = Hash(random);

        Assert.Empty(Found(new PdqIndex([]), hash, 31));
        Assert.Equal([new PdqMatch(1, 0)], Found(new PdqIndex([Hash(random), hash]), hash, 0));
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(32)]
    public void Search_DistanceOutOfRange_Throws(int maxDistance) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => Found(new PdqIndex([]), default, maxDistance));

    [Fact]
    public async Task GrowingIndex_ReadWhileAdded_ShowsAllThatWasAddedBefore()
    {
        var random = new Random(5);
        var added = Enumerable.Range(0, 80_000).Select(_ => Hash(random)).ToArray();
        var index = new GrowingPdqIndex(added[..100]);
        var writer = Task.Run(() => Array.ForEach(added[100..], h => index.Add(h)));

        for (var i = 0; i < 500; i++)
        {
            var last = index.Count - 1;
            List<PdqMatch> found = [];
            index.Search(added[last], 0, found);
            Assert.Equal([new PdqMatch(last, 0)], found);
        }

        await writer;
        Assert.Equal(added.Length, index.Count);
        foreach (var at in new[] { 0, 99, 100, 65_635, 65_637, 79_999 })
        {
            List<PdqMatch> found = [];
            index.Search(added[at], 3, found);
            Assert.Equal([new PdqMatch(at, 0)], found);
        }
    }

    private static List<PdqMatch> Found(PdqIndex index, PdqHash query, int maxDistance)
    {
        List<PdqMatch> found = [];
        index.Search(query, maxDistance, found);
        return [.. found.OrderBy(m => m.Position)];
    }

    private static List<PdqMatch> Expected(PdqHash[] hashes, PdqHash query, int maxDistance) =>
        [.. hashes.Select((h, i) => new PdqMatch(i, h.DistanceTo(query))).Where(m => m.Distance <= maxDistance)];

    private static PdqHash Hash(Random random) => new(Bits(random), Bits(random), Bits(random), Bits(random));

    private static ulong Bits(Random random) => (ulong)random.NextInt64(long.MinValue, long.MaxValue);

    private static PdqHash Flipped(PdqHash hash, int bits, Random random) =>
        Enumerable.Range(0, bits).Aggregate(hash, (h, _) => Flip(h, random.Next(256)));

    private static PdqHash Flip(PdqHash h, int bit) => (bit / 64) switch
    {
        0 => h with { A = h.A ^ (1UL << bit) },
        1 => h with { B = h.B ^ (1UL << bit) },
        2 => h with { C = h.C ^ (1UL << bit) },
        _ => h with { D = h.D ^ (1UL << bit) },
    };
}

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

    [Theory]
    [InlineData(1000)]
    [InlineData(5000)] // So many that looking words up is given up.
    public void Search_ExactlyAtTheLimit_MissesNone(int near)
    {
        // The hardest for words: the 31 bits spread over all sixteen as evenly as can be.
        var random = new Random(1);
        var query = Hash(random);
        var hashes = Enumerable.Range(0, Many).Select(_ => Hash(random)).ToArray();
        for (var i = 0; i < near; i++)
        {
            var words = Enumerable.Range(0, 16).SelectMany(w => new[] { w, w }).ToArray();
            random.Shuffle(words);
            var bits = words.Take(31).GroupBy(w => w).SelectMany(g => Enumerable.Range(0, 16).OrderBy(_ => random.Next()).Take(g.Count()).Select(b => (g.Key * 16) + b));
            hashes[i * 7] = bits.Aggregate(query, Flip);
        }

        var found = Found(new PdqIndex(hashes), query, 31);

        Assert.Equal(near, found.Count);
        Assert.All(found, m => Assert.Equal(31, m.Distance));
    }

    [Fact]
    public void Search_OneBitBeyondTheLimit_FindsNone()
    {
        var random = new Random(7);
        var query = Hash(random);
        var hashes = Enumerable.Range(0, Many).Select(_ => Hash(random)).ToArray();
        for (var i = 0; i < 1000; i++)
        {
            hashes[i * 7] = Enumerable.Range(0, 256).OrderBy(_ => random.Next()).Take(32).Aggregate(query, Flip);
        }

        Assert.Empty(Found(new PdqIndex(hashes), query, 31));
    }

    [Theory]
    [InlineData("one word crowded")]
    [InlineData("a third of the words crowded")]
    [InlineData("half of the words the same")]
    [InlineData("all but one word the same")]
    [InlineData("small clusters")]
    [InlineData("large clusters")]
    [InlineData("wide clusters")]
    [InlineData("large clusters in crowded words")]
    [InlineData("one cluster")]
    [InlineData("each many times")]
    [InlineData("all zero")]
    [InlineData("all equal")]
    [InlineData("all equal but random ones")]
    public void Search_UnevenCollection_FindsWhatComparingWithAllFinds(string kind)
    {
        var random = new Random(2);
        var hashes = Collection(kind, random);
        random.Shuffle(hashes);
        var index = new PdqIndex(hashes);

        for (var i = 0; i < 60; i++)
        {
            var query = i % 10 == 0 ? Hash(random) : Flipped(hashes[random.Next(hashes.Length)], random.Next(34), random);
            var maxDistance = i % 3 == 0 ? random.Next(32) : 31;
            Assert.Equal(Expected(hashes, query, maxDistance), Found(index, query, maxDistance));
        }
    }

    [Theory]
    [InlineData(39)]
    [InlineData(40)] // The farthest that stands with them.
    [InlineData(41)]
    public void Search_BesideManyNearDuplicates_FindsWhatIsNearOnTheirFarSide(int beside)
    {
        var random = new Random(11);
        var hashes = Enumerable.Range(0, Many).Select(_ => Hash(random)).ToArray();
        var centre = Hash(random);
        hashes.AsSpan(0, 500).Fill(centre);

        // Of the first three words none differs, so that it stands with the others.
        hashes[700] = Enumerable.Range(48, beside).Aggregate(centre, Flip);
        var query = Enumerable.Range(48 + beside, 31).Aggregate(hashes[700], Flip);

        Assert.Equal([new PdqMatch(700, 31)], Found(new PdqIndex(hashes), query, 31));
    }

    [Fact]
    public void Search_ManyAtATime_FindsWhatComparingWithAllFinds()
    {
        var random = new Random(8);
        var hashes = Collection("small clusters", random);
        var index = new PdqIndex(hashes);
        var queries = Enumerable.Range(0, 100).Select(i => Flipped(hashes[i], random.Next(20), random)).ToArray();
        var expected = queries.Select(query => Expected(hashes, query, 31)).ToArray();

        Parallel.For(0, 1000, new ParallelOptions { MaxDegreeOfParallelism = 8 }, i =>
            Assert.Equal(expected[i % 100], Found(index, queries[i % 100], 31)));
    }

    [Fact]
    public void Search_SomeFoundBefore_KeepsThem()
    {
        var random = new Random(9);
        var hashes = Collection("large clusters", random);
        var index = new PdqIndex(hashes);
        List<PdqMatch> found = [];

        index.Search(hashes[5], 0, found);
        index.Search(hashes[6], 0, found);

        Assert.Contains(new PdqMatch(5, 0), found);
        Assert.Contains(new PdqMatch(6, 0), found);
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

    [Fact]
    public void GrowingIndex_NearDuplicatesAdded_KeepsThePositionsOfAll()
    {
        // 65,536 and one more make a new index of all.
        var random = new Random(10);
        var centres = Enumerable.Range(0, 300).Select(_ => Hash(random)).ToArray();
        var added = Enumerable.Range(0, 70_000).Select(_ => Flipped(centres[random.Next(300)], random.Next(10), random)).ToArray();
        var index = new GrowingPdqIndex(added[..20_000]);

        Assert.Equal(Enumerable.Range(20_000, 50_000), added[20_000..].Select(index.Add));
        Assert.Equal(Enumerable.Range(70_000, 30_000), added[..30_000].Select(index.Add));
        PdqHash[] all = [.. added, .. added[..30_000]];

        foreach (var at in new[] { 0, 19_999, 20_000, 69_999, 85_535, 85_536, 99_999 })
        {
            List<PdqMatch> found = [];
            index.Search(all[at], 31, found);
            Assert.Equal(Expected(all, all[at], 31), found.OrderBy(m => m.Position));
        }
    }

    private static PdqHash[] Collection(string kind, Random random) => kind switch
    {
        "one word crowded" => Make(Many, () => Hash(random) is var h ? h with { B = h.B & ~0xFFFFUL } : default),
        "a third of the words crowded" => Make(4 * Many, () => Hash(random) is var h
            ? h with { A = 0x0001_0001_0001_0001UL * (ulong)random.Next(3), B = (h.B & ~0xFFFFUL) | (uint)random.Next(20) }
            : default),
        "half of the words the same" => Make(4 * Many, () => Hash(random) with { A = 7, C = 0xFFFF_0000_FFFF_0000 }),
        "all but one word the same" => Make(Many, () => new PdqHash(1, 2, 3, (ulong)random.Next(1 << 16) << 32)),
        "small clusters" => Clusters(Many, 100, 24, random),
        "large clusters" => Clusters(Many, 3000, 24, random),
        "wide clusters" => Clusters(Many, 1000, 60, random),
        "large clusters in crowded words" => [.. Clusters(Many, 3000, 24, random).Select(h => h with { A = 5 })],
        "one cluster" => Clusters(Many, Many, 40, random),
        "each many times" => [.. Enumerable.Repeat(Make(Many / 20, () => Hash(random)), 20).SelectMany(h => h)],
        "all zero" => new PdqHash[Many],
        "all equal" => [.. Enumerable.Repeat(Hash(random), Many)],
        "all equal but random ones" => [.. Enumerable.Repeat(Hash(random), Many / 2), .. Make(Many, () => Hash(random))],
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "No such collection."),
    };

    private static PdqHash[] Make(int count, Func<PdqHash> next) => [.. Enumerable.Range(0, count).Select(_ => next())];

    private static PdqHash[] Clusters(int count, int size, int spread, Random random)
    {
        var centres = Make((count / size) + 1, () => Hash(random));
        return [.. Enumerable.Range(0, count).Select(i => Flipped(centres[i / size], random.Next(spread + 1), random))];
    }

    private static List<PdqMatch> Found(PdqIndex index, PdqHash query, int maxDistance)
    {
        List<PdqMatch> found = [];
        index.Search(query, maxDistance, found);
        return [.. found.OrderBy(m => m.Position)];
    }

    private static List<PdqMatch> Expected(PdqHash[] hashes, PdqHash query, int maxDistance)
    {
        List<PdqMatch> near = [];
        for (var i = 0; i < hashes.Length; i++)
        {
            if (hashes[i].DistanceTo(query) is var distance && distance <= maxDistance)
            {
                near.Add(new PdqMatch(i, distance));
            }
        }

        return near;
    }

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

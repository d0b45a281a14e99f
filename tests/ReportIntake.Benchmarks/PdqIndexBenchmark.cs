using System.Globalization;
using System.Runtime;
using ReportIntake.Domain.Recognition;

namespace ReportIntake.Benchmarks;

/// <summary>
/// Search within distance 31 for all there are, on one core, among random hashes (which flatter an index over words), among
/// clusters of near-duplicates, among hashes whose words are crowded, as those of dark pictures are, and among both.
/// </summary>
internal static class PdqIndexBenchmark
{
    private const int Queries = 200;

    /// <param name="only">One number of hashes; null for a million and ten.</param>
    public static void Run(int? only)
    {
        foreach (var count in only is { } one ? new[] { one } : [1_000_000, 10_000_000])
        {
            var goal = 0.2 * count / 1_000_000;
            Measure("random", count, goal, Random(count));
            Measure("clusters of 100, ≤ 24 bits", count, goal, Clusters(count, 100, 24));
            Measure("clusters of 10,000, ≤ 24 bits", count, goal, Clusters(count, 10_000, 24));
            Measure("6 of 16 words crowded", count, goal, Crowded(count));
            Measure("clusters of 10,000, 6 words crowded", count, goal, Near(Crowded(count / 10_000), 10_000, 24));
            Measure("one cluster (worst case)", count, null, Clusters(count, count, 40));
        }
    }

    private static void Measure(string kind, int count, double? goal, PdqHash[] hashes)
    {
        GCSettings.LargeObjectHeapCompactionMode = GCLargeObjectHeapCompactionMode.CompactOnce;
        GC.Collect();
        var before = GC.GetTotalMemory(forceFullCollection: true);
        PdqIndex index = null!;
        var build = Measured.Once(() => index = new PdqIndex(hashes));
        var memory = (double)(GC.GetTotalMemory(forceFullCollection: true) - before) / count;

        var random = new Random(7);
        var queries = Enumerable.Range(0, Queries).Select(_ => Near(hashes[random.Next(count)], random.Next(30), random)).ToArray();
        var strangers = Enumerable.Range(0, Queries).Select(_ => Next(random)).ToArray();
        var found = new List<PdqMatch>(count);
        var scan = Measured.Median(11, i => Search(() => index.Scan(queries[i], 31, found)));
        var name = string.Create(CultureInfo.InvariantCulture, $"{count:N0} {kind}");
        Measured.Print($"{name}: build", build, 5000, "one scan", scan);
        Measured.Print($"{name}: known", Measured.Median(Queries, i => Search(() => index.Search(queries[i], 31, found))), goal, "scan", scan);
        Measured.Print($"{name}: unknown", Measured.Median(Queries, i => Search(() => index.Search(strangers[i], 31, found))), goal, "scan", scan);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{"",-58} {memory,10:0.0} bytes a hash, its own 32 among them; {found.Count} found last"));

        void Search(Action search)
        {
            found.Clear();
            search();
        }
    }

    private static PdqHash[] Random(int count)
    {
        var random = new Random(1);
        return Make(count, _ => Next(random));
    }

    private static PdqHash[] Clusters(int count, int size, int spread)
    {
        var random = new Random(2);
        return Near(Make(count / size, _ => Next(random)), size, spread);
    }

    /// <summary>So many around each centre.</summary>
    private static PdqHash[] Near(PdqHash[] centres, int size, int spread)
    {
        var random = new Random(4);
        var hashes = Make(centres.Length * size, i => Near(centres[i / size], random.Next(spread + 1), random));
        random.Shuffle(hashes);
        return hashes;
    }

    private static PdqHash[] Crowded(int count)
    {
        var random = new Random(3);
        return Make(count, _ => Next(random) with
        {
            // Four words of four values, two of sixteen, the same in all four and both: no bucket of these is small.
            A = 0x0001_0001_0001_0001UL * (ulong)random.Next(4),
            B = ((ulong)random.NextInt64(1L << 32) << 32) | (0x0001_0001UL * (ulong)random.NextInt64(16)),
        });
    }

    private static PdqHash[] Make(int count, Func<int, PdqHash> next)
    {
        var hashes = new PdqHash[count];
        for (var i = 0; i < count; i++)
        {
            hashes[i] = next(i);
        }

        return hashes;
    }

    private static PdqHash Next(Random random) => new(Bits(random), Bits(random), Bits(random), Bits(random));

    private static ulong Bits(Random random) => (ulong)random.NextInt64(long.MinValue, long.MaxValue);

    private static PdqHash Near(PdqHash hash, int bits, Random random)
    {
        Span<ulong> words = [hash.A, hash.B, hash.C, hash.D];
        for (var i = 0; i < bits; i++)
        {
            var bit = random.Next(PdqHash.Bits);
            words[bit / 64] ^= 1UL << bit;
        }

        return new PdqHash(words[0], words[1], words[2], words[3]);
    }
}

namespace ReportIntake.Domain.Recognition;

/// <summary>
/// Hashes that only ever become more, searched by any number of threads while one adds: an index over most of them, and the
/// latest, which are compared one by one until they are many enough for a new index.
/// </summary>
public sealed class GrowingPdqIndex
{
    /// <summary>As many are compared in about 0.1 ms.</summary>
    private const int MaxTail = 1 << 16;

    private readonly Lock adding = new();
    private volatile Snapshot current;

    /// <param name="hashes">Copied.</param>
    public GrowingPdqIndex(PdqHash[] hashes) => current = new Snapshot(new PdqIndex(hashes), [], 0);

    public int Count => current.Count;

    /// <summary>Returns the hash's position, from 0. Now and then this builds a new index: 4 s for ten million hashes.</summary>
    public int Add(PdqHash hash)
    {
        lock (adding)
        {
            var (index, latest, latestCount) = current;
            if (latestCount == Math.Max(MaxTail, index.Count / 16))
            {
                var all = GC.AllocateUninitializedArray<PdqHash>(index.Count + latestCount);
                index.CopyTo(all);
                latest.AsSpan(0, latestCount).CopyTo(all.AsSpan(index.Count));
                (index, latest, latestCount) = (new PdqIndex(all), [], 0);
            }

            if (latestCount == latest.Length)
            {
                Array.Resize(ref latest, Math.Max(1024, latestCount * 2));
            }

            // Readers of the old snapshot look at no more than its count.
            latest[latestCount] = hash;
            current = new Snapshot(index, latest, latestCount + 1);
            return index.Count + latestCount;
        }
    }

    /// <inheritdoc cref="PdqIndex.Search"/>
    public void Search(PdqHash query, int maxDistance, List<PdqMatch> found)
    {
        var (index, latest, latestCount) = current;
        index.Search(query, maxDistance, found);
        PdqIndex.Scan(latest.AsSpan(0, latestCount), index.Count, query, maxDistance, found);
    }

    private sealed record Snapshot(PdqIndex Index, PdqHash[] Latest, int LatestCount)
    {
        public int Count => Index.Count + LatestCount;
    }
}

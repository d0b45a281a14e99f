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

    /// <param name="hashes">Kept, not copied: they must not change any more.</param>
    public GrowingPdqIndex(PdqHash[] hashes) => current = new Snapshot(new PdqIndex(hashes), hashes, hashes.Length);

    public int Count => current.Count;

    /// <summary>Returns the hash's position, from 0. Now and then this builds a new index: 4 s for ten million hashes.</summary>
    public int Add(PdqHash hash)
    {
        lock (adding)
        {
            var (index, hashes, count) = current;
            if (count == hashes.Length)
            {
                Array.Resize(ref hashes, Math.Max(1024, count + (count / 4)));
            }

            hashes[count] = hash;
            if (count + 1 - index.Count > Math.Max(MaxTail, index.Count / 16))
            {
                index = new PdqIndex(hashes, count + 1);
            }

            // Readers of the old snapshot look at no more than its count.
            current = new Snapshot(index, hashes, count + 1);
            return count;
        }
    }

    /// <inheritdoc cref="PdqIndex.Search"/>
    public void Search(PdqHash query, int maxDistance, List<PdqMatch> found)
    {
        var (index, hashes, count) = current;
        index.Search(query, maxDistance, found);
        PdqIndex.Scan(hashes.AsSpan(index.Count, count - index.Count), index.Count, query, maxDistance, found);
    }

    private sealed record Snapshot(PdqIndex Index, PdqHash[] Hashes, int Count);
}

using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace ReportIntake.Domain.Recognition;

/// <summary>
/// Two of the four 64-bit parts of each hash, side by side and apart from the rest. Of unrelated hashes 128 bits differ in 64,
/// give or take 6, so these two alone rule nearly all of them out at distance 31, and a scan reads half as much memory, which
/// is what bounds it. Exact: what they do not rule out is compared whole.
/// </summary>
internal sealed class PdqColumns
{
    internal static readonly PdqColumns None = new([], 0, 0);

    private const int Parts = 4;

    /// <summary>Pairs of hashes that are looked at to find the parts that tell most.</summary>
    private const int Sample = 4096;

    private readonly ulong[] pairs;
    private readonly int one;
    private readonly int two;

    private PdqColumns(ulong[] pairs, int one, int two) => (this.pairs, this.one, this.two) = (pairs, one, two);

    internal bool IsEmpty => pairs.Length == 0;

    internal static PdqColumns Of(ReadOnlySpan<PdqHash> hashes)
    {
        var (one, two) = MostTelling(hashes);
        var pairs = GC.AllocateUninitializedArray<ulong>(2 * hashes.Length);
        for (var i = 0; i < hashes.Length; i++)
        {
            (pairs[2 * i], pairs[(2 * i) + 1]) = (Part(hashes[i], one), Part(hashes[i], two));
        }

        return new PdqColumns(pairs, one, two);
    }

    /// <param name="hashes">Those that this was made of.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal void Scan(PdqHash[] hashes, PdqHash query, int maxDistance, List<PdqMatch> found)
    {
        var (a, b) = (Part(query, one), Part(query, two));
        ref var pair = ref MemoryMarshal.GetArrayDataReference(pairs);
        var count = pairs.Length / 2;
        var i = 0;

        // Four at a time: one branch that is nearly never taken, and the processor counts the bits of all of them at once.
        for (; i + 4 <= count; i += 4)
        {
            var d0 = Distance(ref Unsafe.Add(ref pair, 2 * i), a, b);
            var d1 = Distance(ref Unsafe.Add(ref pair, (2 * i) + 2), a, b);
            var d2 = Distance(ref Unsafe.Add(ref pair, (2 * i) + 4), a, b);
            var d3 = Distance(ref Unsafe.Add(ref pair, (2 * i) + 6), a, b);
            if (Math.Min(Math.Min(d0, d1), Math.Min(d2, d3)) <= maxDistance)
            {
                PdqIndex.Scan(hashes.AsSpan(i, 4), i, query, maxDistance, found);
            }
        }

        PdqIndex.Scan(hashes.AsSpan(i, count - i), i, query, maxDistance, found);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int Distance(ref ulong pair, ulong a, ulong b) => BitOperations.PopCount(pair ^ a) + BitOperations.PopCount(Unsafe.Add(ref pair, 1) ^ b);

    /// <summary>The two parts in which hashes differ most: dark pictures, say, have words that are alike.</summary>
    private static (int One, int Two) MostTelling(ReadOnlySpan<PdqHash> hashes)
    {
        Span<long> differences = stackalloc long[Parts];
        var step = Math.Max(1, hashes.Length / 2 / Sample);
        for (var (low, high) = (0, hashes.Length - 1); low < high; (low, high) = (low + step, high - step))
        {
            for (var part = 0; part < Parts; part++)
            {
                differences[part] += BitOperations.PopCount(Part(hashes[low], part) ^ Part(hashes[high], part));
            }
        }

        var sums = differences.ToArray();
        var best = Enumerable.Range(0, Parts).OrderByDescending(part => sums[part]).Take(2).Order().ToArray();
        return (best[0], best[1]);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Part(in PdqHash hash, int part) => Unsafe.Add(ref Unsafe.As<PdqHash, ulong>(ref Unsafe.AsRef(in hash)), part);
}

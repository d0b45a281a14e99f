using System.Collections.Concurrent;

namespace ReportIntake.Domain.Recognition;

/// <summary>
/// Puts near-duplicates side by side, so that a query that is near to one reads the others in the same run through memory:
/// every hash is put among those with which it has its most frequent word in common. What has no near-duplicates comes to
/// stand anywhere.
/// </summary>
internal static class NearTogether
{
    /// <param name="counts">For each word how many hashes have each value.</param>
    /// <returns>Positions, in the order in which the hashes are to stand.</returns>
    public static int[] Order(PdqHash[] hashes, int[][] counts)
    {
        var keys = GC.AllocateUninitializedArray<ulong>(hashes.Length);
        Parallel.ForEach(Partitioner.Create(0, hashes.Length), range =>
        {
            for (var i = range.Item1; i < range.Item2; i++)
            {
                var (most, wordAndValue) = (-1, 0);
                for (var word = 0; word < counts.Length; word++)
                {
                    var value = RingOfWords.Of(hashes[i], word);
                    var here = counts[word][value];
                    (most, wordAndValue) = here > most ? (here, (word << 16) | value) : (most, wordAndValue);
                }

                keys[i] = ((ulong)wordAndValue << 32) | (uint)i;
            }
        });
        keys.AsSpan().Sort();
        return Array.ConvertAll(keys, key => (int)(uint)key);
    }
}

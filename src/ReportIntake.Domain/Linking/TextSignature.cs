namespace ReportIntake.Domain.Linking;

/// <summary>
/// MinHash in bands: near-same texts have an equal band with high probability, others with low. With six bands of four
/// minima, texts that share 70 % of their runs meet with probability 0.8, 80 % with 0.96, 90 % with 0.998, 30 % with 0.05
/// (Leskovec, Rajaraman, Ullman, "Mining of Massive Datasets", 3.4). Who meets is then compared whole.
/// </summary>
public static class TextSignature
{
    public const int Bands = 6;
    private const int Rows = 4;

    /// <summary>Anybody can make the bands of a text that he guesses: in a database they are kept as keyed hashes.</summary>
    /// <param name="runs">A text's runs (<see cref="TextShingles.Runs"/>), at least one.</param>
    public static IReadOnlyList<ulong> BandsOf(IReadOnlyCollection<ulong> runs)
    {
        var bands = new ulong[Bands];
        for (var band = 0; band < Bands; band++)
        {
            var hash = (ulong)band + 1;
            for (var row = 0; row < Rows; row++)
            {
                var seed = Mix((ulong)((band * Rows) + row) + 0x9E3779B97F4A7C15UL);
                hash = Mix(hash ^ runs.Min(run => Mix(run ^ seed)));
            }

            bands[band] = hash;
        }

        return bands;
    }

    /// <summary>The finaliser of SplitMix64 (Steele, Lea, Flood 2014): a permutation of 64 bits.</summary>
    private static ulong Mix(ulong x)
    {
        x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9UL;
        x = (x ^ (x >> 27)) * 0x94D049BB133111EBUL;
        return x ^ (x >> 31);
    }
}

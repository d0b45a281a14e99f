using ReportIntake.Domain.Triage;

namespace ReportIntake.Domain.Linking;

/// <summary>
/// A text as the set of its runs of three words, for how much two texts have in common (Broder, "On the resemblance and
/// containment of documents", 1997). Words are folded, so that other dots and digits make no other text.
/// </summary>
public sealed class TextShingles
{
    /// <summary>Two texts with so much in common are near-same: one was copied from the other, a few words changed.</summary>
    public const double NearSame = 0.7;

    /// <summary>Words below which equal texts prove nothing: two people may well write "this account sells children".</summary>
    public const int TellingWords = 12;

    private const int Run = 3;
    private readonly HashSet<ulong> runs = [];

    private TextShingles(IReadOnlyList<string> words)
    {
        IsTelling = words.Count >= TellingWords;
        for (var i = 0; i == 0 || i + Run <= words.Count; i++)
        {
            runs.Add(Hash(words.Skip(i).Take(Run)));
        }
    }

    /// <summary>Long enough for its likeness to another to mean something.</summary>
    public bool IsTelling { get; }

    public IReadOnlyCollection<ulong> Runs => runs;

    /// <summary>Null where there are no words.</summary>
    public static TextShingles? Of(string? text) =>
        FoldedText.Of(text ?? "").Select(w => w.Text).ToList() is { Count: > 0 } words ? new TextShingles(words) : null;

    /// <summary>Share of all runs of either that both have, 0 to 1.</summary>
    public double LikenessTo(TextShingles other)
    {
        var (small, large) = runs.Count <= other.runs.Count ? (runs, other.runs) : (other.runs, runs);
        var shared = small.Count(large.Contains);
        return (double)shared / (runs.Count + other.runs.Count - shared);
    }

    /// <summary>FNV-1a.</summary>
    private static ulong Hash(IEnumerable<string> words)
    {
        var hash = 14695981039346656037UL;
        foreach (var word in words)
        {
            foreach (var c in word)
            {
                hash = (hash ^ c) * 1099511628211UL;
            }

            hash = (hash ^ ' ') * 1099511628211UL;
        }

        return hash;
    }
}

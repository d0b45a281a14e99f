using System.Globalization;
using System.Text;

namespace ReportIntake.Domain.Triage;

/// <summary>One word of a folded text. <paramref name="Stem"/>: the same without a number at its end ("smp2"), where that leaves a word.</summary>
internal readonly record struct FoldedWord(string Text, string? Stem)
{
    public bool Is(string other) => Text == other || Stem == other;
}

/// <summary>
/// Reads a text the way its writer wants it to be read, whatever was done to slip past a filter: case, accents, look-alike
/// letters, digits for letters ("0p3n b0"), letters set apart ("b.o"), drawn out ("boooo") or joined by odd separators.
/// Terms are folded by the same rules, so the result need not be spelt well, only the same for both.
/// </summary>
internal static class FoldedText
{
    private const string CyrillicLookalikes = "аеорсхіукв";
    private const string LatinLookalikes = "aeopcxiykb";

    public static IReadOnlyList<FoldedWord> Of(string text) => [.. Joined(Split(text)).Select(Word)];

    private static List<string> Split(string text)
    {
        var words = new List<string>();
        var word = new StringBuilder();
        var plain = Plain(text);
        for (var i = 0; i < plain.Length; i++)
        {
            var c = plain[i];
            if (char.IsLetterOrDigit(c))
            {
                word.Append(c);
            }
            else if (c is '@' or '$' && word.Length > 0 && i + 1 < plain.Length && char.IsLetterOrDigit(plain[i + 1]))
            {
                // Inside a word only: "an@k" is one word, "@handle" starts one.
                word.Append(c is '@' ? 'a' : 's');
            }
            else if (word.Length > 0)
            {
                words.Add(word.ToString());
                word.Clear();
            }
        }

        if (word.Length > 0)
        {
            words.Add(word.ToString());
        }

        return words;
    }

    /// <summary>Lower-case compatibility forms without accents and invisible characters. Works on runes: a lone surrogate must not throw.</summary>
    private static string Plain(string text)
    {
        var valid = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes())
        {
            valid.Append(rune);
        }

        var plain = new StringBuilder(text.Length);
        foreach (var c in valid.ToString().Normalize(NormalizationForm.FormKD))
        {
            // An apostrophe joins ("can't" = "cant"): people leave it out as often as not.
            if (c is '\'' or '’' || char.GetUnicodeCategory(c) is UnicodeCategory.NonSpacingMark or UnicodeCategory.Format)
            {
                continue;
            }

            var lower = char.ToLowerInvariant(c);
            var lookalike = CyrillicLookalikes.IndexOf(lower);
            plain.Append(lookalike < 0 ? lower : LatinLookalikes[lookalike]);
        }

        return plain.ToString();
    }

    /// <summary>
    /// Joins letters that stand apart: "b", "o" → "bo". Of the digits only 0 joins: the others may be an age, and
    /// "a 9 year old" must stay as it is.
    /// </summary>
    private static IEnumerable<string> Joined(List<string> words)
    {
        for (var i = 0; i < words.Count;)
        {
            var end = i;
            while (end < words.Count && words[end] is [var c] && (c == '0' || char.IsLetter(c)))
            {
                end++;
            }

            end = Math.Max(end, i + 1);
            yield return string.Concat(words[i..end]);
            i = end;
        }
    }

    private static FoldedWord Word(string word)
    {
        if (word.All(char.IsDigit))
        {
            return new FoldedWord(word, null);
        }

        var stem = word.TrimEnd('0', '1', '2', '3', '4', '5', '6', '7', '8', '9');
        return new FoldedWord(Letters(word), stem.Length > 1 && stem.Length < word.Length ? Letters(stem) : null);
    }

    private static string Letters(string word)
    {
        var letters = new StringBuilder(word.Length);
        foreach (var c in word)
        {
            var letter = c switch
            {
                '0' => 'o',
                '1' or 'l' => 'i', // 1 stands for either
                '3' => 'e',
                '4' => 'a',
                '5' => 's',
                '7' => 't',
                '8' => 'b',
                '9' => 'g',
                _ => c,
            };
            if (letters.Length == 0 || letters[^1] != letter)
            {
                letters.Append(letter);
            }
        }

        // The possessive "-nya" may hang on any noun; short words that merely end so stay whole.
        return letters is { Length: > 5 } && letters.ToString() is var folded && folded.EndsWith("nya", StringComparison.Ordinal)
            ? folded[..^3]
            : letters.ToString();
    }
}

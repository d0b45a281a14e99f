using System.Globalization;
using System.Text;

namespace ReportIntake.Domain.Linking;

/// <summary>What two ways of typing the same letters have in common.</summary>
internal static class Spelling
{
    private const int MostRounds = 4;

    /// <summary>
    /// Compatibility forms (NFKC) in lower case, without invisible characters, single spaces. Folding a folded text changes
    /// nothing: lower case and composition may undo one another, so it goes on until nothing moves.
    /// </summary>
    public static string Fold(string text)
    {
        for (var round = 0; round < MostRounds; round++)
        {
            var next = Once(text);
            if (next == text)
            {
                break;
            }

            text = next;
        }

        return text;
    }

    /// <summary>Digits of any script, as ASCII.</summary>
    public static string Digits(string text)
    {
        var digits = new StringBuilder(text.Length);
        foreach (var c in text)
        {
            if (CharUnicodeInfo.GetDecimalDigitValue(c) is >= 0 and var digit)
            {
                digits.Append((char)('0' + digit));
            }
        }

        return digits.ToString();
    }

    private static string Once(string text)
    {
        // By runes: a lone surrogate must not throw.
        var valid = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes())
        {
            valid.Append(rune);
        }

        var folded = new StringBuilder(text.Length);
        foreach (var c in valid.ToString().Normalize(NormalizationForm.FormKC).ToLowerInvariant())
        {
            var space = char.IsWhiteSpace(c) || char.IsControl(c);
            if (CharUnicodeInfo.GetUnicodeCategory(c) is UnicodeCategory.Format || (space && (folded.Length == 0 || folded[^1] == ' ')))
            {
                continue;
            }

            folded.Append(space ? ' ' : c);
        }

        return folded.ToString().TrimEnd(' ');
    }
}

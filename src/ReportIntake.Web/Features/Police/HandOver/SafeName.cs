using System.Globalization;
using System.Text;

namespace ReportIntake.Web.Features.Police.HandOver;

/// <summary>
/// A citizen's file name as the package may carry it: <c>0001-foto_di_pasar.png</c>. The number makes it unique on every file
/// system, keeps the order and takes the danger out of names such as <c>CON</c>, <c>-rf</c> or <c>.profile</c>; the letters
/// are ASCII, because <c>unzip</c> writes others differently in each locale. The name as sent stands in the metadata sheet.
/// </summary>
internal static class SafeName
{
    private const int MaxLength = 80;
    private const int MaxExtension = 10;

    /// <param name="number">From 1: the file's place in the report.</param>
    /// <param name="name">As sent: anything.</param>
    public static string Of(int number, string name)
    {
        var safe = new StringBuilder();
        foreach (var c in Whole(name).Normalize(NormalizationForm.FormKD))
        {
            if (char.GetUnicodeCategory(c) is UnicodeCategory.NonSpacingMark)
            {
                continue; // the accent that was taken off a letter
            }

            var next = char.IsAsciiLetterOrDigit(c) || c is '-' or '.' ? c : '_';
            if (next is not ('_' or '.') || safe.Length == 0 || safe[^1] != next)
            {
                safe.Append(next);
            }
        }

        var text = safe.ToString().Trim('.', '_', '-');
        if (text.Length > MaxLength)
        {
            var dot = text.LastIndexOf('.');
            var extension = dot > 0 && text.Length - dot <= MaxExtension ? text[dot..] : "";
            text = text[..(MaxLength - extension.Length)].TrimEnd('.', '_', '-') + extension;
        }

        return string.Create(CultureInfo.InvariantCulture, $"{number:0000}-{(text.Length == 0 ? "file" : text)}");
    }

    /// <summary>Without lone surrogates and U+FFFE, U+FFFF, which normalization refuses.</summary>
    private static string Whole(string name) =>
        string.Concat(name.EnumerateRunes().Select(rune => rune.Value is 0xFFFE or 0xFFFF ? "_" : rune.ToString()));
}

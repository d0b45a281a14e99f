using System.Globalization;
using System.Text;

namespace ReportIntake.MetadataReader;

/// <summary>Writes cleaned lines up to the sheet's limits; the reader at the other end enforces the same ones.</summary>
internal sealed class SheetWriter(TextWriter output)
{
    private const int MaxLines = 490;
    private const int MaxBytes = 60 * 1024;
    private const int MaxName = 120;
    private const int MaxValue = 1000;

    private int lines;
    private int bytes;

    /// <summary>False where the sheet is full.</summary>
    internal bool TryWrite(string directory, string name, string? value)
    {
        var cleaned = Clean(value, MaxValue);
        if (cleaned.Length == 0)
        {
            return true;
        }

        var line = $"{Clean(directory, MaxName)}\t{Clean(name, MaxName)}\t{cleaned}";
        var size = Encoding.UTF8.GetByteCount(line) + 1;
        if (lines >= MaxLines || bytes + size > MaxBytes)
        {
            output.WriteLine("Sheet\tIncomplete\tToo long");
            return false;
        }

        output.WriteLine(line);
        (lines, bytes) = (lines + 1, bytes + size);
        return true;
    }

    /// <summary>Without what does not print: control, format (bidirectional marks) and unpaired surrogates become spaces.</summary>
    private static string Clean(string? text, int maxLength)
    {
        var cleaned = new StringBuilder();
        foreach (var rune in (text ?? "").EnumerateRunes())
        {
            if (cleaned.Length >= maxLength)
            {
                break;
            }

            cleaned.Append(Rune.GetUnicodeCategory(rune) is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator
                or UnicodeCategory.ParagraphSeparator or UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned || rune == Rune.ReplacementChar ? " " : rune.ToString());
        }

        return cleaned.ToString().Trim();
    }
}

using System.Globalization;
using System.Text;

namespace ReportIntake.Web.Evidence.Metadata;

/// <summary>One thing that a file says of itself, in the words of the tool that read it.</summary>
/// <param name="Directory">Where it stands in the file, such as <c>GPS</c>, <c>Exif SubIFD</c>, <c>Format</c> or <c>Stream 0</c>.</param>
public sealed record MetadataProperty(string Directory, string Name, string Value);

/// <summary>
/// What a file says of itself, kept apart from every copy that people look at. <paramref name="Properties"/> may tell the
/// place, the device's number and its owner's name: for the police and the evidence custodian only. The facts may be shown
/// to moderators too.
/// </summary>
/// <param name="Facts">By permanent snake_case names, see <see cref="MetadataFacts"/>.</param>
/// <param name="Properties">At most <see cref="MaxProperties"/>; a sheet cut short ends with <c>Sheet</c>, <c>Incomplete</c>.</param>
public sealed record MetadataSheet(IReadOnlyDictionary<string, string> Facts, IReadOnlyList<MetadataProperty> Properties)
{
    /// <summary>Bytes of what the sandbox may say.</summary>
    public const int MaxTextSize = 64 * 1024;

    public const int MaxProperties = 500;

    private const int MaxNameLength = 120;
    private const int MaxValueLength = 1000;

    /// <summary>
    /// Reads lines <c>directory TAB name TAB value</c>. They come from where a file may have taken a parser over, so nothing is
    /// believed: what is not such a line is left out, what does not print is taken out, and what is too long is cut.
    /// </summary>
    public static IReadOnlyList<MetadataProperty> ReadLines(ReadOnlySpan<byte> text)
    {
        var lines = Encoding.UTF8.GetString(text[..Math.Min(text.Length, MaxTextSize)]).Split('\n');
        return [.. lines.Select(line => line.Split('\t')).Where(parts => parts.Length == 3)
            .Select(parts => new MetadataProperty(Clean(parts[0], MaxNameLength), Clean(parts[1], MaxNameLength), Clean(parts[2], MaxValueLength)))
            .Where(property => property is { Directory.Length: > 0, Name.Length: > 0, Value.Length: > 0 })
            .Take(MaxProperties)];
    }

    /// <summary>Control characters, bidirectional marks and the like would let a value pass for another where it is shown.</summary>
    internal static string Clean(string text, int maxLength)
    {
        var cleaned = new StringBuilder();
        foreach (var rune in text.EnumerateRunes())
        {
            if (cleaned.Length + rune.Utf16SequenceLength > maxLength)
            {
                break;
            }

            var prints = Rune.GetUnicodeCategory(rune) is not (UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator
                or UnicodeCategory.ParagraphSeparator or UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned);
            cleaned.Append(prints ? rune.ToString() : " ");
        }

        return cleaned.ToString().Trim();
    }
}

using System.Globalization;
using System.Text.RegularExpressions;

namespace ReportIntake.Domain.Linking;

/// <summary>Mailboxes. What other providers do with dots and tags is theirs; Gmail's rule is published and its boxes are the most.</summary>
public static partial class EmailAddress
{
    private static readonly IdnMapping Idn = new();

    public static bool IsWhole(string typed) => Whole().IsMatch(Spelling.Fold(typed));

    /// <summary>Lower case, domain in punycode; of Gmail without dots and tag. Idempotent.</summary>
    public static string Normalise(string typed)
    {
        var text = Spelling.Fold(typed);
        text = text.StartsWith("mailto:", StringComparison.Ordinal) ? text["mailto:".Length..] : text;
        if (!Whole().IsMatch(text))
        {
            return text;
        }

        var at = text.LastIndexOf('@');
        var (box, domain) = (text[..at], Ascii(text[(at + 1)..].TrimEnd('.')));
        if (domain is "gmail.com" or "googlemail.com")
        {
            var plain = box.Split('+')[0].Replace(".", "", StringComparison.Ordinal);
            (box, domain) = (plain.Length > 0 ? plain : box, "gmail.com");
        }

        return $"{box}@{domain}";
    }

    private static string Ascii(string domain)
    {
        try
        {
            return Idn.GetAscii(domain).ToLowerInvariant();
        }
        catch (ArgumentException)
        {
            return domain; // no domain that could be registered
        }
    }

    [GeneratedRegex(@"^[^\s@:/]+@[^\s@:/]+\.[^\s@:/.]{2,}\.?$", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Whole();
}

namespace ReportIntake.Domain.Linking;

/// <summary>Telephone numbers in E.164 where the country can be told; Indonesian national spellings get +62.</summary>
public static class PhoneNumber
{
    public const string Indonesia = "+62";

    /// <summary>Fewer digits are no number that somebody could be found by.</summary>
    public const int MinDigits = 5;

    private const int MobileMinDigits = 9;
    private const int MobileMaxDigits = 12;

    /// <summary><c>+6281234567890</c>; bare digits where the country is unknown; as typed, folded, where it is no number. Idempotent.</summary>
    public static string Normalise(string typed)
    {
        var text = Spelling.Fold(typed);
        var digits = Spelling.Digits(text);
        if (digits.Length < MinDigits)
        {
            return text;
        }

        var number = digits switch
        {
            ['0', '0', ..] => digits.TrimStart('0'),
            ['0', ..] => "62" + digits.TrimStart('0'),
            _ when HasPlus(text) => digits,
            ['6', '2', ..] => digits,
            ['8', ..] when digits.Length is >= MobileMinDigits and <= MobileMaxDigits => "62" + digits,
            _ => "",
        };

        // "+62 (0)812": the zero of the national spelling is often left in.
        number = number.StartsWith("620", StringComparison.Ordinal) ? "62" + number[2..].TrimStart('0') : number;
        return number.Length < MinDigits ? digits : "+" + number;
    }

    /// <summary>Nothing but what numbers are written with, and enough digits.</summary>
    public static bool IsWhole(string typed) =>
        Spelling.Fold(typed) is var text && text.All(c => char.IsDigit(c) || c is '+' or '-' or ' ' or '.' or '(' or ')' or '/') && Spelling.Digits(text).Length is >= 8 and <= 15;

    /// <summary>The part that people begin to type: without the country where it is Indonesia.</summary>
    public static string National(string normalised) =>
        normalised.StartsWith(Indonesia, StringComparison.Ordinal) ? normalised[Indonesia.Length..] : normalised.TrimStart('+');

    private static bool HasPlus(string text)
    {
        var first = text.AsSpan().IndexOfAnyInRange('0', '9');
        return first > 0 && text.AsSpan(0, first).TrimEnd([' ', '(']).EndsWith("+");
    }
}

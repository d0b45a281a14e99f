using ReportIntake.Domain.Reports;

namespace ReportIntake.Domain.Linking;

/// <summary>What an indicator's beginning is, for a search by the first characters.</summary>
public static class IndicatorPrefix
{
    /// <summary>Numbers of characters that beginnings are kept of. A search takes the longest that it has and looks through what that finds.</summary>
    public static readonly IReadOnlyList<int> Lengths = [3, 4, 5, 6, 8, 10];

    /// <summary>Fewer characters would find half of everything.</summary>
    public const int MinLength = 3;

    /// <summary>The part that people begin to type: without platform, bank or wallet, a number without +62.</summary>
    public static string BodyOf(IndicatorKind kind, string normalised) => kind switch
    {
        IndicatorKind.PlatformHandle or IndicatorKind.BankAccount => AfterColon(normalised),
        IndicatorKind.EWallet => PhoneNumber.National(AfterColon(normalised)),
        IndicatorKind.Phone => PhoneNumber.National(normalised),
        _ => normalised,
    };

    /// <summary>The beginning of that length; null where the body is shorter.</summary>
    public static string? Of(IndicatorKind kind, string normalised, int length) =>
        BodyOf(kind, normalised) is var body && body.Length >= length ? body[..length] : null;

    /// <summary>The longest kept beginning that a search for <paramref name="typed"/> can use; null where it is too short.</summary>
    public static string? Longest(string typed)
    {
        var length = Lengths.LastOrDefault(l => l <= typed.Length);
        return length == 0 ? null : typed[..length];
    }

    private static string AfterColon(string normalised) => normalised[(normalised.IndexOf(':', StringComparison.Ordinal) + 1)..];
}

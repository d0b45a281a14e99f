using System.Globalization;

namespace ReportIntake.Web.Features.Shared;

/// <summary>Indonesia's three times of day, which know no summer time (Presidential Decree 41 of 1987).</summary>
public static class IndonesianTime
{
    /// <summary>WIB, UTC+7: Jakarta, and most people.</summary>
    public static readonly TimeSpan Western = TimeSpan.FromHours(7);

    /// <summary>Provinces on WITA (UTC+8): Bali, Nusa Tenggara, South, East and North Kalimantan, Sulawesi.</summary>
    private static readonly string[] Central = ["51", "52", "53", "63", "64", "65", "71", "72", "73", "74", "75", "76"];

    /// <summary>How far the clocks of an area (<c>32</c>, <c>32.74</c>) are ahead of UTC; <see cref="Western"/> where it is not known.</summary>
    public static TimeSpan OffsetOf(string? areaCode) => areaCode switch
    {
        null or { Length: < 2 } => Western,
        _ when Central.Contains(areaCode[..2]) => TimeSpan.FromHours(8),
        ['8' or '9', ..] => TimeSpan.FromHours(9), // WIT: Maluku and Papua
        _ => Western,
    };

    /// <summary>A moment in words, on Jakarta's clock and saying so: <c>22 November 2026 09.30 WIB</c>.</summary>
    public static string Words(DateTimeOffset moment) =>
        moment.ToOffset(Western).ToString(BilingualRoutes.IsEnglish(CultureInfo.CurrentCulture) ? "d MMMM yyyy HH:mm 'WIB'" : "d MMMM yyyy HH'.'mm 'WIB'", CultureInfo.CurrentCulture);
}

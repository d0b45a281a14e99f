using System.Globalization;

namespace ReportIntake.Web.Features.Shared.Forms;

/// <summary>A date and time as typed into four plain fields, which work everywhere and say themselves what they want.</summary>
public sealed record DateTimeInput
{
    private static readonly string[] TimeFormats = ["H:mm", "H.mm", "HH:mm", "HH.mm", "%H"];

    public string? Day { get; init; }

    public string? Month { get; init; }

    public string? Year { get; init; }

    /// <summary>21:30 or, as Indonesians write it, 21.30; empty means midnight.</summary>
    public string? Time { get; init; }

    public bool IsEmpty => string.IsNullOrWhiteSpace(Day + Month + Year + Time);

    /// <summary>The moment meant by somebody whose clock is <paramref name="offset"/> ahead of UTC; false where it is no date.</summary>
    public bool TryRead(TimeSpan offset, out DateTimeOffset moment)
    {
        moment = default;
        var time = TimeOnly.MinValue;
        if (!int.TryParse(Year, NumberStyles.AllowLeadingWhite | NumberStyles.AllowTrailingWhite, CultureInfo.InvariantCulture, out var year) || year is < 1900 or > 9998
            || !int.TryParse(Month, NumberStyles.AllowLeadingWhite | NumberStyles.AllowTrailingWhite, CultureInfo.InvariantCulture, out var month) || month is < 1 or > 12
            || !int.TryParse(Day, NumberStyles.AllowLeadingWhite | NumberStyles.AllowTrailingWhite, CultureInfo.InvariantCulture, out var day) || day < 1 || day > DateTime.DaysInMonth(year, month)
            || (!string.IsNullOrWhiteSpace(Time) && !TimeOnly.TryParseExact(Time.Trim(), TimeFormats, CultureInfo.InvariantCulture, DateTimeStyles.None, out time)))
        {
            return false;
        }

        moment = new DateTimeOffset(new DateOnly(year, month, day), time, offset).ToUniversalTime();
        return true;
    }
}

using System.Globalization;

namespace ReportIntake.Web.Features.Moderation.TeamView;

/// <summary>Section <c>Desk:Shifts</c>: when the desk changes hands, every day of the week.</summary>
public sealed class ShiftOptions
{
    private const string Format = "HH:mm";

    private static readonly string[] Usual = ["07:00", "15:00", "23:00"];

    /// <summary>Western Indonesian times of day at which a shift begins and the one before it ends. 07:00, 15:00 and 23:00 where nothing is set.</summary>
    public IList<string> Starts { get; } = [];

    /// <summary>The same, earliest first.</summary>
    public IReadOnlyList<TimeOnly> Times() => [.. (Starts.Count > 0 ? Starts : Usual).Select(s => TimeOnly.ParseExact(s, Format, CultureInfo.InvariantCulture)).Order()];

    internal bool IsValid => Starts.All(s => TimeOnly.TryParseExact(s, Format, CultureInfo.InvariantCulture, DateTimeStyles.None, out _))
        && Starts.Distinct(StringComparer.Ordinal).Count() == Starts.Count;
}

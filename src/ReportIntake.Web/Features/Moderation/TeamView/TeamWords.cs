using System.Globalization;
using Microsoft.Extensions.Localization;
using ReportIntake.Domain.Calendar;
using ReportIntake.Domain.Triage;

namespace ReportIntake.Web.Features.Moderation.TeamView;

/// <summary>The team view in the reader's language: texts, spans, shifts. Times are western Indonesian time.</summary>
public sealed class TeamWords(IStringLocalizer<TeamTexts> texts, Words words)
{
    public string this[string key, params object[] values] => texts[key, values].Value;

    public string Tier(Tier tier) => words.Of("tier", tier);

    public string Count(int count) => count.ToString("N0", CultureInfo.CurrentCulture);

    /// <summary>A span in the largest unit that says enough: <c>12 min</c>, <c>5 h</c>, <c>3 d</c>; a dash where there is none.</summary>
    public string Span(long? seconds) => seconds switch
    {
        null => "–",
        < 60 => texts["unit.seconds", seconds],
        < 5_400 => texts["unit.minutes", Math.Round(seconds.Value / 60.0)],
        <= 86_400 => texts["unit.hours", (seconds.Value / 3600.0).ToString("0.#", CultureInfo.CurrentCulture)],
        _ => texts["unit.days", (seconds.Value / 86400.0).ToString("0.#", CultureInfo.CurrentCulture)],
    };

    /// <summary>A shift by its day and hours: <c>22 Nov, 07:00–15:00</c>.</summary>
    public string Shift(ShiftSummary shift) =>
        shift.Start.ToOffset(WorkingCalendar.Wib).ToString("ddd d MMM HH:mm", CultureInfo.CurrentCulture) + "–" + Hour(shift.End);

    public string Hour(DateTimeOffset at) => at.ToOffset(WorkingCalendar.Wib).ToString("HH:mm", CultureInfo.CurrentCulture);
}

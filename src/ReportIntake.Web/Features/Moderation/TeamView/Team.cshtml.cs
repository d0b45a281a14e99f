using System.Globalization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.Extensions.Localization;
using ReportIntake.Domain.Calendar;
using ReportIntake.Domain.Results;
using ReportIntake.Domain.Triage;
using ReportIntake.Web.ErrorHandling;

namespace ReportIntake.Web.Features.Moderation.TeamView;

/// <summary>How the desk is doing, for supervisors and auditors: pictures to look at, the same numbers in tables beside them.</summary>
public sealed class TeamModel(TeamReader reader, IStringLocalizer<TeamTexts> texts, Words words, ErrorText errors, TimeProvider clock) : PageModel
{
    /// <summary>Shifts whose rows are shown at once; the others are behind a line that opens.</summary>
    public const int ShiftsShown = 6;

    /// <summary>Periods by one click, in days.</summary>
    public static readonly IReadOnlyList<int> Presets = [1, 7, 28];

    [BindProperty(SupportsGet = true)]
    public string? Days { get; set; }

    /// <summary>A day as <c>2026-11-22</c>, western Indonesian time.</summary>
    [BindProperty(SupportsGet = true)]
    public string? From { get; set; }

    /// <summary>The last day, included.</summary>
    [BindProperty(SupportsGet = true)]
    public string? To { get; set; }

    public TeamReader.Response Team { get; private set; } = null!;

    public TeamWords Say { get; } = new(texts, words);

    /// <summary>The preset that is shown; null for days that somebody named.</summary>
    public int? Preset { get; private set; }

    /// <summary>The shift that is running, or the last one of the period.</summary>
    public ShiftSummary Latest => Team.Shifts[^1];

    public async Task OnGetAsync(CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var period = Chosen(now);
        if (period.Error is { } error)
        {
            foreach (var field in error.Fields)
            {
                ModelState.AddModelError(field.Field is "to" ? nameof(To) : nameof(From), errors.Of(field));
            }
        }

        Team = await reader.ReadAsync(period.IsSuccess ? period.Value : Last(TeamPeriod.UsualDays, now), cancellationToken);
    }

    /// <summary>What the running shift hands over, as numbers with the queue that holds them.</summary>
    public IEnumerable<(string Key, int Count, string? Address)> NowAtTheDesk() =>
    [
        ("now.immediate", Team.Open.Single(o => o.Tier is Tier.Immediate).All, "/staff/queue?tier=immediate"),
        ("now.overdue", Team.Queue.Overdue, "/staff/queue?queue=overdue"),
        ("now.due_soon", Team.Queue.DueSoon, null),
        ("now.held", Team.Queue.Held, null),
        ("now.second_review", Team.Queue.SecondReview, "/staff/queue?queue=second_review"),
        ("now.returned", Team.Queue.Returned, "/staff/queue?queue=returned"),
        ("now.waiting_for_reporter", Team.Queue.WaitingForReporter, "/staff/queue?queue=waiting_for_reporter"),
        ("now.police", Team.DeskTasks, "/staff/desk"),
    ];

    private Result<TeamPeriod> Chosen(DateTimeOffset now)
    {
        (From, To) = (Blank(From), Blank(To));
        if ((From ?? To) is null)
        {
            Preset = int.TryParse(Days, NumberStyles.None, CultureInfo.InvariantCulture, out var days) && Presets.Contains(days) ? days : TeamPeriod.UsualDays;
            return Last(Preset.Value, now);
        }

        var wrong = new List<FieldError>();
        var to = Day("to", To) is { } last ? last.AddDays(1) : now;
        var from = Day("from", From) ?? to.AddDays(-TeamPeriod.UsualDays);
        return wrong.Count > 0 ? Error.Validation(wrong) : TeamPeriod.Of(from, to < now ? to : now);

        DateTimeOffset? Day(string field, string? text)
        {
            if (text is null)
            {
                return null;
            }

            if (DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) && day.Year is > 2000 and < 9000)
            {
                return new DateTimeOffset(day.ToDateTime(TimeOnly.MinValue), WorkingCalendar.Wib).ToUniversalTime();
            }

            wrong.Add(new FieldError(field, "malformed_value", "The value is not a day."));
            return null;
        }
    }

    private static TeamPeriod Last(int days, DateTimeOffset now) => new(now.AddDays(-days), now);

    private static string? Blank(string? value) => string.IsNullOrEmpty(value) ? null : value;
}

using System.Globalization;
using ReportIntake.Domain.Results;

namespace ReportIntake.Web.Features.Moderation.TeamView;

/// <summary>From when (included) until when (excluded). UTC, over at the latest now.</summary>
public readonly record struct TeamPeriod(DateTimeOffset From, DateTimeOffset To)
{
    /// <summary>Every step of the reports is read for it, so that a month is enough.</summary>
    public const int MaxDays = 31;

    public const int UsualDays = 7;

    /// <summary>Nothing was filed before, and no calendar is left by counting days from it.</summary>
    private const int FirstYear = 2000;

    /// <summary>The period of two times of RFC 3339; the last <see cref="UsualDays"/> days where nothing is said.</summary>
    public static Result<TeamPeriod> Parse(string? from, string? to, DateTimeOffset now)
    {
        var wrong = new List<FieldError>();
        var until = Moment("to", to) ?? now;
        until = until < now ? until : now;
        var since = Moment("from", from) ?? (until.Year < FirstYear ? until : until.AddDays(-UsualDays));
        return wrong.Count > 0 ? Error.Validation(wrong) : Of(since, until);

        DateTimeOffset? Moment(string field, string? text)
        {
            if (text is null)
            {
                return null;
            }

            if (DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var at))
            {
                return at;
            }

            wrong.Add(new FieldError(field, "malformed_value", "The value is not a time of RFC 3339."));
            return null;
        }
    }

    public static Result<TeamPeriod> Of(DateTimeOffset from, DateTimeOffset to) => from.Year >= FirstYear && from < to && to - from <= TimeSpan.FromDays(MaxDays)
        ? new TeamPeriod(from, to)
        : Error.Validation([new FieldError("from", "period_invalid", $"A period begins before it ends, in the past, and has {MaxDays} days at most.")]);
}

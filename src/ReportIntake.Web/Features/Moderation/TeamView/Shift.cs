using ReportIntake.Domain.Calendar;

namespace ReportIntake.Web.Features.Moderation.TeamView;

/// <summary>One turn at the desk: from <paramref name="Start"/> up to <paramref name="End"/>, when the next one begins. UTC.</summary>
public readonly record struct Shift(DateTimeOffset Start, DateTimeOffset End)
{
    /// <summary>The shifts that any part of the period lies in, whole, the earliest first.</summary>
    /// <param name="times">Western Indonesian times of day, earliest first, at least one.</param>
    public static IReadOnlyList<Shift> Covering(IReadOnlyList<TimeOnly> times, DateTimeOffset from, DateTimeOffset to)
    {
        var day = DateOnly.FromDateTime(from.ToOffset(WorkingCalendar.Wib).DateTime).AddDays(-1);
        var starts = new List<DateTimeOffset>();
        while (starts.Count == 0 || starts[^1] < to)
        {
            starts.AddRange(times.Select(time => new DateTimeOffset(day.ToDateTime(time), WorkingCalendar.Wib).ToUniversalTime()));
            day = day.AddDays(1);
        }

        return [.. starts.Zip(starts.Skip(1), (start, end) => new Shift(start, end)).Where(s => s.End > from && s.Start < to)];
    }
}

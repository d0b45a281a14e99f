using ReportIntake.Domain.Calendar;
using ReportIntake.Domain.Results;

namespace ReportIntake.Domain.Exposure;

/// <summary>
/// One person's looks at evidence on one day of western Indonesian time: numbers only, what was looked at is not here.
/// Fewer and shorter exposures protect; blur and grey alone do not. Time counts from a reveal to its end: the page says
/// that it still shows something and when it hides it, and a page that says nothing counts for <see cref="Silence"/>.
/// </summary>
public sealed class ExposureDay
{
    /// <summary>How long media counts as on the screen after the last sign of it.</summary>
    public static readonly TimeSpan Silence = TimeSpan.FromMinutes(1);

    /// <summary>Most files that one override grants.</summary>
    public const int MaxGrant = 500;

    private ExposureDay()
    {
    }

    public Guid StaffId { get; private set; }

    public DateOnly Day { get; private set; }

    /// <summary>Distinct files.</summary>
    public int Reveals { get; private set; }

    /// <summary>Files granted beyond the budget.</summary>
    public int Granted { get; private set; }

    /// <summary>Time with media on the screen, up to <see cref="LookedUntil"/>.</summary>
    public TimeSpan Viewed { get; private set; }

    /// <summary>The part of it since the last break, which may have begun the day before.</summary>
    public TimeSpan SinceBreak { get; private set; }

    /// <summary>The last sign that media is on the screen; null when none is.</summary>
    public DateTimeOffset? SeenAt { get; private set; }

    /// <summary>When media was last on the screen, of looks that have ended.</summary>
    public DateTimeOffset? LookedUntil { get; private set; }

    /// <summary>The day that <paramref name="now"/> is in.</summary>
    public static DateOnly DayOf(DateTimeOffset now) => DateOnly.FromDateTime(now.ToOffset(WorkingCalendar.Wib).DateTime);

    /// <summary>When that day began.</summary>
    public static DateTimeOffset StartOf(DateOnly day) => new DateTimeOffset(day.ToDateTime(TimeOnly.MinValue), WorkingCalendar.Wib).ToUniversalTime();

    /// <param name="before">The person's last day before this one: midnight is no break.</param>
    public static ExposureDay Begin(Guid staff, ExposureDay? before, DateTimeOffset now)
    {
        var last = before?.SettledAt(now);
        return new ExposureDay { StaffId = staff, Day = DayOf(now), SinceBreak = last?.SinceBreak ?? TimeSpan.Zero, LookedUntil = last?.LookedUntil };
    }

    /// <summary>A file is about to be sent. One that was looked at today already costs no reveal, but its time.</summary>
    /// <returns><c>exposure_budget_exhausted</c> or <c>exposure_break_required</c> where it may not be.</returns>
    public Result Reveal(bool seenToday, ExposureLimits limits, DateTimeOffset now)
    {
        if (Refusal(limits, now) is { } refusal)
        {
            return refusal;
        }

        if (!seenToday && LoadAt(limits, now).RevealsLeft == 0)
        {
            return Exhausted(now);
        }

        Look(limits, now);
        Reveals += seenToday ? 0 : 1;
        return Result.Success;
    }

    /// <summary>Media is still on the screen.</summary>
    /// <returns>As <see cref="Reveal"/>: the page must hide it.</returns>
    public Result KeepLooking(ExposureLimits limits, DateTimeOffset now)
    {
        if (Refusal(limits, now) is { } refusal)
        {
            return refusal;
        }

        Look(limits, now);
        return Result.Success;
    }

    /// <summary>Nothing is on the screen any more.</summary>
    public void Hide(DateTimeOffset now) => Settle(now);

    /// <summary>A supervisor lets the person go on: so many files more and their share of the time; a break that is due is put off.</summary>
    public void Grant(int reveals, DateTimeOffset now)
    {
        Settle(now);
        Granted += reveals;
        SinceBreak = TimeSpan.Zero;
    }

    /// <summary>Time with media on the screen, a look that is still open included.</summary>
    public TimeSpan ViewedAt(DateTimeOffset now) => SettledAt(now).Viewed;

    public ExposureLoad LoadAt(ExposureLimits limits, DateTimeOffset now)
    {
        var day = SettledAt(now);
        var left = TimeAllowed(limits) - day.Viewed;
        return new ExposureLoad(
            Reveals,
            Math.Max(0, limits.Reveals + Granted - Reveals),
            (int)day.Viewed.TotalMinutes,
            left > TimeSpan.Zero ? (int)Math.Ceiling(left.TotalMinutes) : 0,
            Granted,
            day.SinceBreak >= limits.SuggestBreakAfter && !day.HadBreak(limits, now),
            day.BreakUntil(limits, now));
    }

    private TimeSpan TimeAllowed(ExposureLimits limits) => limits.Viewing * (limits.Reveals + Granted) / limits.Reveals;

    private Error? Refusal(ExposureLimits limits, DateTimeOffset now)
    {
        var day = SettledAt(now);
        return day.Viewed >= TimeAllowed(limits) ? Exhausted(now)
            : day.BreakUntil(limits, now) is { } until ? ExposureErrors.BreakRequired(until - now)
            : null;
    }

    private static Error Exhausted(DateTimeOffset now) => ExposureErrors.Exhausted(StartOf(DayOf(now).AddDays(1)) - now);

    private DateTimeOffset? BreakUntil(ExposureLimits limits, DateTimeOffset now) =>
        SinceBreak >= limits.RequireBreakAfter && !HadBreak(limits, now) ? LookedUntil + limits.BreakLength : null;

    private bool HadBreak(ExposureLimits limits, DateTimeOffset now) => LookedUntil is { } until && now - until >= limits.BreakLength;

    private void Look(ExposureLimits limits, DateTimeOffset now)
    {
        Settle(now);
        if (HadBreak(limits, now))
        {
            SinceBreak = TimeSpan.Zero;
        }

        SeenAt = now;
    }

    /// <summary>Counts the look that is open, to its end.</summary>
    private void Settle(DateTimeOffset now)
    {
        if (SeenAt is not { } seen)
        {
            return;
        }

        var until = now < seen ? seen : now < seen + Silence ? now : seen + Silence;
        Viewed += until - seen;
        SinceBreak += until - seen;
        (LookedUntil, SeenAt) = (until, null);
    }

    private ExposureDay SettledAt(DateTimeOffset now)
    {
        var day = (ExposureDay)MemberwiseClone();
        day.Settle(now);
        return day;
    }
}

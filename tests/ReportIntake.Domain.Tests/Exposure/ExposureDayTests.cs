using ReportIntake.Domain.Exposure;

namespace ReportIntake.Domain.Tests.Exposure;

public sealed class ExposureDayTests
{
    /// <summary>Noon in Jakarta.</summary>
    private static readonly DateTimeOffset Noon = new(2026, 11, 20, 5, 0, 0, TimeSpan.Zero);

    private static readonly ExposureLimits Limits = new(3, Minutes(60), Minutes(10), Minutes(20), Minutes(15));

    [Fact]
    public void Reveal_OverTheFiles_IsRefusedUntilMidnight()
    {
        var day = Begin();
        for (var file = 0; file < 3; file++)
        {
            Assert.True(day.Reveal(seenToday: false, Limits, Noon).IsSuccess);
        }

        var fourth = day.Reveal(seenToday: false, Limits, Noon);

        Assert.Equal("exposure_budget_exhausted", fourth.Error?.Code);
        Assert.Equal("43200", fourth.Error?.Arguments["retryAfter"]);
        Assert.Equal((3, 0), (day.Reveals, day.LoadAt(Limits, Noon).RevealsLeft));
    }

    [Fact]
    public void Reveal_FileSeenToday_CostsNoRevealAndIsShownAtTheLimit()
    {
        var day = Begin();
        day.Reveal(false, Limits, Noon);
        day.Reveal(false, Limits, Noon);
        day.Reveal(false, Limits, Noon);

        Assert.True(day.Reveal(seenToday: true, Limits, Noon).IsSuccess);
        Assert.Equal(3, day.Reveals);
    }

    [Fact]
    public void Viewed_PageThatSaysNothing_CountsForAMinute()
    {
        var day = Begin();
        day.Reveal(false, Limits, Noon);

        Assert.Equal(1, day.LoadAt(Limits, Noon + Minutes(30)).Minutes);
    }

    [Fact]
    public void Viewed_SignsAndEnd_CountsFromRevealToEnd()
    {
        var day = Begin();
        day.Reveal(false, Limits, Noon);
        LookOn(day, Noon, Minutes(5));
        day.Hide(Noon + Minutes(5) + TimeSpan.FromSeconds(30));
        day.Hide(Noon + Minutes(9));

        Assert.Equal(TimeSpan.FromSeconds(330), day.Viewed);
    }

    [Fact]
    public void KeepLooking_LongWithoutABreak_IsSuggestedThenRequiredThenOver()
    {
        var day = Begin();
        day.Reveal(false, Limits, Noon);
        LookOn(day, Noon, Minutes(10));
        var suggested = day.LoadAt(Limits, Noon + Minutes(10));
        LookOn(day, Noon + Minutes(10), Minutes(9));

        var end = Noon + Minutes(20);
        var required = day.KeepLooking(Limits, end);
        day.Hide(end);

        Assert.True(suggested is { BreakSuggested: true, BreakUntil: null });
        Assert.Equal(("exposure_break_required", "15"), (required.Error?.Code, required.Error?.Arguments["minutes"]));
        Assert.Equal(end + Minutes(15), day.LoadAt(Limits, end).BreakUntil);
        Assert.Equal("exposure_break_required", day.Reveal(true, Limits, end + Minutes(14)).Error?.Code);
        Assert.True(day.Reveal(true, Limits, end + Minutes(15)).IsSuccess);
        Assert.False(day.LoadAt(Limits, end + Minutes(16)).BreakSuggested);
    }

    [Fact]
    public void KeepLooking_ShortPauses_AreNoBreak()
    {
        var day = Begin();
        var now = Noon;
        for (var look = 0; look < 20; look++, now += Minutes(14))
        {
            Assert.True(day.Reveal(true, Limits, now).IsSuccess);
        }

        Assert.Equal("exposure_break_required", day.Reveal(true, Limits, now).Error?.Code);
    }

    [Fact]
    public void Begin_NextDay_KeepsWhatABreakIsDueFor()
    {
        var evening = ExposureDay.StartOf(new DateOnly(2026, 11, 21)) - Minutes(20);
        var before = ExposureDay.Begin(Guid.NewGuid(), null, evening);
        before.Reveal(false, Limits, evening);
        LookOn(before, evening, Minutes(19));

        var midnight = evening + Minutes(20);
        var day = ExposureDay.Begin(before.StaffId, before, midnight);

        Assert.Equal((new DateOnly(2026, 11, 21), 0, TimeSpan.Zero), (day.Day, day.Reveals, day.Viewed));
        Assert.Equal("exposure_break_required", day.Reveal(false, Limits, midnight).Error?.Code);
    }

    [Fact]
    public void Reveal_TimeUsedUp_IsRefusedUntilGrantedMore()
    {
        var day = Begin();
        var limits = Limits with { Viewing = Minutes(6), SuggestBreakAfter = Minutes(60), RequireBreakAfter = Minutes(60) };
        day.Reveal(false, limits, Noon);
        LookOn(day, Noon, Minutes(6));
        var end = Noon + Minutes(6);

        Assert.Equal("exposure_budget_exhausted", day.Reveal(true, limits, end).Error?.Code);
        day.Grant(1, end);

        Assert.True(day.Reveal(true, limits, end).IsSuccess);
        Assert.Equal((3, 2, 1), (day.LoadAt(limits, end).RevealsLeft, day.LoadAt(limits, end).MinutesLeft, day.LoadAt(limits, end).Granted));
    }

    [Fact]
    public void Grant_BreakDue_IsPutOff()
    {
        var day = Begin();
        day.Reveal(false, Limits, Noon);
        LookOn(day, Noon, Minutes(20));
        var end = Noon + Minutes(20);

        day.Grant(5, end);

        Assert.True(day.Reveal(false, Limits, end).IsSuccess);
    }

    private static ExposureDay Begin() => ExposureDay.Begin(Guid.NewGuid(), null, Noon);

    /// <summary>As the page does while it shows something: a sign every 20 seconds, all of them allowed but perhaps the last.</summary>
    private static void LookOn(ExposureDay day, DateTimeOffset from, TimeSpan length)
    {
        for (var at = from + TimeSpan.FromSeconds(20); at <= from + length; at += TimeSpan.FromSeconds(20))
        {
            Assert.True(day.KeepLooking(Limits with { Viewing = Minutes(600), RequireBreakAfter = Minutes(600) }, at).IsSuccess);
        }
    }

    private static TimeSpan Minutes(double minutes) => TimeSpan.FromMinutes(minutes);
}

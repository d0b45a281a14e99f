using ReportIntake.Web.Features.Moderation.TeamView;

namespace ReportIntake.Web.Tests.Moderation.TeamView;

public sealed class ShiftTests
{
    private static readonly IReadOnlyList<TimeOnly> Usual = new ShiftOptions().Times();

    [Fact]
    public void Covering_ADayOfJakarta_BeginsWithTheNightShiftBeforeIt()
    {
        var shifts = Shift.Covering(Usual, At("2026-03-01T17:00Z"), At("2026-03-02T17:00Z"));

        Assert.Equal([At("2026-03-01T16:00Z"), At("2026-03-02T00:00Z"), At("2026-03-02T08:00Z"), At("2026-03-02T16:00Z")], shifts.Select(s => s.Start));
        Assert.Equal(shifts.Skip(1).Select(s => s.Start), shifts.SkipLast(1).Select(s => s.End));
    }

    [Fact]
    public void Covering_AMomentAtTheChange_IsTheNewShiftAlone()
    {
        var shift = Assert.Single(Shift.Covering(Usual, At("2026-03-02T08:00Z"), At("2026-03-02T08:01Z")));

        Assert.Equal(new Shift(At("2026-03-02T08:00Z"), At("2026-03-02T16:00Z")), shift);
    }

    [Fact]
    public void Covering_OneChangeADay_HasShiftsOfADay()
    {
        var shifts = Shift.Covering([new TimeOnly(8, 30)], At("2026-03-02T01:29Z"), At("2026-03-02T01:31Z"));

        Assert.Equal([At("2026-03-01T01:30Z"), At("2026-03-02T01:30Z")], shifts.Select(s => s.Start));
        Assert.All(shifts, s => Assert.Equal(TimeSpan.FromDays(1), s.End - s.Start));
    }

    [Theory]
    [InlineData(true, "06:00", "18:00")]
    [InlineData(true, "00:00")]
    [InlineData(false, "6")]
    [InlineData(false, "24:00")]
    [InlineData(false, "06:00", "06:00")]
    public void Options_Starts_AreDifferentTimesOfDay(bool valid, params string[] starts)
    {
        var options = new ShiftOptions();
        foreach (var start in starts)
        {
            options.Starts.Add(start);
        }

        Assert.Equal(valid, options.IsValid);
    }

    private static DateTimeOffset At(string text) => DateTimeOffset.Parse(text, System.Globalization.CultureInfo.InvariantCulture);
}

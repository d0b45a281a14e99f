using ReportIntake.Web.Features.Shared.Forms;

namespace ReportIntake.Web.Tests.Shared.Forms;

public sealed class DateTimeInputTests
{
    private static readonly TimeSpan Jakarta = TimeSpan.FromHours(7);

    [Theory]
    [InlineData("21:30", 14, 30)]
    [InlineData("21.30", 14, 30)]
    [InlineData(" 9.05 ", 2, 5)]
    public void TryRead_ADateAndTime_IsThatMomentInUtc(string time, int hour, int minute)
    {
        var read = new DateTimeInput { Day = "27", Month = "11", Year = "2026", Time = time }.TryRead(Jakarta, out var moment);

        Assert.True(read);
        Assert.Equal(new DateTimeOffset(2026, 11, 27, hour, minute, 0, TimeSpan.Zero), moment);
        Assert.Equal(TimeSpan.Zero, moment.Offset);
    }

    [Theory]
    [InlineData("31", "2", "2026", null)]
    [InlineData("1", "13", "2026", null)]
    [InlineData("1", "1", "26", null)]
    [InlineData("1", "1", "2026", "25:00")]
    [InlineData("-1", "1", "2026", null)]
    [InlineData(null, "1", "2026", null)]
    [InlineData("1", "1", "99999", null)]
    public void TryRead_NoDate_IsRefused(string? day, string? month, string? year, string? time) =>
        Assert.False(new DateTimeInput { Day = day, Month = month, Year = year, Time = time }.TryRead(Jakarta, out _));
}

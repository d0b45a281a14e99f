using System.Globalization;
using System.Text;
using ReportIntake.Domain.Calendar;
using ReportIntake.Domain.Triage;

namespace ReportIntake.Domain.Tests.Calendar;

public sealed class WorkingCalendarTests
{
    private static readonly WorkingCalendar Calendar = WorkingCalendar.Embedded();

    [Theory]
    [InlineData("2026-11-23", true)]
    [InlineData("2026-11-21", false)] // Saturday
    [InlineData("2026-11-22", false)] // Sunday
    [InlineData("2026-08-17", false)] // Independence Day
    [InlineData("2026-03-23", false)] // joint leave
    [InlineData("2025-08-18", false)] // joint leave that the decree got later
    [InlineData("2027-01-01", false)]
    public void IsWorkingDay_Date_AsTheDecreeSays(string day, bool expected) =>
        Assert.Equal(expected, Calendar.IsWorkingDay(DateOnly.Parse(day, CultureInfo.InvariantCulture)));

    [Theory]
    [InlineData("2026-11-23T10:00:00+07:00", 1, "2026-11-24T10:00:00+07:00")]
    [InlineData("2026-11-20T10:00:00+07:00", 1, "2026-11-23T10:00:00+07:00")] // Friday to Monday
    [InlineData("2026-11-21T10:00:00+07:00", 1, "2026-11-23T10:00:00+07:00")] // from a Saturday
    [InlineData("2026-03-17T09:30:00+07:00", 1, "2026-03-25T09:30:00+07:00")] // over Nyepi and Idul Fitri
    [InlineData("2026-12-23T16:00:00+07:00", 3, "2026-12-30T16:00:00+07:00")]
    [InlineData("2026-11-23T10:00:00+07:00", 10, "2026-12-07T10:00:00+07:00")]
    [InlineData("2026-11-21T10:00:00+07:00", 0, "2026-11-21T10:00:00+07:00")]
    public void AddWorkingDays_FromMoment_SameTimeOfDayOnThatWorkingDay(string from, int days, string expected) =>
        Assert.Equal(At(expected), Calendar.AddWorkingDays(At(from), days));

    [Fact]
    public void AddWorkingDays_NearMidnight_CountsByTheLocalDay()
    {
        // Friday 17:30 UTC is Saturday 00:30 in Jakarta.
        var due = Calendar.AddWorkingDays(At("2026-11-20T17:30:00Z"), 1);

        Assert.Equal(At("2026-11-22T17:30:00Z"), due);
        Assert.Equal(TimeSpan.Zero, due.Offset);
    }

    [Fact]
    public void IsWorkingDay_OtherZone_UsesItsOwnDay()
    {
        var moment = At("2026-11-20T15:30:00Z"); // Friday 22:30 in Jakarta, Saturday 00:30 in Jayapura

        Assert.True(Calendar.IsWorkingDay(moment));
        Assert.True(WorkingCalendar.Embedded(WorkingCalendar.Wita).IsWorkingDay(moment));
        Assert.False(WorkingCalendar.Embedded(WorkingCalendar.Wit).IsWorkingDay(moment));
    }

    [Theory]
    [InlineData(Tier.Immediate, "2026-11-20T09:15:00+07:00")]
    [InlineData(Tier.Urgent, "2026-11-21T09:00:00+07:00")]
    [InlineData(Tier.NonUrgent, "2026-11-25T09:00:00+07:00")]
    public void DueAt_Tier_IsItsTarget(Tier tier, string expected) =>
        Assert.Equal(At(expected), Calendar.DueAt(tier, At("2026-11-20T09:00:00+07:00")));

    [Theory]
    [InlineData(null, "2026-11-25T16:30:00Z")] // Friday 23:30 in Jakarta: Monday, Tuesday, Wednesday
    [InlineData("32.74", "2026-11-25T16:30:00Z")]
    [InlineData("51.71", "2026-11-24T16:30:00Z")] // Saturday 00:30 in Denpasar, so that Monday there begins in the night to it
    [InlineData("91.71", "2026-11-24T16:30:00Z")]
    public void DueAt_Area_CountsTheDaysOfItsZone(string? area, string expected) =>
        Assert.Equal(At(expected), Calendar.DueAt(Tier.NonUrgent, At("2026-11-20T16:30:00Z"), area));

    [Theory]
    [InlineData("11", 7)] // Aceh
    [InlineData("61.71", 7)] // Pontianak
    [InlineData("62", 7)]
    [InlineData("63.71", 8)] // Banjarmasin
    [InlineData("65", 8)]
    [InlineData("53.71", 8)] // Kupang
    [InlineData("76", 8)]
    [InlineData("82", 9)] // North Maluku
    [InlineData("96.71", 9)]
    [InlineData("", 7)]
    public void AreaTime_Code_IsTheZoneOfItsProvince(string area, int hours) => Assert.Equal(TimeSpan.FromHours(hours), AreaTime.Of(area));

    [Fact]
    public void AddWorkingDays_Negative_Throws() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => Calendar.AddWorkingDays(At("2026-11-20T09:00:00Z"), -1));

    [Fact]
    public void Covers_Years_AreThoseOfTheFile()
    {
        Assert.All([2025, 2026, 2027], year => Assert.True(Calendar.Covers(year)));
        Assert.False(Calendar.Covers(2024));
        Assert.True(Calendar.IsWorkingDay(new DateOnly(2024, 12, 25))); // only weekends are known of it
    }

    [Theory]
    [InlineData("not json")]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("""{"version":"1","years":[null]}""")]
    [InlineData("""{"version":"1","years":[{"year":2026,"source":"s","provisional":false,"holidays":{"2027-01-01":"x"},"jointLeave":{}}]}""")]
    [InlineData("""{"version":"1","years":[{"year":2026,"source":"s","provisional":false,"holidays":{"1 Januari":"x"},"jointLeave":{}}]}""")]
    public void Load_BadFile_IsRefusedWithOneMessage(string json)
    {
        var refusal = Assert.Throws<InvalidDataException>(() => WorkingCalendar.Load(new MemoryStream(Encoding.UTF8.GetBytes(json))));

        Assert.StartsWith("The holiday file", refusal.Message, StringComparison.Ordinal);
    }

    private static DateTimeOffset At(string time) => DateTimeOffset.Parse(time, CultureInfo.InvariantCulture);
}

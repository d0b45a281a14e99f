using ReportIntake.Domain.Reports;

namespace ReportIntake.Domain.Tests.Reports;

public sealed class IndicatorTests
{
    [Theory]
    [InlineData("0812-3456-7890", "+6281234567890")]
    [InlineData("+62 812 3456 7890", "+6281234567890")]
    [InlineData("62812 34567890", "+6281234567890")]
    [InlineData("0062 812 34567890", "+6281234567890")]
    [InlineData("812 3456 7890", "+6281234567890")]
    [InlineData("+1 (415) 555-0100", "+14155550100")]
    public void OfPhone_AnySpelling_IsE164(string typed, string expected) => Assert.Equal(expected, Indicator.OfPhone(typed).Normalised);

    [Theory]
    [InlineData("https://www.Example.com/a/", "example.com/a")]
    [InlineData("m.example.com/a?utm_source=x&id=2#top", "example.com/a?id=2")]
    [InlineData("http://example.com:8080/a?b=2&a=1", "example.com:8080/a?a=1&b=2")]
    public void OfUrl_AnySpelling_IsOne(string typed, string expected) => Assert.Equal(expected, Indicator.OfUrl(typed).Normalised);

    [Fact]
    public void OfHandle_SameNameOnTwoPlatforms_AreTwo()
    {
        Assert.Equal("michat:manis_01", Indicator.OfHandle("michat", " @Manis_01 ").Normalised);
        Assert.NotEqual(Indicator.OfHandle("x", "manis_01").Normalised, Indicator.OfHandle("michat", "manis_01").Normalised);
    }

    [Fact]
    public void Value_Always_StaysAsTyped() => Assert.Equal(" 0812-3456 ", Indicator.OfPhone(" 0812-3456 ").Value);
}

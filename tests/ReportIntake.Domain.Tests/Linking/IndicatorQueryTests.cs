using ReportIntake.Domain.Linking;
using ReportIntake.Domain.Reports;

namespace ReportIntake.Domain.Tests.Linking;

public sealed class IndicatorQueryTests
{
    private static readonly string[] Platforms = ["michat", "instagram", "whatsapp"];

    [Theory]
    [InlineData("@Manis_01", IndicatorKind.PlatformHandle, "michat:manis_01")]
    [InlineData("https://www.instagram.com/manis_01", IndicatorKind.PlatformHandle, "instagram:manis_01")]
    [InlineData("0812 3456 7890", IndicatorKind.Phone, "+6281234567890")]
    [InlineData("0812 3456 7890", IndicatorKind.EWallet, "dana:+6281234567890")]
    [InlineData("123-456-7890", IndicatorKind.BankAccount, "bca:1234567890")]
    [InlineData("Manis@Example.com", IndicatorKind.Email, "manis@example.com")]
    [InlineData("example.com/a/", IndicatorKind.Url, "example.com/a")]
    public void Read_WithoutAStar_MeansAllThatItMayBe(string typed, IndicatorKind kind, string normalised) =>
        Assert.Contains((kind, normalised), IndicatorQuery.Read(typed, Platforms).Exact);

    [Fact]
    public void Read_WithAnOwner_MeansTheOne() => Assert.Equal([(IndicatorKind.PlatformHandle, "michat:manis_01")], IndicatorQuery.Read("MiChat: manis_01", Platforms).Exact);

    [Theory]
    [InlineData("man*", "michat:manis_01", true)]
    [InlineData("MAN *", "michat:manis_01", true)]
    [InlineData("michat:man*", "michat:manis_01", true)]
    [InlineData("instagram:man*", "michat:manis_01", false)]
    [InlineData("mana*", "michat:manis_01", false)]
    public void Begins_OfHandles_GoesByNameAndOwner(string typed, string normalised, bool expected) =>
        Assert.Equal(expected, IndicatorQuery.Read(typed, Platforms).Begins(IndicatorKind.PlatformHandle, normalised));

    [Theory]
    [InlineData("0812*")]
    [InlineData("+62 812*")]
    [InlineData("62812*")]
    [InlineData("812*")]
    public void Begins_OfNumbers_GoesByAnySpelling(string typed) => Assert.True(IndicatorQuery.Read(typed, Platforms).Begins(IndicatorKind.Phone, "+6281234567890"));

    [Theory]
    [InlineData("*")]
    [InlineData("ma*")]
    [InlineData("@a*")]
    public void Read_AShortBeginning_IsNone(string typed) => Assert.Empty(IndicatorQuery.Read(typed, Platforms).Beginnings);
}

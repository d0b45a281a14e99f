using ReportIntake.Web.Features.Shared;

namespace ReportIntake.Web.Tests.Shared;

public sealed class BilingualRoutesTests
{
    [Theory]
    [InlineData("/", "/en")]
    [InlineData("/lapor", "/en/report")]
    [InlineData("/lapor/selesai", "/en/report/done")]
    [InlineData("/status/lain", "/en/status/lain")]
    [InlineData("/bantuan#you", "/en/help#you")]
    [InlineData("/status?x=1", "/en/status?x=1")]
    public void English_OfAKnownPage_GoesThereAndBack(string indonesian, string english)
    {
        Assert.Equal(english, BilingualRoutes.English(indonesian));
        Assert.Equal(indonesian, BilingualRoutes.Indonesian(english));
    }

    [Theory]
    [InlineData("/laporan")]
    [InlineData("/nothing")]
    [InlineData("/api/v1/catalogue")]
    public void English_OfAnotherAddress_IsNone(string path) => Assert.Null(BilingualRoutes.English(path));
}

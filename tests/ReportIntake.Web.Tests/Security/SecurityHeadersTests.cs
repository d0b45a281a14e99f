using ReportIntake.Web.Tests.Shared;

namespace ReportIntake.Web.Tests.Security;

public sealed class SecurityHeadersTests(PagesHost host) : IClassFixture<PagesHost>
{
    [Theory]
    [InlineData("/")]
    [InlineData("/en/help")]
    [InlineData("/api/v1/catalogue")]
    [InlineData("/staff/language")]
    [InlineData("/nothing-here")]
    [InlineData("/assets/nothing-here.css")]
    public async Task Answer_OfAnyKind_IsLockedDownAndKeptNowhere(string path)
    {
        using var answer = await host.Client.GetAsync(path);

        var policy = Assert.Single(answer.Headers.GetValues("Content-Security-Policy"));
        Assert.StartsWith("default-src 'none'; script-src 'self'; style-src 'self';", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("unsafe", policy, StringComparison.Ordinal);
        Assert.Equal(path.StartsWith("/staff", StringComparison.Ordinal), policy.Contains("blob:", StringComparison.Ordinal));
        Assert.Equal("nosniff", Assert.Single(answer.Headers.GetValues("X-Content-Type-Options")));
        Assert.Equal("no-referrer", Assert.Single(answer.Headers.GetValues("Referrer-Policy")));
        Assert.True(answer.Headers.CacheControl?.NoStore);
    }
}

using System.Net;
using ReportIntake.Testing;
using ReportIntake.Web.Security;

namespace ReportIntake.Web.Tests.Administration.Account;

/// <summary>What anybody may send instead of a passkey's answer. That passkeys work is shown in a browser.</summary>
public sealed class PasskeyRefusalTests(PasskeyRefusalTests.Host host) : IClassFixture<PasskeyRefusalTests.Host>
{
    public sealed class Host : IntakeHost;

    public static TheoryData<string> Nonsense =>
    [
        "", "nonsense", "{}", "null", "[]", "{\"id\":\"AAAA\",\"rawId\":\"AAAA\",\"type\":\"public-key\",\"response\":{},\"clientExtensionResults\":{}}",
        "{\"id\":\"AAAA\",\"rawId\":\"AAAA\",\"type\":\"public-key\",\"clientExtensionResults\":{},\"response\":{\"clientDataJSON\":\"e30\",\"authenticatorData\":\"AA\",\"signature\":\"AA\"}}",
    ];

    [Theory]
    [MemberData(nameof(Nonsense))]
    public async Task SignIn_NoAnswerToTheOptions_RefusedInTheErrorSummary(string credential)
    {
        using var browser = host.Client();
        using var options = await browser.PostFormAsync("/staff/sign-in", [], "/staff/sign-in?handler=PasskeyOptions");

        using var answer = await browser.PostFormAsync("/staff/sign-in", new() { ["credential"] = credential }, "/staff/sign-in?handler=Passkey");

        Assert.Equal("application/json", options.Content.Headers.ContentType?.MediaType);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Contains("href=\"#passkey\"", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Nonsense))]
    public async Task Add_NoAnswerToTheOptions_Refused(string credential)
    {
        using var browser = await host.StaffBrowserAsync(StaffRoles.Moderator);
        using var options = await browser.PostFormAsync("/staff/account/passkeys", [], "/staff/account/passkeys?handler=Options");

        using var answer = await browser.PostFormAsync("/staff/account/passkeys", new() { ["credential"] = credential }, "/staff/account/passkeys?handler=Add");

        Assert.Equal(HttpStatusCode.OK, options.StatusCode);
        Assert.Contains("href=\"#passkey\"", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task SignIn_NoOptionsAskedFor_Refused()
    {
        using var browser = host.Client();

        using var answer = await browser.PostFormAsync("/staff/sign-in", new() { ["credential"] = "{}" }, "/staff/sign-in?handler=Passkey");

        Assert.Contains("href=\"#passkey\"", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }
}

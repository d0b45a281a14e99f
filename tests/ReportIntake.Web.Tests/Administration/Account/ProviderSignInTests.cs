using System.Buffers.Text;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.EntityFrameworkCore;
using ReportIntake.Testing;
using ReportIntake.Web.Security;
using ReportIntake.Web.Tests.Security.PoliceAccess;

namespace ReportIntake.Web.Tests.Administration.Account;

/// <summary>Sign-in by OpenID Connect against a small provider on loopback that a test makes as right or wrong as it wants.</summary>
public sealed class ProviderSignInTests(ProviderSignInTests.Provider provider) : IClassFixture<ProviderSignInTests.Provider>
{
    private const string ClientId = "report-intake", Secret = "the client's secret", Failed = "id=\"next\" href=\"/staff/sign-in\"";

    private AccessHost Host => provider.Host;

    public sealed class Provider : IAsyncLifetime
    {
        internal TestIssuer Issuer { get; private set; } = null!;

        internal AccessHost Host { get; private set; } = null!;

        public async Task InitializeAsync()
        {
            Issuer = await TestIssuer.StartAsync(TimeProvider.System);
            Host = new AccessHost(new Dictionary<string, string?>
            {
                ["Staff:OpenIdConnect:Authority"] = Issuer.Address,
                ["Staff:OpenIdConnect:ClientId"] = ClientId,
                ["Staff:OpenIdConnect:ClientSecret"] = Secret,
                ["Staff:OpenIdConnect:Name"] = "Kementerian",
                ["Staff:OpenIdConnect:MultiFactorContexts:0"] = "gold",
            });
        }

        public async Task DisposeAsync()
        {
            await Host.DisposeAsync();
            await Issuer.DisposeAsync();
        }
    }

    [Fact]
    public async Task SignIn_TwoFactorsAtTheProvider_OpensThePageThatWasAskedFor()
    {
        var staff = await Host.AddStaffAsync([StaffRoles.Admin]);
        using var browser = Host.Client();

        var page = await SignInAsync(browser, staff.Email, claims => claims["amr"] = new JsonArray("pwd", "mfa"), back: "/staff/admin/staff");

        using var answer = await browser.GetAsync("/staff/admin/staff");
        Assert.Contains("content=\"0;url=/staff/admin/staff\"", page, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    [Fact]
    public async Task SignIn_ContextThatMeansTwoFactors_NeedsNoCode()
    {
        var staff = await Host.AddStaffAsync([StaffRoles.Admin]);
        using var browser = Host.Client();

        await SignInAsync(browser, staff.Email, claims => claims["acr"] = "gold");

        using var answer = await browser.GetAsync("/staff/admin/staff");
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    [Fact]
    public async Task SignIn_OneFactorAtTheProvider_ThisServiceAsksForItsOwn()
    {
        var staff = await Host.AddStaffAsync([StaffRoles.Admin]);
        using var browser = Host.Client();

        var page = await SignInAsync(browser, staff.Email);

        using var early = await browser.GetAsync("/staff/admin/staff");
        using var code = await browser.PostFormAsync("/staff/sign-in?step=code", new() { ["code"] = await Host.CodeAsync(staff) }, "/staff/sign-in?handler=Code");
        using var answer = await browser.GetAsync("/staff/admin/staff");
        Assert.Contains("/staff/sign-in?step=code", page, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Redirect, early.StatusCode);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    [Fact]
    public async Task SignIn_OneFactorAndNoneHere_OnlyEnrolmentIsReachable()
    {
        var staff = await Host.AddStaffAsync([StaffRoles.Admin], twoFactor: false);
        using var browser = Host.Client();

        await SignInAsync(browser, staff.Email);

        using var admin = await browser.GetAsync("/staff/admin/staff");
        using var account = await browser.GetAsync("/staff/account");
        Assert.Equal("/staff/account", admin.Headers.Location?.ToString());
        Assert.Equal(HttpStatusCode.OK, account.StatusCode);
    }

    [Theory]
    [InlineData("nonce", "\"another\"")]
    [InlineData("aud", "\"another-client\"")]
    [InlineData("iss", "\"https://elsewhere.example\"")]
    [InlineData("azp", "\"another-client\"")]
    [InlineData("exp", "1000000000")]
    [InlineData("email_verified", "false")]
    [InlineData("email", "\"nobody@staff.example\"")]
    [InlineData("sub", "\"\"")]
    public async Task SignIn_TokenThatIsNotRight_Refused(string claim, string json)
    {
        var staff = await Host.AddStaffAsync([StaffRoles.Admin]);
        using var browser = Host.Client();

        var page = await SignInAsync(browser, staff.Email, claims => claims[claim] = JsonNode.Parse(json));

        using var account = await browser.GetAsync("/staff/account");
        Assert.Contains(Failed, page, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Redirect, account.StatusCode);
    }

    [Theory]
    [InlineData("HS256")]
    [InlineData("none")]
    [InlineData("RS512")]
    public async Task SignIn_OtherAlgorithm_Refused(string algorithm)
    {
        var staff = await Host.AddStaffAsync([StaffRoles.Admin]);

        Assert.Contains(Failed, await SignInAsync(Host.Client(), staff.Email, algorithm: algorithm), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Callback_OtherBrowserOrOtherState_Refused()
    {
        var staff = await Host.AddStaffAsync([StaffRoles.Admin]);
        using var began = Host.Client();
        var asked = await BeginAsync(began, null);
        provider.Issuer.AtToken = (_, _) => Token(asked, staff.Email, null);
        using var other = Host.Client();

        var elsewhere = await other.GetStringAsync($"/staff/sign-in/callback?code=abc&state={asked["state"]}");
        var wrong = await began.GetStringAsync("/staff/sign-in/callback?code=abc&state=another");

        Assert.Contains(Failed, elsewhere, StringComparison.Ordinal);
        Assert.Contains(Failed, wrong, StringComparison.Ordinal);
    }

    [Fact]
    public async Task SignIn_AddressMovedToSomebodyElse_TheBoundPersonStaysTheBoundPerson()
    {
        var staff = await Host.AddStaffAsync([StaffRoles.Admin]);
        var subject = $"{Guid.NewGuid()}";
        await SignInAsync(Host.Client(), staff.Email, claims => claims["sub"] = subject);
        using var browser = Host.Client();

        var sameWithOtherAddress = await SignInAsync(browser, "moved@elsewhere.example", claims => (claims["sub"], claims["acr"]) = (subject, "gold"));
        var otherWithSameAddress = await SignInAsync(Host.Client(), staff.Email, claims => claims["acr"] = "gold");

        Assert.DoesNotContain(Failed, sameWithOtherAddress, StringComparison.Ordinal);
        Assert.Contains(staff.Email, await browser.GetStringAsync("/staff/account"), StringComparison.Ordinal);
        Assert.Contains(Failed, otherWithSameAddress, StringComparison.Ordinal);
    }

    [Fact]
    public async Task SignIn_AccountClosed_Refused()
    {
        var staff = await Host.AddStaffAsync([StaffRoles.Admin]);
        DateTimeOffset? now = TimeProvider.System.GetUtcNow();
        await Host.WithDatabaseAsync(d => d.Users.Where(u => u.Id == staff.Id).ExecuteUpdateAsync(u => u.SetProperty(x => x.DeactivatedAt, now)));

        Assert.Contains(Failed, await SignInAsync(Host.Client(), staff.Email), StringComparison.Ordinal);
    }

    [Fact]
    public async Task SignIn_ForeignBackAddress_IsNotFollowed()
    {
        var staff = await Host.AddStaffAsync([StaffRoles.Admin]);

        var page = await SignInAsync(Host.Client(), staff.Email, claims => claims["acr"] = "gold", back: "//evil.example/");

        Assert.Contains("content=\"0;url=/staff/account\"", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Page_ProviderConfigured_OffersIt() =>
        Assert.Contains("Kementerian", await Host.Client().GetStringAsync("/staff/sign-in"), StringComparison.Ordinal);

    /// <summary>The whole way as a browser takes it; gives the page that the callback answers.</summary>
    private async Task<string> SignInAsync(HttpClient browser, string email, Action<JsonObject>? claims = null, string? back = null, string algorithm = "RS256")
    {
        var asked = await BeginAsync(browser, back);
        provider.Issuer.AtToken = (form, authorization) =>
        {
            // What a provider checks: the client, the redirect address, and that whoever brings the code began the sign-in.
            Assert.Equal("Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes($"{ClientId}:{Uri.EscapeDataString(Secret)}")), authorization);
            Assert.Equal(asked["redirect_uri"], form["redirect_uri"].ToString());
            Assert.Equal(asked["code_challenge"], Base64Url.EncodeToString(SHA256.HashData(Encoding.ASCII.GetBytes(form["code_verifier"].ToString()))));
            return form["code"] == "abc" ? Token(asked, email, claims, algorithm) : null;
        };
        return WebUtility.HtmlDecode(await browser.GetStringAsync($"/staff/sign-in/callback?code=abc&state={asked["state"]}&iss={Uri.EscapeDataString(provider.Issuer.Address)}"));
    }

    private string Token(Dictionary<string, string> asked, string email, Action<JsonObject>? claims, string algorithm = "RS256") =>
        provider.Issuer.Token($"{Guid.NewGuid()}", body =>
        {
            (body["aud"], body["nonce"], body["email"], body["email_verified"]) = (ClientId, asked["nonce"], email, true);
            claims?.Invoke(body);
        }, algorithm: algorithm);

    /// <summary>What the browser is sent to the provider with.</summary>
    private async Task<Dictionary<string, string>> BeginAsync(HttpClient browser, string? back)
    {
        using var leaving = await browser.GetAsync($"/staff/sign-in/provider?back={Uri.EscapeDataString(back ?? "")}");
        Assert.StartsWith(provider.Issuer.Address + "/authorize?", leaving.Headers.Location!.ToString(), StringComparison.Ordinal);
        return QueryHelpers.ParseQuery(leaving.Headers.Location.Query).ToDictionary(p => p.Key, p => p.Value.ToString());
    }
}

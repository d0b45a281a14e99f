using System.Text.Json;
using Microsoft.Playwright;
using ReportIntake.Testing;
using ReportIntake.Web.Security;

namespace ReportIntake.BrowserTests;

/// <summary>The pages of accounts as people use them: invited, enrolled with a passkey, signed in with it, sessions ended.</summary>
[Collection(BrowserCollection.Name)]
public sealed class StaffAccountTests(Chromium chromium)
{
    private const string Chosen = "hujan-reda-jembatan-27";

    [BrowserTheory]
    [InlineData(1280, "id")]
    [InlineData(360, "en")]
    public async Task Invited_PasskeyAtFirstSignIn_SignsInWithItAlone(int width, string language)
    {
        var admin = await chromium.Host.AddStaffAsync([StaffRoles.Admin]);
        var link = await InviteAsync(admin, width, language);

        await using var walk = await chromium.WalkAsync($"account-{language}", width);
        var page = walk.Page;
        await AuthenticatorAsync(page);
        await OpenAsync(walk, link.ToString());
        await SpeakAsync(walk, language);
        await OpenAsync(walk, link.ToString());
        await page.WaitForURLAsync(address => !address.Contains('#', StringComparison.Ordinal));
        await walk.SeenAsync("invitation", budget: false);
        await page.Locator("#password").FillAsync(Chosen);
        await walk.GoAsync(() => page.Locator("main form button.govuk-button").ClickAsync());
        await walk.SeenAsync("enrol", budget: false);

        await walk.GoAsync(() => page.Locator("main a[href='/staff/account/passkeys']").Last.ClickAsync());
        await walk.SeenAsync("passkeys-none", budget: false);
        await page.Locator("#name").FillAsync("Telepon kantor");
        await walk.GoAsync(() => page.Locator("#passkey").ClickAsync());
        Assert.Equal(10, await page.Locator("#recovery-codes li").CountAsync());
        await walk.SeenAsync("passkeys-added", budget: false);

        await walk.GoAsync(() => page.Locator("form[action='/staff/sign-out'] button").ClickAsync());
        await walk.SeenAsync("sign-in", budget: false);
        await walk.GoAsync(() => page.Locator("#passkey").ClickAsync());
        Assert.EndsWith("/staff/queue", page.Url, StringComparison.Ordinal);

        await OpenAsync(walk, "/staff/account/sessions");
        await walk.SeenAsync("sessions", budget: false);
        await walk.GoAsync(() => page.Locator("main form button.govuk-button--warning").ClickAsync());
        await OpenAsync(walk, "/staff/queue");
        Assert.Contains("/staff/sign-in?back=", page.Url, StringComparison.Ordinal);
    }

    [BrowserFact]
    public async Task Password_OfAPersonWithAPasskeyAlone_OpensNothing()
    {
        var staff = await chromium.Host.AddStaffAsync([StaffRoles.Moderator], twoFactor: false);
        await using var walk = await chromium.WalkAsync("passkey-alone");
        var page = walk.Page;
        await AuthenticatorAsync(page);
        await OpenAsync(walk, "/staff/sign-in?back=/staff/account/passkeys");
        await PasswordAsync(walk, staff);
        await OpenAsync(walk, "/staff/account/passkeys");
        await walk.GoAsync(() => page.Locator("#passkey").ClickAsync());
        await walk.GoAsync(() => page.Locator("form[action='/staff/sign-out'] button").ClickAsync());

        await PasswordAsync(walk, staff);

        Assert.Equal(1, await page.Locator("input[name=code]").CountAsync());
        await OpenAsync(walk, "/staff/account");
        Assert.Contains("/staff/sign-in", page.Url, StringComparison.Ordinal);
    }

    [BrowserFact]
    public async Task Passkey_UserNotVerified_IsRefused()
    {
        var staff = await chromium.Host.AddStaffAsync([StaffRoles.Moderator]);
        await using var walk = await chromium.WalkAsync("passkey-refused");
        var page = walk.Page;
        var authenticator = await AuthenticatorAsync(page);
        await OpenAsync(walk, "/staff/sign-in");
        await PasswordAsync(walk, staff);
        await page.Locator("input[name=code]").FillAsync(await chromium.Host.CodeAsync(staff));
        await walk.GoAsync(() => page.Locator("main form button.govuk-button").ClickAsync());
        await OpenAsync(walk, "/staff/account/passkeys");
        await walk.GoAsync(() => page.Locator("#passkey").ClickAsync());
        await walk.GoAsync(() => page.Locator("form[action='/staff/sign-out'] button").ClickAsync());

        await authenticator.SendAsync("WebAuthn.setUserVerified", authenticator.Of(new() { ["isUserVerified"] = false }));
        await page.Locator("#passkey").ClickAsync();

        await page.Locator("[data-passkey-failed]").WaitForAsync();
        Assert.Contains("/staff/sign-in", page.Url, StringComparison.Ordinal);
    }

    private async Task<Uri> InviteAsync(TestStaff admin, int width, string language)
    {
        await using var walk = await chromium.WalkAsync($"invite-{language}", width);
        var page = walk.Page;
        await OpenAsync(walk, "/staff/sign-in?back=/staff/admin/staff");
        await SpeakAsync(walk, language);
        await PasswordAsync(walk, admin);
        await walk.SeenAsync("code", budget: false);
        await page.Locator("input[name=code]").FillAsync(await chromium.Host.CodeAsync(admin));
        await walk.GoAsync(() => page.Locator("main form button.govuk-button").ClickAsync());
        await page.Locator("#email").FillAsync($"{Guid.NewGuid():N}@staff.example");
        await page.Locator("#new-child_safety_moderator").CheckAsync(new LocatorCheckOptions { Force = true });
        await walk.GoAsync(() => page.Locator("main > form button.govuk-button").ClickAsync());
        await walk.SeenAsync("staff", budget: false);
        return new Uri(await page.Locator("#invitation-link").InnerTextAsync());
    }

    private static async Task PasswordAsync(Walk walk, TestStaff staff)
    {
        await walk.Page.Locator("input[name=email]").FillAsync(staff.Email);
        await walk.Page.Locator("input[name=password]").FillAsync(staff.Password);
        await walk.GoAsync(() => walk.Page.Locator("main form button.govuk-button").ClickAsync());
    }

    private static async Task SpeakAsync(Walk walk, string language)
    {
        if (language == "en")
        {
            await walk.GoAsync(() => walk.Page.Locator("button[name=language][value=en]").ClickAsync());
        }
    }

    /// <summary>By name: passkeys belong to a name, and an address of numbers is none.</summary>
    private Task OpenAsync(Walk walk, string address) =>
        walk.OpenAsync(new Uri(chromium.Host.Address, address).ToString().Replace("127.0.0.1", "localhost", StringComparison.Ordinal));

    /// <summary>A phone or laptop that knows its owner, as Chromium's developer tools make one.</summary>
    private static async Task<Authenticator> AuthenticatorAsync(IPage page)
    {
        var devTools = await page.Context.NewCDPSessionAsync(page);
        await devTools.SendAsync("WebAuthn.enable");
        var added = await devTools.SendAsync("WebAuthn.addVirtualAuthenticator", new Dictionary<string, object>
        {
            ["options"] = new Dictionary<string, object>
            {
                ["protocol"] = "ctap2",
                ["transport"] = "internal",
                ["hasResidentKey"] = true,
                ["hasUserVerification"] = true,
                ["isUserVerified"] = true,
                ["automaticPresenceSimulation"] = true,
            },
        });
        return new Authenticator(devTools, added!.Value.GetProperty("authenticatorId").GetString()!);
    }

    private sealed record Authenticator(ICDPSession DevTools, string Id)
    {
        public Dictionary<string, object> Of(Dictionary<string, object> arguments) => new(arguments) { ["authenticatorId"] = Id };

        public Task<JsonElement?> SendAsync(string method, Dictionary<string, object> arguments) => DevTools.SendAsync(method, arguments);
    }
}

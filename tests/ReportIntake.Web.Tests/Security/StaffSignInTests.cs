using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using ReportIntake.Testing;
using ReportIntake.Web.Security;

namespace ReportIntake.Web.Tests.Security;

public sealed class StaffSignInTests(StaffSignInTests.Host host) : IClassFixture<StaffSignInTests.Host>
{
    public sealed class Host : IntakeHost;

    [Fact]
    public async Task Login_PasswordAndCode_GivesTokensThatWork()
    {
        using var admin = await host.StaffClientAsync(StaffRoles.Admin);

        using var answer = await admin.GetAsync("/api/v1/admin/staff");

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    [Fact]
    public async Task Login_UnknownAddressAndWrongPassword_SameAnswer()
    {
        var staff = await host.AddStaffAsync([StaffRoles.Moderator]);
        using var client = host.Client();

        using var wrong = await LoginAsync(client, staff.Email, "not the password");
        using var unknown = await LoginAsync(client, "nobody@staff.example", "not the password");

        var first = await ProblemAsync(wrong);
        Assert.Equal(HttpStatusCode.Unauthorized, wrong.StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, unknown.StatusCode);
        Assert.Equal("sign_in_failed", first.GetProperty("code").GetString());
        Assert.Equal(Told(first), Told(await ProblemAsync(unknown)));
    }

    [Fact]
    public async Task Login_WithoutCode_AsksForIt()
    {
        var staff = await host.AddStaffAsync([StaffRoles.Moderator]);
        using var client = host.Client();

        using var answer = await LoginAsync(client, staff.Email, staff.Password);

        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
        Assert.Equal("two_factor_required", (await ProblemAsync(answer)).GetProperty("code").GetString());
    }

    [Fact]
    public async Task Login_WrongCode_Refused()
    {
        var staff = await host.AddStaffAsync([StaffRoles.Moderator]);
        using var client = host.Client();

        using var answer = await LoginAsync(client, staff.Email, staff.Password, Wrong(StaffAccounts.Totp(staff.TotpKey)!));

        Assert.Equal("sign_in_failed", (await ProblemAsync(answer)).GetProperty("code").GetString());
    }

    [Fact]
    public async Task Login_NotEnrolled_EnrolmentRequired()
    {
        var staff = await host.AddStaffAsync([StaffRoles.Moderator], twoFactor: false);
        using var client = host.Client();

        using var answer = await LoginAsync(client, staff.Email, staff.Password);

        Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
        Assert.Equal("two_factor_enrolment_required", (await ProblemAsync(answer)).GetProperty("code").GetString());
    }

    [Fact]
    public async Task Login_TenFailures_LocksEvenTheRightPasswordOutAndTellsNobody()
    {
        var staff = await host.AddStaffAsync([StaffRoles.Moderator]);
        using var client = host.Client();
        for (var i = 0; i < 10; i++)
        {
            using var failed = await LoginAsync(client, staff.Email, "not the password");
        }

        using var answer = await LoginAsync(client, staff.Email, staff.Password, StaffAccounts.Totp(staff.TotpKey));

        using var unknown = await LoginAsync(client, "nobody@staff.example", staff.Password, StaffAccounts.Totp(staff.TotpKey));
        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
        Assert.Equal(Told(await ProblemAsync(unknown)), Told(await ProblemAsync(answer)));
        Assert.Equal(unknown.Headers.Select(h => h.Key).Order(), answer.Headers.Select(h => h.Key).Order());
    }

    [Fact]
    public async Task Login_ManyGuessesAtOnce_NoMoreThanTenAreLookedAt()
    {
        var staff = await host.AddStaffAsync([StaffRoles.Moderator]);
        using var client = host.Client();
        await Task.WhenAll(Enumerable.Range(0, 30).Select(async _ => (await LoginAsync(client, staff.Email, "not the password")).Dispose()));

        var member = await host.WithDatabaseAsync(d => d.Users.SingleAsync(u => u.Id == staff.Id));

        Assert.NotNull(member.LockoutEnd);
    }

    [Fact]
    public async Task Login_LockRunOut_RightPasswordWorksAgain()
    {
        var staff = await host.AddStaffAsync([StaffRoles.Moderator]);
        using var client = host.Client();
        var past = TimeProvider.System.GetUtcNow().AddMinutes(-1);
        await host.WithDatabaseAsync(d => d.Users.Where(u => u.Id == staff.Id).ExecuteUpdateAsync(u => u.SetProperty(x => x.LockoutEnd, (DateTimeOffset?)past)));

        using var answer = await LoginAsync(client, staff.Email, staff.Password, StaffAccounts.Totp(staff.TotpKey));

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    [Fact]
    public async Task Login_CodeUsedBefore_Refused()
    {
        var staff = await host.AddStaffAsync([StaffRoles.Moderator]);
        using var client = host.Client();
        var code = StaffAccounts.Totp(staff.TotpKey);

        using var first = await LoginAsync(client, staff.Email, staff.Password, code);
        using var second = await LoginAsync(client, staff.Email, staff.Password, code);

        Assert.Equal(HttpStatusCode.OK, first.StatusCode);
        Assert.Equal("sign_in_failed", (await ProblemAsync(second)).GetProperty("code").GetString());
    }

    [Fact]
    public async Task Login_OneCodeFromTwoSidesAtOnce_OneGetsIn()
    {
        var staff = await host.AddStaffAsync([StaffRoles.Moderator]);
        using var client = host.Client();
        var code = StaffAccounts.Totp(staff.TotpKey);

        var answers = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => LoginAsync(client, staff.Email, staff.Password, code)));

        Assert.Single(answers, a => a.StatusCode == HttpStatusCode.OK);
    }

    [Fact]
    public async Task Refresh_LiveSession_RenewsAndKeepsTheSecondFactor()
    {
        var staff = await host.AddStaffAsync([StaffRoles.Admin]);
        using var client = host.Client();
        using var login = await LoginAsync(client, staff.Email, staff.Password, StaffAccounts.Totp(staff.TotpKey));
        var refreshToken = (await login.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("refreshToken").GetString();

        using var renewed = await client.PostAsJsonAsync("/api/v1/staff/refresh", new { refreshToken });

        var tokens = await renewed.Content.ReadFromJsonAsync<JsonElement>();
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", tokens.GetProperty("accessToken").GetString());
        using var answer = await client.GetAsync("/api/v1/admin/staff");
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    [Fact]
    public async Task Logout_TokenAndRefreshToken_EndAtOnce()
    {
        var staff = await host.AddStaffAsync([StaffRoles.Admin]);
        using var client = host.Client();
        using var login = await LoginAsync(client, staff.Email, staff.Password, StaffAccounts.Totp(staff.TotpKey));
        var tokens = await login.Content.ReadFromJsonAsync<JsonElement>();
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", tokens.GetProperty("accessToken").GetString());

        using var logout = await client.PostAsync("/api/v1/staff/logout", null);

        using var after = await client.GetAsync("/api/v1/admin/staff");
        using var renewed = await client.PostAsJsonAsync("/api/v1/staff/refresh", new { refreshToken = tokens.GetProperty("refreshToken").GetString() });
        Assert.Equal(HttpStatusCode.NoContent, logout.StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, after.StatusCode);
        Assert.Equal("not_authenticated", (await ProblemAsync(after)).GetProperty("code").GetString());
        Assert.Equal(HttpStatusCode.Unauthorized, renewed.StatusCode);
    }

    [Fact]
    public async Task Refresh_Nonsense_Refused()
    {
        using var client = host.Client();

        using var answer = await client.PostAsJsonAsync("/api/v1/staff/refresh", new { refreshToken = "nonsense" });

        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
    }

    [Fact]
    public async Task Page_PasswordThenCode_OpensAdminPages()
    {
        using var browser = await host.StaffBrowserAsync(StaffRoles.Admin);

        using var answer = await browser.GetAsync("/staff/admin/staff");

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    [Fact]
    public async Task Page_PasswordAlone_OpensNothing()
    {
        var staff = await host.AddStaffAsync([StaffRoles.Admin]);
        using var browser = host.Client();
        using var first = await browser.PostFormAsync("/staff/sign-in", new() { ["email"] = staff.Email, ["password"] = staff.Password });

        using var answer = await browser.GetAsync("/staff/account");

        Assert.Equal(HttpStatusCode.OK, first.StatusCode);
        Assert.Equal(HttpStatusCode.Redirect, answer.StatusCode);
        Assert.StartsWith("/staff/sign-in", answer.Headers.Location!.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Page_NotEnrolled_OnlyEnrolmentIsReachableAndThenAll()
    {
        var staff = await host.AddStaffAsync([StaffRoles.Admin], twoFactor: false);
        using var browser = await host.BrowserAsync(staff);
        using var before = await browser.GetAsync("/staff/admin/staff");
        var account = await browser.GetStringAsync("/staff/account");
        var key = System.Text.RegularExpressions.Regex.Match(account, "id=\"authenticator-key\">(?<key>[A-Z2-7 ]+)<", System.Text.RegularExpressions.RegexOptions.None, TimeSpan.FromSeconds(1)).Groups["key"].Value;

        using var enrolled = await browser.PostFormAsync("/staff/account", new() { ["code"] = StaffAccounts.Totp(key)! }, "/staff/account?handler=Enrol");

        var html = await enrolled.Content.ReadAsStringAsync();
        using var after = await browser.GetAsync("/staff/admin/staff");
        Assert.Equal("/staff/account", before.Headers.Location!.ToString());
        Assert.Contains("id=\"recovery-codes\"", html, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, after.StatusCode);
    }

    [Fact]
    public async Task Page_RecoveryCode_WorksOnce()
    {
        var staff = await host.AddStaffAsync([StaffRoles.Admin]);
        using var browser = await host.BrowserAsync(staff);
        using var made = await browser.PostFormAsync("/staff/account", [], "/staff/account?handler=RecoveryCodes");
        var code = System.Text.RegularExpressions.Regex.Match(await made.Content.ReadAsStringAsync(), "<li><code>(?<code>[^<]+)<", System.Text.RegularExpressions.RegexOptions.None, TimeSpan.FromSeconds(1)).Groups["code"].Value;
        using var client = host.Client();

        using var first = await LoginAsync(client, staff.Email, staff.Password, code);
        using var second = await LoginAsync(client, staff.Email, staff.Password, code);

        Assert.Equal(HttpStatusCode.OK, first.StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, second.StatusCode);
    }

    [Fact]
    public async Task Page_PasswordChanged_EndsOtherSessionsAndKeepsThisOne()
    {
        var staff = await host.AddStaffAsync([StaffRoles.Admin]);
        using var browser = await host.BrowserAsync(staff);
        using var other = await host.SignedInAsync(staff);

        using var changed = await browser.PostFormAsync(
            "/staff/account", new() { ["currentPassword"] = staff.Password, ["newPassword"] = "hujan-reda-jembatan-27" }, "/staff/account?handler=Password");

        Assert.Contains("id=\"password-changed\"", await changed.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        using var here = await browser.GetAsync("/staff/admin/staff");
        using var elsewhere = await other.GetAsync("/api/v1/admin/staff");
        Assert.Equal(HttpStatusCode.OK, here.StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, elsewhere.StatusCode);
    }

    [Fact]
    public async Task SignOut_CopiedCookie_IsWorthNothing()
    {
        var staff = await host.AddStaffAsync([StaffRoles.Admin]);
        using var browser = host.Client();
        using var first = await browser.PostFormAsync("/staff/sign-in", new() { ["email"] = staff.Email, ["password"] = staff.Password });
        using var signedIn = await browser.PostFormAsync("/staff/sign-in", new() { ["code"] = await host.CodeAsync(staff) }, "/staff/sign-in?handler=Code");
        using var copy = host.Client();
        copy.DefaultRequestHeaders.Add("Cookie", signedIn.Headers.GetValues("Set-Cookie").Single(c => c.StartsWith("ri-staff=", StringComparison.Ordinal)).Split(';')[0]);
        using var before = await copy.GetAsync("/staff/account");

        using var signedOut = await browser.PostFormAsync("/staff/account", [], "/staff/sign-out");

        using var after = await copy.GetAsync("/staff/account");
        Assert.Equal(HttpStatusCode.OK, before.StatusCode);
        Assert.Equal("/staff/sign-in", signedOut.Headers.Location!.ToString());
        Assert.Equal(HttpStatusCode.Redirect, after.StatusCode);
    }

    [Fact]
    public async Task SignIn_ForeignBackAddress_IsNotFollowed()
    {
        var staff = await host.AddStaffAsync([StaffRoles.Admin]);
        using var browser = host.Client();
        using var first = await browser.PostFormAsync("/staff/sign-in", new() { ["email"] = staff.Email, ["password"] = staff.Password });

        using var second = await browser.PostFormAsync(
            "/staff/sign-in", new() { ["code"] = StaffAccounts.Totp(staff.TotpKey)!, ["back"] = "//evil.example/" }, "/staff/sign-in?handler=Code");

        Assert.Equal("/staff/account", second.Headers.Location!.ToString());
    }

    [Fact]
    public async Task SignIn_WithoutAntiforgeryToken_Refused()
    {
        using var browser = host.Client();
        using var form = new FormUrlEncodedContent(new Dictionary<string, string> { ["email"] = "a@b.example", ["password"] = "x" });

        using var answer = await browser.PostAsync("/staff/sign-in", form);

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
    }

    [Fact]
    public async Task SignIn_Cookie_IsHttpOnlyAndStrict()
    {
        var staff = await host.AddStaffAsync([StaffRoles.Admin], twoFactor: false);
        using var browser = host.Client();

        using var answer = await browser.PostFormAsync("/staff/sign-in", new() { ["email"] = staff.Email, ["password"] = staff.Password });

        var cookie = Assert.Single(answer.Headers.GetValues("Set-Cookie"), c => c.StartsWith("ri-staff=", StringComparison.Ordinal));
        Assert.Contains("httponly", cookie, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("samesite=strict", cookie, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("path=/", cookie, StringComparison.OrdinalIgnoreCase);
    }

    private static Task<HttpResponseMessage> LoginAsync(HttpClient client, string email, string password, string? twoFactorCode = null) =>
        client.PostAsJsonAsync("/api/v1/staff/login", new { email, password, twoFactorCode });

    private static async Task<JsonElement> ProblemAsync(HttpResponseMessage answer)
    {
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType?.MediaType);
        return await answer.Content.ReadFromJsonAsync<JsonElement>();
    }

    /// <summary>All that the answer says but its own trace.</summary>
    private static IEnumerable<string> Told(JsonElement problem) => problem.EnumerateObject().Where(p => p.Name != "traceId").Select(p => p.ToString());

    private static string Wrong(string code) => code[..5] + (char)('0' + ((code[5] - '0' + 5) % 10));
}

using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.EntityFrameworkCore;
using ReportIntake.Testing;
using ReportIntake.Web.Security;

namespace ReportIntake.Web.Tests.Administration.Account;

public sealed class InvitationTests(InvitationTests.Host host) : IClassFixture<InvitationTests.Host>
{
    private const string Chosen = "hujan-reda-jembatan-27";

    public sealed class Host : IntakeHost;

    [Fact]
    public async Task Invite_NewPerson_ChoosesPasswordSetsUpCodeAndWorks()
    {
        var (email, _, code) = await InviteAsync(StaffRoles.Admin);
        using var browser = host.Client();

        using var accepted = await AcceptAsync(browser, code, Chosen);

        Assert.Equal("/staff/account", accepted.Headers.Location?.ToString());
        using var early = await browser.GetAsync("/staff/admin/staff");
        Assert.Equal("/staff/account", early.Headers.Location?.ToString());
        var key = Regex.Match(await browser.GetStringAsync("/staff/account"), "id=\"authenticator-key\">(?<key>[A-Z2-7 ]+)<", RegexOptions.None, TimeSpan.FromSeconds(1)).Groups["key"].Value;
        using var enrolled = await browser.PostFormAsync("/staff/account", new() { ["code"] = StaffAccounts.Totp(key)! }, "/staff/account?handler=Enrol");
        using var works = await browser.GetAsync("/staff/admin/staff");
        Assert.Equal(HttpStatusCode.OK, works.StatusCode);
        Assert.Equal(1, await host.WithDatabaseAsync(d => d.Users.CountAsync(u => u.Email == email && u.InvitationHash == null)));
    }

    [Fact]
    public async Task Accept_SecondTime_Refused()
    {
        var (_, _, code) = await InviteAsync(StaffRoles.Moderator);
        using var first = await AcceptAsync(host.Client(), code, Chosen);

        using var second = await AcceptAsync(host.Client(), code, "angin-timur-dermaga-40");

        Assert.Contains("href=\"#code\"", await second.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Accept_CommonPassword_RefusedAndTheCodeIsStillGood()
    {
        var (_, _, code) = await InviteAsync(StaffRoles.Moderator);

        using var refused = await AcceptAsync(host.Client(), code, "password123456");
        using var accepted = await AcceptAsync(host.Client(), code, Chosen);

        Assert.Contains("href=\"#password\"", await refused.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Redirect, accepted.StatusCode);
    }

    [Fact]
    public async Task Accept_AfterItsTime_Refused()
    {
        var (_, id, code) = await InviteAsync(StaffRoles.Moderator);
        var past = TimeProvider.System.GetUtcNow().AddSeconds(-1);
        await host.WithDatabaseAsync(d => d.Users.Where(u => u.Id == id).ExecuteUpdateAsync(u => u.SetProperty(x => x.InvitedUntil, (DateTimeOffset?)past)));

        using var answer = await AcceptAsync(host.Client(), code, Chosen);

        Assert.Contains("href=\"#code\"", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Invite_NotAccepted_NoPasswordOpensTheAccount()
    {
        var (email, _, code) = await InviteAsync(StaffRoles.Moderator);
        using var client = host.Client();

        using var empty = await client.PostAsJsonAsync("/api/v1/staff/login", new { email, password = code });

        Assert.Equal(HttpStatusCode.Unauthorized, empty.StatusCode);
    }

    [Fact]
    public async Task InviteAgain_Accepted_EndsPasswordSecondFactorAndSessions()
    {
        var staff = await host.AddStaffAsync([StaffRoles.Admin]);
        using var session = await host.SignedInAsync(staff);
        using var admin = await host.StaffClientAsync(StaffRoles.Admin);
        using var invited = await admin.PostAsync($"/api/v1/admin/staff/{staff.Id}/invitation", null);
        var code = (await invited.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("invitationCode").GetString()!;
        using var meanwhile = await session.GetAsync("/api/v1/admin/staff");

        using var accepted = await AcceptAsync(host.Client(), code, Chosen);

        using var after = await session.GetAsync("/api/v1/admin/staff");
        using var old = await session.PostAsJsonAsync("/api/v1/staff/login", new { email = staff.Email, password = staff.Password, twoFactorCode = await host.CodeAsync(staff) });
        Assert.Equal(HttpStatusCode.OK, meanwhile.StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, after.StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, old.StatusCode);
        Assert.False((await host.WithDatabaseAsync(d => d.Users.SingleAsync(u => u.Id == staff.Id))).TwoFactorEnabled);
    }

    [Fact]
    public async Task InviteAgain_OneselfOrSomebodyWhoLeft_Refused()
    {
        var me = await host.AddStaffAsync([StaffRoles.Admin]);
        using var admin = await host.SignedInAsync(me);
        var gone = await host.AddStaffAsync([StaffRoles.Moderator]);
        using var left = await admin.DeleteAsync($"/api/v1/admin/staff/{gone.Id}");

        using var own = await admin.PostAsync($"/api/v1/admin/staff/{me.Id}/invitation", null);
        using var other = await admin.PostAsync($"/api/v1/admin/staff/{gone.Id}/invitation", null);

        Assert.Equal(HttpStatusCode.Conflict, own.StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, other.StatusCode);
    }

    [Fact]
    public async Task Page_Invite_ShowsTheLinkOnceWithTheCodeBehindTheFragment()
    {
        using var browser = await host.StaffBrowserAsync(StaffRoles.Admin);
        var email = $"{Guid.NewGuid():N}@staff.example";

        using var answer = await browser.PostFormAsync("/staff/admin/staff", new() { ["email"] = email, ["roles"] = "auditor" });

        var html = await answer.Content.ReadAsStringAsync();
        Assert.Matches("id=\"invitation-link\">http[^<]+/staff/invitation#[A-Za-z0-9_-]{43}<", html);
        Assert.DoesNotContain("id=\"invitation-link\"", await browser.GetStringAsync("/staff/admin/staff"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Invite_Code_IsNeitherInTheLedgerNorInTheDatabase()
    {
        var (email, id, code) = await InviteAsync(StaffRoles.Moderator);

        var member = await host.WithDatabaseAsync(d => d.Users.SingleAsync(u => u.Id == id));
        var entry = await host.WithDatabaseAsync(d => d.Ledger.SingleAsync(e => e.Action == "staff_invited" && e.Details.Contains(id.ToString())));

        Assert.Equal(Invitation.Hash(code), member.InvitationHash);
        Assert.DoesNotContain(email, entry.Details, StringComparison.Ordinal);
        Assert.DoesNotContain(code, entry.Details, StringComparison.Ordinal);
    }

    private async Task<(string Email, Guid Id, string Code)> InviteAsync(string role)
    {
        using var admin = await host.StaffClientAsync(StaffRoles.Admin);
        var email = $"{Guid.NewGuid():N}@staff.example";
        using var answer = await admin.PostAsJsonAsync("/api/v1/admin/staff/invitations", new { email, roles = new[] { role } });
        Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
        var invited = await answer.Content.ReadFromJsonAsync<JsonElement>();
        return (email, invited.GetProperty("id").GetGuid(), invited.GetProperty("invitationCode").GetString()!);
    }

    private static Task<HttpResponseMessage> AcceptAsync(HttpClient browser, string code, string password) =>
        browser.PostFormAsync("/staff/invitation", new() { ["code"] = code, ["password"] = password });
}

using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using ReportIntake.Testing;
using ReportIntake.Web.Security;

namespace ReportIntake.Web.Tests.Administration;

public sealed class AdministrationTests(AdministrationTests.Host host) : IClassFixture<AdministrationTests.Host>
{
    public sealed class Host : IntakeHost;

    [Fact]
    public async Task AddStaff_NewAddress_AccountWithRolesAndLedgerEntryWithoutAddress()
    {
        using var admin = await host.StaffClientAsync(StaffRoles.Admin);
        var email = $"{Guid.NewGuid():N}@polri.example";

        using var added = await admin.PostAsJsonAsync("/api/v1/admin/staff", new { email, password = StaffAccounts.Password, roles = new[] { "moderator", "admin" } });

        Assert.Equal(HttpStatusCode.Created, added.StatusCode);
        var id = (await added.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("id").GetGuid();
        var list = await admin.GetFromJsonAsync<JsonElement>("/api/v1/admin/staff");
        var item = list.GetProperty("items").EnumerateArray().Single(i => i.GetProperty("id").GetGuid() == id);
        Assert.Equal(["admin", "moderator"], item.GetProperty("roles").EnumerateArray().Select(r => r.GetString()!));
        var entry = await host.WithDatabaseAsync(d => d.Ledger.SingleAsync(e => e.Action == "staff_added" && e.Details.Contains(id.ToString())));
        Assert.Equal(ReportIntake.Domain.ActorKind.Admin, entry.ActorKind);
        Assert.DoesNotContain(email, entry.Details, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("nobody", StaffAccounts.Password, "moderator", "email", "email_invalid")]
    [InlineData("a@b.example", "short", "moderator", "password", "too_short")]
    [InlineData("a@b.example", "password123456", "moderator", "password", "password_too_common")]
    [InlineData("a@b.example", StaffAccounts.Password, "god", "roles", "role_unknown")]
    public async Task AddStaff_WrongField_IsNamed(string email, string password, string role, string field, string code)
    {
        using var admin = await host.StaffClientAsync(StaffRoles.Admin);

        using var answer = await admin.PostAsJsonAsync("/api/v1/admin/staff", new { email, password, roles = new[] { role } });

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        var problem = await answer.Content.ReadFromJsonAsync<JsonElement>();
        Assert.Equal(code, problem.GetProperty("codes").GetProperty(field)[0].GetString());
    }

    [Fact]
    public async Task AddStaff_SameAddressTwice_Refused()
    {
        using var admin = await host.StaffClientAsync(StaffRoles.Admin);
        var there = await host.AddStaffAsync([StaffRoles.Moderator]);

        using var answer = await admin.PostAsJsonAsync("/api/v1/admin/staff", new { email = there.Email.ToUpperInvariant(), password = StaffAccounts.Password, roles = new[] { "moderator" } });

        Assert.Equal("staff_exists", (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("codes").GetProperty("email")[0].GetString());
    }

    [Fact]
    public async Task ChangeRoles_RoleTakenAway_CountsAtOnce()
    {
        using var admin = await host.StaffClientAsync(StaffRoles.Admin);
        var other = await host.AddStaffAsync([StaffRoles.Admin]);
        using var session = await host.SignedInAsync(other);

        using var changed = await admin.PutAsJsonAsync($"/api/v1/admin/staff/{other.Id}/roles", new { roles = new[] { "moderator" } });

        using var old = await session.GetAsync("/api/v1/admin/staff");
        using var fresh = await host.SignedInAsync(other);
        using var now = await fresh.GetAsync("/api/v1/admin/staff");
        Assert.Equal(HttpStatusCode.NoContent, changed.StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, old.StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, now.StatusCode);
    }

    [Fact]
    public async Task Deactivate_OpenSession_EndsAndNoNewOneOpens()
    {
        using var admin = await host.StaffClientAsync(StaffRoles.Admin);
        var other = await host.AddStaffAsync([StaffRoles.Admin]);
        using var session = await host.SignedInAsync(other);

        using var gone = await admin.DeleteAsync($"/api/v1/admin/staff/{other.Id}");

        using var old = await session.GetAsync("/api/v1/admin/staff");
        using var login = await session.PostAsJsonAsync("/api/v1/staff/login", new { email = other.Email, password = other.Password, twoFactorCode = StaffAccounts.Totp(other.TotpKey) });
        Assert.Equal(HttpStatusCode.NoContent, gone.StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, old.StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, login.StatusCode);
    }

    [Fact]
    public async Task Deactivate_OwnAccount_Refused()
    {
        var staff = await host.AddStaffAsync([StaffRoles.Admin]);
        using var admin = await host.SignedInAsync(staff);

        using var answer = await admin.DeleteAsync($"/api/v1/admin/staff/{staff.Id}");

        Assert.Equal(HttpStatusCode.Conflict, answer.StatusCode);
    }

    [Fact]
    public async Task AddClient_Key_IsAnsweredOnceAndKeptAsHash()
    {
        using var admin = await host.StaffClientAsync(StaffRoles.Admin);
        var name = $"Polda {Guid.NewGuid():N}";

        using var added = await admin.PostAsJsonAsync("/api/v1/admin/clients", new { name, scopes = new[] { "reports.read" }, areas = new[] { "32", "31.71" } });

        Assert.Equal(HttpStatusCode.Created, added.StatusCode);
        var issued = await added.Content.ReadFromJsonAsync<JsonElement>();
        var key = issued.GetProperty("apiKey").GetString()!;
        Assert.Matches("^ri_[a-z0-9]{8}_[A-Za-z0-9_-]{43}$", key);
        var list = await admin.GetStringAsync("/api/v1/admin/clients");
        Assert.Contains(name, list, StringComparison.Ordinal);
        Assert.DoesNotContain(key, list, StringComparison.Ordinal);
        var id = issued.GetProperty("clientId").GetGuid();
        Assert.Equal(ApiKey.Read(key)!.Hash(), (await host.WithDatabaseAsync(d => d.ClientKeys.SingleAsync(k => k.ClientId == id))).Hash);
        Assert.True(await host.WithDatabaseAsync(d => d.Ledger.AnyAsync(e => e.Action == "client_added" && e.Details.Contains(id.ToString()))));
    }

    [Theory]
    [InlineData("reports.write", "32", "scopes", "scope_unknown")]
    [InlineData("reports.read", "everywhere", "areas", "area_unknown")]
    public async Task AddClient_WrongField_IsNamed(string scope, string area, string field, string code)
    {
        using var admin = await host.StaffClientAsync(StaffRoles.Admin);

        using var answer = await admin.PostAsJsonAsync("/api/v1/admin/clients", new { name = "X", scopes = new[] { scope }, areas = new[] { area } });

        Assert.Equal(code, (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("codes").GetProperty(field)[0].GetString());
    }

    [Fact]
    public async Task ClientsPage_AddAndRevoke_ShowsTheKeyOnce()
    {
        using var browser = await host.StaffBrowserAsync(StaffRoles.Admin);
        var name = $"Polres {Guid.NewGuid():N}";

        using var added = await browser.PostFormAsync("/staff/admin/clients", new() { ["name"] = name, ["scopes"] = "reports.read", ["areas"] = "32 33" });

        Assert.Matches("id=\"api-key\"[^>]*>ri_", await added.Content.ReadAsStringAsync());
        var client = await host.WithDatabaseAsync(d => d.PoliceClients.SingleAsync(c => c.Name == name));
        using var revoked = await browser.PostFormAsync("/staff/admin/clients", new() { ["id"] = client.Id.ToString() }, "/staff/admin/clients?handler=Revoke");
        Assert.Equal(HttpStatusCode.Redirect, revoked.StatusCode);
        Assert.NotNull((await host.WithDatabaseAsync(d => d.PoliceClients.SingleAsync(c => c.Id == client.Id))).RevokedAt);
        Assert.DoesNotContain("id=\"api-key\"", await browser.GetStringAsync("/staff/admin/clients"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task StaffPage_WrongAddress_StandsInTheErrorSummary()
    {
        using var browser = await host.StaffBrowserAsync(StaffRoles.Admin);

        using var answer = await browser.PostFormAsync("/staff/admin/staff", new() { ["email"] = "nobody", ["roles"] = "moderator" });

        Assert.Contains("href=\"#email\"", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }
}

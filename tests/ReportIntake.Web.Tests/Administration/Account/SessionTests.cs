using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using ReportIntake.Testing;
using ReportIntake.Web.Security;

namespace ReportIntake.Web.Tests.Administration.Account;

public sealed class SessionTests(SessionTests.Host host) : IClassFixture<SessionTests.Host>
{
    public sealed class Host : IntakeHost;

    [Fact]
    public async Task Sessions_TwoDevices_ListedInCoarseWordsWithoutAddress()
    {
        var staff = await host.AddStaffAsync([StaffRoles.Moderator], twoFactor: false);
        using var browser = host.Client();
        browser.DefaultRequestHeaders.UserAgent.ParseAdd("Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0");
        using var signedIn = await browser.PostFormAsync("/staff/sign-in", new() { ["email"] = staff.Email, ["password"] = staff.Password });

        var text = await browser.GetStringAsync("/api/v1/staff/sessions");

        var session = JsonDocument.Parse(text).RootElement.GetProperty("items").EnumerateArray().Single();
        Assert.Equal("Firefox, Windows", session.GetProperty("device").GetString());
        Assert.True(session.GetProperty("current").GetBoolean());
        Assert.DoesNotContain("140", text, StringComparison.Ordinal);
        Assert.DoesNotContain("127.0.0.1", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task EndOne_OtherSession_RefusedAtOnceAndTheOthersGoOn()
    {
        var staff = await host.AddStaffAsync([StaffRoles.Admin]);
        using var ended = await host.SignedInAsync(staff);
        var id = (await ItemsAsync(ended)).Single().GetProperty("id").GetGuid();
        using var here = await host.BrowserAsync(staff);

        using var answer = await here.PostFormAsync("/staff/account/sessions", new() { ["id"] = $"{id}" }, "/staff/account/sessions?handler=End");

        using var there = await ended.GetAsync("/api/v1/admin/staff");
        using var still = await here.GetAsync("/staff/admin/staff");
        Assert.Equal(HttpStatusCode.Unauthorized, there.StatusCode);
        Assert.Equal(HttpStatusCode.OK, still.StatusCode);
    }

    [Fact]
    public async Task EndOne_SomebodyElses_NotFoundAndItGoesOn()
    {
        using var other = await host.StaffClientAsync(StaffRoles.Admin);
        var id = (await ItemsAsync(other)).Single().GetProperty("id").GetGuid();
        using var me = await host.StaffClientAsync(StaffRoles.Admin);

        using var answer = await me.DeleteAsync($"/api/v1/staff/sessions/{id}");

        using var still = await other.GetAsync("/api/v1/admin/staff");
        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
        Assert.Equal(HttpStatusCode.OK, still.StatusCode);
    }

    [Fact]
    public async Task EndAll_EverySession_IsRefusedAtItsNextRequest()
    {
        var staff = await host.AddStaffAsync([StaffRoles.Admin]);
        using var tool = await host.SignedInAsync(staff);
        using var browser = await host.BrowserAsync(staff);

        using var answer = await tool.DeleteAsync("/api/v1/staff/sessions");

        using var api = await tool.GetAsync("/api/v1/admin/staff");
        using var page = await browser.GetAsync("/staff/admin/staff");
        Assert.Equal(HttpStatusCode.NoContent, answer.StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, api.StatusCode);
        Assert.Equal("/staff/sign-in?back=%2Fstaff%2Fadmin%2Fstaff", page.Headers.Location!.ToString());
    }

    [Fact]
    public async Task SignIn_AfterASessionThatEnded_ReturnsToWhereOneWas()
    {
        var staff = await host.AddStaffAsync([StaffRoles.Admin], twoFactor: true);
        using var browser = await host.BrowserAsync(staff);
        var page = await browser.GetStringAsync("/staff/admin/clients");
        await host.WithDatabaseAsync(d => d.StaffSessions.Where(s => s.StaffId == staff.Id).ExecuteDeleteAsync());

        using var form = new FormUrlEncodedContent(new Dictionary<string, string> { ["name"] = "x" });
        using var refused = await browser.PostAsync("/staff/admin/clients?handler=Revoke", form);
        using var first = await browser.PostFormAsync(refused.Headers.Location!.ToString(), new() { ["email"] = staff.Email, ["password"] = staff.Password });
        using var second = await browser.PostFormAsync(
            refused.Headers.Location.ToString(), new() { ["code"] = await host.CodeAsync(staff), ["back"] = "/staff/admin/clients" }, "/staff/sign-in?handler=Code");

        Assert.Equal("/staff/sign-in?back=%2Fstaff%2Fadmin%2Fclients", refused.Headers.Location.ToString());
        Assert.Contains("name=\"back\" value=\"/staff/admin/clients\"", await first.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal("/staff/admin/clients", second.Headers.Location!.ToString());
    }

    [Fact]
    public async Task Sessions_LongUnused_AreNotListedAndGoAtTheNextSignIn()
    {
        var staff = await host.AddStaffAsync([StaffRoles.Moderator]);
        using var old = await host.SignedInAsync(staff);
        var then = TimeProvider.System.GetUtcNow().AddDays(-2);
        await host.WithDatabaseAsync(d => d.StaffSessions.Where(s => s.StaffId == staff.Id).ExecuteUpdateAsync(s => s.SetProperty(x => x.LastSeenAt, then)));

        using var fresh = await host.SignedInAsync(staff);

        Assert.Single(await ItemsAsync(fresh));
        Assert.Equal(1, await host.WithDatabaseAsync(d => d.StaffSessions.CountAsync(s => s.StaffId == staff.Id)));
    }

    [Theory]
    [InlineData("Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36 Edg/140.0.0.0", "Edge, Windows")]
    [InlineData("Mozilla/5.0 (Linux; Android 15; Pixel 9) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Mobile Safari/537.36", "Chrome, Android")]
    [InlineData("Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 Mobile/15E148 Safari/604.1", "Safari, iPhone")]
    [InlineData("curl/8.5.0", "")]
    public void DeviceWords_UserAgent_TwoCoarseWords(string userAgent, string expected) => Assert.Equal(expected, DeviceWords.Of(userAgent));

    private static async Task<JsonElement[]> ItemsAsync(HttpClient client) =>
        [.. (await client.GetFromJsonAsync<JsonElement>("/api/v1/staff/sessions")).GetProperty("items").EnumerateArray()];
}

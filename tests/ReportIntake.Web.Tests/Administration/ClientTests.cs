using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using ReportIntake.Testing;
using ReportIntake.Web.Persistence;
using ReportIntake.Web.Security;
using ReportIntake.Web.Security.PoliceAccess;
using ReportIntake.Web.Tests.Police;

namespace ReportIntake.Web.Tests.Administration;

/// <summary>The police systems as an admin keeps them: keys by twos, names one each, terms that count at once.</summary>
public sealed class ClientTests(ClientTests.Host host) : IClassFixture<ClientTests.Host>
{
    private const string Reports = "/api/v1/reports";

    public sealed class Host : IntakeHost
    {
        public ShiftedClock Clock { get; } = new();

        protected override void ConfigureWebHost(Microsoft.AspNetCore.Hosting.IWebHostBuilder builder)
        {
            base.ConfigureWebHost(builder);
            builder.ConfigureServices(services => services.AddSingleton<TimeProvider>(Clock));
        }
    }

    [Fact]
    public async Task IssueKey_SecondOne_BothCountUntilTheFirstIsRevoked()
    {
        using var admin = await host.StaffClientAsync(StaffRoles.Admin);
        var client = await host.AddPoliceAsync();
        var firstId = Assert.Single(await KeysAsync(client.ClientId)).Id;

        using var issued = await admin.PostAsJsonAsync(Keys(client.ClientId), new { });
        var second = (await issued.JsonAsync(HttpStatusCode.Created)).Text("apiKey");
        var both = (await StatusAsync(client.ApiKey), await StatusAsync(second));
        using var revoked = await admin.DeleteAsync($"{Keys(client.ClientId)}/{firstId}");
        using var again = await admin.DeleteAsync($"{Keys(client.ClientId)}/{firstId}");

        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.OK), both);
        Assert.Equal((HttpStatusCode.NoContent, HttpStatusCode.NoContent), (revoked.StatusCode, again.StatusCode));
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(client.ApiKey));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(second));
        var written = await host.WithDatabaseAsync(d => d.Ledger.Where(e => e.Details.Contains(client.ClientId.ToString())).Select(e => e.Action).ToListAsync());
        Assert.Equal(["client_added", "client_key_issued", "client_key_revoked"], written);
    }

    [Fact]
    public async Task IssueKey_ThirdLiveOne_TooMany()
    {
        using var admin = await host.StaffClientAsync(StaffRoles.Admin);
        var client = await host.AddPoliceAsync();
        using var second = await admin.PostAsJsonAsync(Keys(client.ClientId), new { });

        using var third = await admin.PostAsJsonAsync(Keys(client.ClientId), new { });

        Assert.Equal("too_many_keys", await third.CodeAsync(HttpStatusCode.Conflict));
        Assert.Equal(2, (await KeysAsync(client.ClientId)).Count);
    }

    [Fact]
    public async Task IssueKey_ManyAtOnce_NeverMoreThanTwoCount()
    {
        using var admin = await host.StaffClientAsync(StaffRoles.Admin);
        var client = await host.AddPoliceAsync();

        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => admin.PostAsJsonAsync(Keys(client.ClientId), new { })));

        Assert.Equal(1, answers.Count(a => a.StatusCode is HttpStatusCode.Created));
        Assert.Equal(7, answers.Count(a => a.StatusCode is HttpStatusCode.Conflict));
        Assert.Equal(2, (await KeysAsync(client.ClientId)).Count);
    }

    [Fact]
    public async Task Key_Expired_SaysSoToItsBearerAlone()
    {
        using var admin = await host.StaffClientAsync(StaffRoles.Admin);
        var client = await host.AddPoliceAsync();
        var expiresAt = host.Clock.GetUtcNow().AddMinutes(20);
        using var issued = await admin.PostAsJsonAsync(Keys(client.ClientId), new { expiresAt });
        var key = (await issued.JsonAsync(HttpStatusCode.Created)).Text("apiKey");
        var before = await StatusAsync(key);
        host.Clock.Advance(TimeSpan.FromMinutes(21));

        using var after = await GetAsync(key);
        using var guessed = await GetAsync(key[..^1] + (key[^1] == 'A' ? 'B' : 'A'));
        using var other = await host.StaffClientAsync(StaffRoles.Admin);
        using var next = await other.PostAsJsonAsync(Keys(client.ClientId), new { });

        Assert.Equal(HttpStatusCode.OK, before);
        Assert.Equal("key_expired", await after.CodeAsync(HttpStatusCode.Unauthorized));
        Assert.Equal("not_authenticated", await guessed.CodeAsync(HttpStatusCode.Unauthorized));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(client.ApiKey));
        Assert.Equal(HttpStatusCode.Created, next.StatusCode); // an expired key takes no place
    }

    [Fact]
    public async Task IssueKey_ExpiryInThePast_IsRefused()
    {
        using var admin = await host.StaffClientAsync(StaffRoles.Admin);
        var client = await host.AddPoliceAsync();

        using var answer = await admin.PostAsJsonAsync(Keys(client.ClientId), new { expiresAt = "2020-01-01T00:00:00Z" });

        Assert.Equal("in_the_past", await answer.FieldCodeAsync("expiresAt"));
    }

    [Fact]
    public async Task RevokeKey_OfAnotherClient_IsNotFound()
    {
        using var admin = await host.StaffClientAsync(StaffRoles.Admin);
        var (mine, other) = (await host.AddPoliceAsync(), await host.AddPoliceAsync());
        var key = Assert.Single(await KeysAsync(other.ClientId)).Id;

        using var answer = await admin.DeleteAsync($"{Keys(mine.ClientId)}/{key}");

        Assert.Equal("key_not_found", await answer.CodeAsync(HttpStatusCode.NotFound));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(other.ApiKey));
    }

    [Fact]
    public async Task Key_RevokedDuringALongPoll_EndsIt()
    {
        using var admin = await host.StaffClientAsync(StaffRoles.Admin);
        var client = await host.AddPoliceAsync(areas: ["31.71"]);
        var key = Assert.Single(await KeysAsync(client.ClientId));
        var waiting = GetAsync(client.ApiKey, "/api/v1/events?wait=60");

        using var revoked = await admin.DeleteAsync($"{Keys(client.ClientId)}/{key.Id}");
        using var answer = await waiting.WaitAsync(TimeSpan.FromSeconds(30));

        Assert.Equal("not_authenticated", await answer.CodeAsync(HttpStatusCode.Unauthorized));
    }

    [Fact]
    public async Task LastUse_IsWrittenInTheBackground()
    {
        var client = await host.AddPoliceAsync();
        await StatusAsync(client.ApiKey);
        var before = Assert.Single(await KeysAsync(client.ClientId)).LastUsedAt;

        await host.Services.GetRequiredService<KeyUses>().WriteAsync(CancellationToken.None);

        Assert.Null(before);
        Assert.Equal(host.Clock.GetUtcNow(), Assert.Single(await KeysAsync(client.ClientId)).LastUsedAt!.Value, TimeSpan.FromMinutes(1));
    }

    [Fact]
    public async Task AddClient_NameTaken_ConflictAlsoForThoseAtOnce()
    {
        using var admin = await host.StaffClientAsync(StaffRoles.Admin);
        var body = new { name = $"Polda {Guid.NewGuid():N}", scopes = new[] { "reports.read" }, areas = new[] { "32" } };

        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => admin.PostAsJsonAsync("/api/v1/admin/clients", body)));
        using var later = await admin.PostAsJsonAsync("/api/v1/admin/clients", body);

        Assert.Equal(1, answers.Count(a => a.StatusCode is HttpStatusCode.Created));
        Assert.Equal(7, answers.Count(a => a.StatusCode is HttpStatusCode.Conflict));
        Assert.Equal("client_exists", await later.CodeAsync(HttpStatusCode.Conflict));
    }

    /// <summary>SQLite lets one write at a time, so no race gets past the look before; what the index says is asked directly.</summary>
    [Fact]
    public async Task UniqueIndex_OfNamesInUse_RefusesTheSecondAndFreesThoseOfTheRevoked()
    {
        var name = $"Polda {Guid.NewGuid():N}";
        await AddAsync(name, revoked: true);
        await AddAsync(name, revoked: false);

        var refusal = await Assert.ThrowsAsync<DbUpdateException>(() => AddAsync(name, revoked: false));

        Assert.True(UniqueIndex.Refused(refusal));
    }

    [Fact]
    public async Task StaffAndClients_OfOneNameAtOnce_AreRefusedClearly()
    {
        using var admin = await host.StaffClientAsync(StaffRoles.Admin);
        var body = new { email = $"s{Guid.NewGuid():N}@staff.example", password = StaffAccounts.Password, roles = new[] { "moderator" } };

        var answers = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => admin.PostAsJsonAsync("/api/v1/admin/staff", body)));

        Assert.Equal(1, answers.Count(a => a.StatusCode is HttpStatusCode.Created));
        Assert.All(answers.Where(a => a.StatusCode is not HttpStatusCode.Created), a => Assert.Equal(HttpStatusCode.BadRequest, a.StatusCode));
    }

    [Fact]
    public async Task ChangeClient_OtherTerms_CountFromTheNextRequest()
    {
        using var admin = await host.StaffClientAsync(StaffRoles.Admin);
        var client = await host.AddPoliceAsync();
        var fingerprint = string.Join(':', Enumerable.Repeat("AB", 32));

        using var changed = await admin.PutAsJsonAsync(
            $"/api/v1/admin/clients/{client.ClientId}",
            new { scopes = new[] { "evidence.read" }, areas = new[] { "32" }, networks = new[] { "10.0.0.0/8", "127.0.0.1" }, rateLimit = new { burst = 3, perMinute = 6 } });
        using var refused = await GetAsync(client.ApiKey);
        using var bound = await admin.PutAsJsonAsync(
            $"/api/v1/admin/clients/{client.ClientId}", new { scopes = new[] { "reports.read" }, areas = new[] { "32" }, certificates = new[] { fingerprint } });

        Assert.Equal((HttpStatusCode.NoContent, HttpStatusCode.NoContent), (changed.StatusCode, bound.StatusCode));
        Assert.Equal("not_allowed", await refused.CodeAsync(HttpStatusCode.Forbidden));
        var listed = (await admin.JsonAsync("/api/v1/admin/clients")).GetProperty("items").EnumerateArray().Single(c => c.GetProperty("id").GetGuid() == client.ClientId);
        Assert.Equal(new string('x', 64).Replace("xx", "ab", StringComparison.Ordinal), listed.GetProperty("certificates")[0].GetString());
        Assert.Equal(JsonValueKind.Null, listed.GetProperty("rateLimit").ValueKind);
        Assert.Equal(0, listed.GetProperty("networks").GetArrayLength());
    }

    [Theory]
    [InlineData("networks", "10.0.0.1/8", "network_invalid")]
    [InlineData("networks", "everywhere", "network_invalid")]
    [InlineData("certificates", "abcd", "certificate_invalid")]
    public async Task AddClient_WrongTerm_IsNamed(string field, string value, string code)
    {
        using var admin = await host.StaffClientAsync(StaffRoles.Admin);
        var body = new Dictionary<string, object> { ["name"] = "X", ["scopes"] = new[] { "reports.read" }, ["areas"] = new[] { "32" }, [field] = new[] { value } };

        using var answer = await admin.PostAsJsonAsync("/api/v1/admin/clients", body);

        Assert.Equal(code, await answer.FieldCodeAsync(field));
    }

    [Fact]
    public async Task AddClient_WrongLimitOrIssuer_IsNamed()
    {
        using var admin = await host.StaffClientAsync(StaffRoles.Admin);

        using var answer = await admin.PostAsJsonAsync(
            "/api/v1/admin/clients",
            new { name = "X", scopes = new[] { "reports.read" }, areas = new[] { "32" }, rateLimit = new { burst = 0, perMinute = 5 }, issuer = "https://unknown.example" });

        Assert.Equal("rate_limit_invalid", await answer.FieldCodeAsync("rateLimit"));
        Assert.Equal("issuer_unknown", await answer.FieldCodeAsync("issuer"));
        Assert.Equal("external_id_invalid", await answer.FieldCodeAsync("externalId"));
    }

    [Fact]
    public async Task ChangeAndIssue_RevokedClient_AreRefused()
    {
        using var admin = await host.StaffClientAsync(StaffRoles.Admin);
        var client = await host.AddPoliceAsync();
        using var revoked = await admin.DeleteAsync($"/api/v1/admin/clients/{client.ClientId}");

        using var changed = await admin.PutAsJsonAsync($"/api/v1/admin/clients/{client.ClientId}", new { scopes = new[] { "reports.read" }, areas = new[] { "32" } });
        using var issued = await admin.PostAsJsonAsync(Keys(client.ClientId), new { });

        Assert.Equal("client_revoked", await changed.CodeAsync(HttpStatusCode.Conflict));
        Assert.Equal("client_revoked", await issued.CodeAsync(HttpStatusCode.Conflict));
    }

    [Fact]
    public async Task ClientsPage_Keys_AreIssuedShownOnceAndRevoked()
    {
        using var browser = await host.StaffBrowserAsync(StaffRoles.Admin);
        var client = await host.AddPoliceAsync();
        const string Page = "/staff/admin/clients";
        var fields = new Dictionary<string, string> { ["id"] = client.ClientId.ToString() };

        using var issued = await browser.PostFormAsync(Page, fields, Page + "?handler=IssueKey");
        Assert.Contains("id=\"api-key\"", await issued.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        var keys = await KeysAsync(client.ClientId);
        var html = await browser.GetStringAsync(Page);
        Assert.All(keys, key => Assert.Contains($"id=\"key-{key.Id}\"", html, StringComparison.Ordinal));
        using var revoked = await browser.PostFormAsync(Page, new(fields) { ["keyId"] = keys[0].Id.ToString() }, Page + "?handler=RevokeKey");

        Assert.Equal(2, keys.Count);
        Assert.Equal(HttpStatusCode.Redirect, revoked.StatusCode);
        Assert.DoesNotContain($"id=\"key-{keys[0].Id}\"", await browser.GetStringAsync(Page), StringComparison.Ordinal);
    }

    private static string Keys(Guid clientId) => $"/api/v1/admin/clients/{clientId}/keys";

    private Task<List<ClientKey>> KeysAsync(Guid clientId) =>
        host.WithDatabaseAsync(d => d.ClientKeys.AsNoTracking().Where(k => k.ClientId == clientId).OrderBy(k => k.CreatedAt).ToListAsync());

    private Task<int> AddAsync(string name, bool revoked) => host.WithDatabaseAsync(database =>
    {
        var now = host.Clock.GetUtcNow();
        database.PoliceClients.Add(new PoliceClient { Id = Guid.NewGuid(), Name = name, Scopes = [], Areas = [], CreatedAt = now, RevokedAt = revoked ? now : null });
        return database.SaveChangesAsync();
    });

    private async Task<HttpStatusCode> StatusAsync(string key)
    {
        using var answer = await GetAsync(key);
        return answer.StatusCode;
    }

    private async Task<HttpResponseMessage> GetAsync(string key, string address = Reports)
    {
        using var http = host.Client();
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key);
        return await http.GetAsync(address);
    }
}

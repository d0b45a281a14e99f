using System.Net;
using System.Net.Http.Json;
using ReportIntake.Testing;
using ReportIntake.Web.Features.Administration.Clients;
using ReportIntake.Web.Security;
using ReportIntake.Web.Security.PoliceAccess;
using ReportIntake.Web.Tests.Police;

namespace ReportIntake.Web.Tests.Security.PoliceAccess;

/// <summary>From where a client may call, how often, and whose word about addresses is believed.</summary>
public sealed class NetworkTests
{
    private const string ForwardedFor = "X-Forwarded-For";

    private static Dictionary<string, string?> BehindAProxy => new() { ["Proxy:TrustedNetworks:0"] = AccessHost.Loopback };

    [Theory]
    [InlineData("10.1.0.0/16", "10.1.255.1", true)]
    [InlineData("10.1.0.0/16", "10.2.0.1", false)]
    [InlineData("10.1.0.0/16", "::ffff:10.1.2.3", true)]
    [InlineData("192.0.2.7", "192.0.2.7", true)]
    [InlineData("192.0.2.7", "192.0.2.8", false)]
    [InlineData("2001:db8::/32", "2001:db8:1::1", true)]
    [InlineData("2001:db8::/32", "10.1.0.1", false)]
    [InlineData("unix", null, true)]
    [InlineData("0.0.0.0/0", null, false)]
    public void Contain_Address_AsTheNetworkSays(string network, string? address, bool expected) =>
        Assert.Equal(expected, Networks.Contain([network], address is null ? null : IPAddress.Parse(address)));

    [Fact]
    public async Task Client_FromAnotherNetwork_IsRefusedAndOnlyItIsTold()
    {
        await using var host = new AccessHost(new Dictionary<string, string?>());
        var home = (await host.AddAsync(AccessHost.All() with { Networks = ["192.0.2.0/24", "127.0.0.1"] })).ApiKey;
        var away = (await host.AddAsync(AccessHost.All() with { Networks = ["192.0.2.0/24"] })).ApiKey;

        using var passed = await host.GetAsync(home);
        using var refused = await host.GetAsync(away);
        using var forged = await host.GetAsync(away, (ForwardedFor, "192.0.2.9"));
        using var stranger = await host.GetAsync(away[..^2] + "xx");

        Assert.Equal(HttpStatusCode.OK, passed.StatusCode);
        Assert.Equal("network_not_allowed", await refused.CodeAsync(HttpStatusCode.Forbidden));
        Assert.Equal("network_not_allowed", await forged.CodeAsync(HttpStatusCode.Forbidden));
        Assert.Equal("not_authenticated", await stranger.CodeAsync(HttpStatusCode.Unauthorized));
    }

    [Theory]
    [InlineData("192.0.2.9", HttpStatusCode.OK)]
    [InlineData("198.51.100.1, 192.0.2.9", HttpStatusCode.OK)]
    [InlineData("192.0.2.9, 198.51.100.1", HttpStatusCode.Forbidden)] // what the caller wrote itself stands before what the proxy added
    [InlineData("198.51.100.1", HttpStatusCode.Forbidden)]
    public async Task TrustedProxy_Address_IsTheOneThatItAdded(string forwarded, HttpStatusCode expected)
    {
        await using var host = new AccessHost(BehindAProxy);
        var key = (await host.AddAsync(AccessHost.All() with { Networks = ["192.0.2.0/24"] })).ApiKey;

        using var answer = await host.GetAsync(key, (ForwardedFor, forwarded));

        Assert.Equal(expected, answer.StatusCode);
    }

    [Fact]
    public async Task TrustedProxy_RateLimit_CountsEachCitizen()
    {
        var narrow = new Dictionary<string, string?> { ["RateLimits:SignIn:Burst"] = "1", ["RateLimits:SignIn:PerMinute"] = "1" };
        await using var behind = new AccessHost(new Dictionary<string, string?>(narrow.Concat(BehindAProxy)));
        await using var open = new AccessHost(narrow);

        var apart = (await LoginAsync(behind, "192.0.2.1"), await LoginAsync(behind, "192.0.2.2"), await LoginAsync(behind, "192.0.2.1"));
        var together = (await LoginAsync(open, "192.0.2.1"), await LoginAsync(open, "192.0.2.2"));

        Assert.Equal((HttpStatusCode.Unauthorized, HttpStatusCode.Unauthorized, HttpStatusCode.TooManyRequests), apart);
        Assert.Equal((HttpStatusCode.Unauthorized, HttpStatusCode.TooManyRequests), together);
    }

    [Theory]
    [InlineData(true, "__Host-ri-staff=")]
    [InlineData(false, "ri-staff=")]
    public async Task ForwardedScheme_Cookie_IsSecureOnlyWhereTheProxyIsTrusted(bool trusted, string cookie)
    {
        await using var host = new AccessHost(new Dictionary<string, string?>(trusted ? BehindAProxy : []) { ["Staff:RequireTwoFactor"] = "false" });
        var staff = await host.AddStaffAsync([StaffRoles.Admin], twoFactor: false);
        using var browser = host.Client();
        browser.DefaultRequestHeaders.Add("X-Forwarded-Proto", "https");
        browser.DefaultRequestHeaders.Add(ForwardedFor, "192.0.2.1");
        using var page = await browser.GetAsync("/staff/sign-in");
        var antiforgery = string.Join("; ", page.Headers.GetValues("Set-Cookie").Select(c => c.Split(';')[0]));
        var token = (await page.Content.ReadAsStringAsync()).Split("name=\"__RequestVerificationToken\" type=\"hidden\" value=\"")[1].Split('"')[0];
        using var post = new HttpRequestMessage(HttpMethod.Post, "/staff/sign-in")
        {
            Content = new FormUrlEncodedContent([new("email", staff.Email), new("password", staff.Password), new("__RequestVerificationToken", token)]),
        };
        post.Headers.Add("Cookie", antiforgery); // the browser's jar would not send a secure cookie over this connection

        using var answer = await browser.SendAsync(post);

        var set = Assert.Single(answer.Headers.GetValues("Set-Cookie"), c => c.Contains("ri-staff=", StringComparison.Ordinal));
        Assert.StartsWith(cookie, set, StringComparison.Ordinal);
        Assert.Equal(trusted, set.Contains("secure", StringComparison.OrdinalIgnoreCase));
    }

    [Fact]
    public async Task ForwardedHost_OnlyThoseAllowed_AreBelieved()
    {
        await using var host = new AccessHost(new Dictionary<string, string?>(BehindAProxy) { ["Proxy:AllowedHosts:0"] = "lapor.example" });

        var (allowed, other) = (await OriginAsync("lapor.example"), await OriginAsync("evil.example"));

        Assert.Equal(HttpStatusCode.NoContent, allowed);
        Assert.Equal(HttpStatusCode.Forbidden, other);

        // A request of the service's own pages, as an old browser shows it: by the origin, which must be the host.
        async Task<HttpStatusCode> OriginAsync(string name)
        {
            using var browser = await host.StaffBrowserAsync(StaffRoles.Admin);
            using var request = new HttpRequestMessage(HttpMethod.Post, "/api/v1/staff/logout");
            request.Headers.Add("Origin", $"https://{name}");
            request.Headers.Add("X-Forwarded-Host", name);
            request.Headers.Add(ForwardedFor, "192.0.2.1");
            using var answer = await browser.SendAsync(request);
            return answer.StatusCode;
        }
    }

    [Fact]
    public async Task RateLimit_OfAClientsOwn_IsToldAndKept()
    {
        await using var host = new AccessHost(new Dictionary<string, string?>());
        var narrow = (await host.AddAsync(AccessHost.All() with { RateLimit = new ClientTerms.Rate(2, 1) })).ApiKey;
        var other = (await host.AddAsync(AccessHost.All() with { RateLimit = new ClientTerms.Rate(2, 1) })).ApiKey;

        using var first = await host.GetAsync(narrow);
        using var second = await host.GetAsync(narrow);
        using var third = await host.GetAsync(narrow);
        using var others = await host.GetAsync(other);

        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.OK, HttpStatusCode.OK), (first.StatusCode, second.StatusCode, others.StatusCode));
        Assert.Equal("too_many_requests", await third.CodeAsync(HttpStatusCode.TooManyRequests));
        Assert.Equal("\"police\";q=2;w=120", Field(first, "RateLimit-Policy"));
        Assert.Equal("\"police\";r=1;t=60", Field(first, "RateLimit"));
        Assert.Equal("\"police\";r=0;t=60", Field(second, "RateLimit"));
        Assert.Equal("\"police\";q=2;w=120", Field(third, "RateLimit-Policy"));
        Assert.Equal("\"police\";r=0;t=60", Field(third, "RateLimit"));
        Assert.NotNull(third.Headers.RetryAfter);
    }

    [Fact]
    public async Task RateLimit_OfTheConfiguration_HoldsForClientsWithoutTheirOwn()
    {
        await using var host = new AccessHost(new Dictionary<string, string?> { ["RateLimits:Police:Burst"] = "3", ["RateLimits:Police:PerMinute"] = "1" });
        var key = (await host.AddAsync(AccessHost.All())).ApiKey;

        using var answer = await host.GetAsync(key);
        using var http = host.Client();
        using var citizen = await http.GetAsync("/api/v1/catalogue");

        Assert.Equal("\"police\";q=3;w=180", Field(answer, "RateLimit-Policy"));
        Assert.False(citizen.Headers.Contains("RateLimit"));
    }

    private static string Field(HttpResponseMessage answer, string name) => Assert.Single(answer.Headers.GetValues(name));

    private static async Task<HttpStatusCode> LoginAsync(AccessHost host, string address)
    {
        using var http = host.Client();
        http.DefaultRequestHeaders.Add(ForwardedFor, address);
        using var answer = await http.PostAsJsonAsync("/api/v1/staff/login", new { email = "a@b.example", password = "x" });
        return answer.StatusCode;
    }
}

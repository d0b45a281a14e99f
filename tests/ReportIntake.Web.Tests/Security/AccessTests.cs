using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using ReportIntake.Testing;
using ReportIntake.Web.Security;

namespace ReportIntake.Web.Tests.Security;

public sealed class AccessTests(AccessTests.Host host) : IClassFixture<AccessTests.Host>
{
    public sealed class Host : IntakeHost;

    [Fact]
    public async Task Api_NobodySignedIn_ProblemAndNoRedirect()
    {
        using var client = host.Client();

        using var answer = await client.GetAsync("/api/v1/admin/staff");

        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
        Assert.Equal("not_authenticated", await CodeAsync(answer));
        Assert.NotEmpty(answer.Headers.WwwAuthenticate);
    }

    [Theory]
    [InlineData(StaffRoles.Moderator)]
    [InlineData(StaffRoles.Supervisor)]
    [InlineData(StaffRoles.EvidenceCustodian)]
    [InlineData(StaffRoles.ChildSafetyModerator)]
    [InlineData(StaffRoles.Auditor)]
    public async Task AdminApi_OtherRole_NotAllowed(string role)
    {
        using var client = await host.StaffClientAsync(role);

        using var answer = await client.GetAsync("/api/v1/admin/clients");

        Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
        Assert.Equal("not_allowed", await CodeAsync(answer));
    }

    [Fact]
    public async Task AdminPage_OtherRole_Forbidden()
    {
        using var browser = await host.StaffBrowserAsync(StaffRoles.Moderator);

        using var answer = await browser.GetAsync("/staff/admin/staff");

        Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
    }

    [Fact]
    public async Task AdminApi_PoliceClient_NotAllowed()
    {
        using var police = await host.PoliceClientAsync();

        using var answer = await police.GetAsync("/api/v1/admin/clients");

        Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
    }

    [Fact]
    public async Task PoliceClient_RevokedKey_UnauthorizedAtOnce()
    {
        var issued = await host.AddPoliceAsync();
        using var police = host.Client();
        police.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", issued.ApiKey);
        using var before = await police.GetAsync("/api/v1/admin/clients");
        using var admin = await host.StaffClientAsync(StaffRoles.Admin);

        using var revoked = await admin.DeleteAsync($"/api/v1/admin/clients/{issued.ClientId}");

        using var after = await police.GetAsync("/api/v1/admin/clients");
        Assert.Equal(HttpStatusCode.Forbidden, before.StatusCode); // known, only not an admin
        Assert.Equal(HttpStatusCode.NoContent, revoked.StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, after.StatusCode);
    }

    [Theory]
    [InlineData("ri_abcdefgh_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    [InlineData("ri_short")]
    [InlineData("something-else")]
    public async Task Bearer_UnknownToken_Unauthorized(string token)
    {
        using var client = host.Client();
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);

        using var answer = await client.GetAsync("/api/v1/admin/clients");

        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
    }

    [Fact]
    public async Task UnknownRoute_Api_NotFoundProblem()
    {
        using var client = host.Client();

        using var answer = await client.GetAsync("/api/v1/nothing-here");

        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
        Assert.Equal("not_found", await CodeAsync(answer));
    }

    [Fact]
    public async Task UnknownRoute_Page_NotFoundAndNoSignIn()
    {
        using var client = host.Client();

        using var answer = await client.GetAsync("/laporr");

        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
    }

    [Fact]
    public async Task RouteWithoutPolicy_EvenForAnAdmin_IsClosed()
    {
        await using var open = new HostWithForgottenRoute();
        using var admin = await open.StaffClientAsync([.. StaffRoles.All]);

        using var answer = await admin.GetAsync("/api/v1/forgotten");

        Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
    }

    [Fact]
    public void Routes_All_NameAPolicyOrAllowAnonymous()
    {
        _ = host.Address;
        var silent = host.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            .Where(e => e.Metadata.GetMetadata<IAuthorizeData>() is null && e.Metadata.GetMetadata<IAllowAnonymous>() is null && e.Metadata.GetMetadata<AuthorizationPolicy>() is null)
            .Select(e => e.RoutePattern.RawText)
            .Where(route => route != "{**path:file}"); // the framework's own answer to missing assets while developing; closed like all that say nothing

        Assert.Empty(silent);
    }

    [Theory]
    [InlineData("Sec-Fetch-Site", "cross-site", HttpStatusCode.Forbidden)]
    [InlineData("Sec-Fetch-Site", "same-site", HttpStatusCode.Forbidden)]
    [InlineData("Origin", "https://evil.example", HttpStatusCode.Forbidden)]
    [InlineData("Origin", "null", HttpStatusCode.Forbidden)]
    [InlineData("X-Nothing", "said", HttpStatusCode.Forbidden)]
    [InlineData("Sec-Fetch-Site", "same-origin", HttpStatusCode.Created)]
    public async Task CookiePost_BySource_OnlyOwnPagesAreHeard(string header, string value, HttpStatusCode expected)
    {
        using var browser = await host.StaffBrowserAsync(StaffRoles.Admin);
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/v1/admin/clients")
        {
            Content = JsonContent.Create(new { name = $"By cookie {Guid.NewGuid():N}", scopes = new[] { PoliceScopes.ReadReports }, areas = new[] { "32" } }),
        };
        request.Headers.Add(header, value);

        using var answer = await browser.SendAsync(request);

        Assert.Equal(expected, answer.StatusCode);
    }

    [Fact]
    public async Task CookiePost_OriginOfThisHost_IsHeard()
    {
        using var browser = await host.StaffBrowserAsync(StaffRoles.Admin);
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/v1/staff/logout");
        request.Headers.Add("Origin", host.Address.GetLeftPart(UriPartial.Authority));

        using var answer = await browser.SendAsync(request);

        Assert.Equal(HttpStatusCode.NoContent, answer.StatusCode);
    }

    [Fact]
    public async Task KeyRing_DataDirectory_IsForThisAccountAlone()
    {
        using var client = host.Client();
        using var answer = await client.GetAsync("/health/live");

        var keys = Path.Combine(host.DataDirectory, "keys");
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(keys));
        Assert.NotEmpty(Directory.GetFiles(keys));
    }

    [Fact]
    public async Task RateLimit_SignInFlooded_TooManyRequests()
    {
        await using var narrow = new NarrowHost();
        using var client = narrow.Client();
        using var first = await client.PostAsJsonAsync("/api/v1/staff/login", new { email = "a@b.example", password = "x" });

        using var second = await client.PostAsJsonAsync("/api/v1/staff/login", new { email = "a@b.example", password = "x" });

        Assert.Equal(HttpStatusCode.Unauthorized, first.StatusCode);
        Assert.Equal(HttpStatusCode.TooManyRequests, second.StatusCode);
        Assert.Equal("too_many_requests", await CodeAsync(second));
        Assert.NotNull(second.Headers.RetryAfter);
    }

    private static async Task<string?> CodeAsync(HttpResponseMessage answer) =>
        (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("code").GetString();

    private sealed class NarrowHost : IntakeHost
    {
        protected override IReadOnlyDictionary<string, string?> Settings { get; } =
            new Dictionary<string, string?> { ["RateLimits:SignIn:Burst"] = "1", ["RateLimits:SignIn:PerMinute"] = "1" };
    }

    private sealed class HostWithForgottenRoute : IntakeHost
    {
        protected override void ConfigureWebHost(Microsoft.AspNetCore.Hosting.IWebHostBuilder builder)
        {
            base.ConfigureWebHost(builder);
            builder.ConfigureServices(services => services.AddSingleton<Microsoft.AspNetCore.Hosting.IStartupFilter, Filter>());
        }

        private sealed class Filter : Microsoft.AspNetCore.Hosting.IStartupFilter
        {
            public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
            {
                app.Use((context, after) =>
                {
                    if (context.Request.Path == "/api/v1/forgotten")
                    {
                        context.SetEndpoint(new Endpoint(c => c.Response.WriteAsync("open"), EndpointMetadataCollection.Empty, "forgotten"));
                    }

                    return after(context);
                });
                next(app);
            };
        }
    }
}

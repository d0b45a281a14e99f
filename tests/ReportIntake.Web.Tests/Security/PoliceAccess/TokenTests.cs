using System.Net;
using System.Text.Json.Nodes;
using ReportIntake.Testing;
using ReportIntake.Web.Security;
using ReportIntake.Web.Tests.Police;

namespace ReportIntake.Web.Tests.Security.PoliceAccess;

public sealed class TokenTests(TokenTests.Fixture fixture) : IClassFixture<TokenTests.Fixture>
{
    public sealed class Fixture : IAsyncLifetime
    {
        internal ShiftedClock Clock { get; } = new();

        internal TestIssuer Issuer { get; private set; } = null!;

        internal TestIssuer Other { get; private set; } = null!;

        internal AccessHost Host { get; private set; } = null!;

        public async Task InitializeAsync()
        {
            (Issuer, Other) = (await TestIssuer.StartAsync(Clock), await TestIssuer.StartAsync(Clock));
            Host = new AccessHost(
                new Dictionary<string, string?>
                {
                    ["Police:Issuers:0:Authority"] = Issuer.Address,
                    ["Police:Issuers:0:Audience"] = TestIssuer.Audience,
                    ["Police:Issuers:0:AreaClaim"] = "areas",
                    ["Police:Issuers:1:Issuer"] = Other.Address,
                    ["Police:Issuers:1:JwksUri"] = Other.Address + "/keys",
                    ["Police:Issuers:1:Audience"] = TestIssuer.Audience,
                },
                Clock);
        }

        public async Task DisposeAsync()
        {
            await Host.DisposeAsync();
            await Issuer.DisposeAsync();
            await Other.DisposeAsync();
        }
    }

    private TestIssuer Issuer => fixture.Issuer;

    private AccessHost Host => fixture.Host;

    [Theory]
    [InlineData("RS256")]
    [InlineData("PS256")]
    [InlineData("ES256")]
    public async Task Token_OfARegisteredClient_Counts(string algorithm)
    {
        var client = await ClientAsync();

        using var answer = await Host.GetAsync(Issuer.Token(client, algorithm: algorithm));

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    [Theory]
    [InlineData("exp", -30, HttpStatusCode.OK, "")] // within the clock's skew of 60 s
    [InlineData("exp", -90, HttpStatusCode.Unauthorized, "token_expired")]
    [InlineData("nbf", 30, HttpStatusCode.OK, "")]
    [InlineData("nbf", 90, HttpStatusCode.Unauthorized, "not_authenticated")]
    public async Task Token_Time_CountsWithinTheSkew(string claim, int seconds, HttpStatusCode expected, string code)
    {
        var client = await ClientAsync();
        var at = fixture.Clock.GetUtcNow().ToUnixTimeSeconds() + seconds;

        using var answer = await Host.GetAsync(Issuer.Token(client, c => (c["nbf"], c[claim]) = (at - 300, at)));

        Assert.Equal(expected, answer.StatusCode);
        if (code.Length > 0)
        {
            Assert.Equal(code, await answer.CodeAsync(expected));
            Assert.NotEmpty(answer.Headers.WwwAuthenticate);
        }
    }

    [Theory]
    [InlineData("aud", "https://another.example")]
    [InlineData("aud", null)]
    [InlineData("iss", "https://another.example")]
    [InlineData("iss", null)]
    [InlineData("exp", null)]
    [InlineData("exp", "soon")]
    [InlineData("client_id", "nobody")]
    [InlineData("client_id", null)]
    public async Task Token_WrongClaim_IsRefused(string claim, string? value)
    {
        var client = await ClientAsync();

        await RefusedAsync(Issuer.Token(client, c => c[claim] = value));
    }

    [Theory]
    [InlineData("exp", "9223372036854775807")]
    [InlineData("exp", "1e300")]
    [InlineData("exp", "-1e300")]
    [InlineData("nbf", "-9223372036854775808")]
    [InlineData("exp", "[]")]
    [InlineData("aud", "{}")]
    [InlineData("iss", "[1]")]
    [InlineData("client_id", "{\"a\":1}")]
    [InlineData("scope", "[[]]")]
    [InlineData("cnf", "7")]
    public async Task Token_AbsurdClaim_IsNoFaultOfTheService(string claim, string json)
    {
        var client = await ClientAsync();

        using var answer = await Host.GetAsync(Issuer.Token(client, c => c[claim] = JsonNode.Parse(json)));

        Assert.Contains(answer.StatusCode, new[] { HttpStatusCode.OK, HttpStatusCode.Unauthorized, HttpStatusCode.Forbidden });
    }

    [Theory]
    [InlineData("none")]
    [InlineData("HS256")]
    [InlineData("RS512")]
    [InlineData("None")]
    public async Task Token_OfAnotherAlgorithm_IsRefused(string algorithm)
    {
        var client = await ClientAsync();

        await RefusedAsync(Issuer.Token(client, algorithm: algorithm));
        await RefusedAsync(Issuer.Token(client, header: h => h["kid"] = "shared", algorithm: algorithm));
    }

    [Fact]
    public async Task Token_ForgedOrOfAForeignKey_IsRefused()
    {
        var client = await ClientAsync();
        var good = Issuer.Token(client);
        var parts = good.Split('.');
        var wider = Issuer.Token(client, c => c["scope"] = "reports.read follow_up.write").Split('.');

        await RefusedAsync($"{parts[0]}.{wider[1]}.{parts[2]}");
        await RefusedAsync($"{parts[0]}.{parts[1]}.");
        await RefusedAsync(good + "A");
        await RefusedAsync(fixture.Other.Token(client, c => c["iss"] = Issuer.Address));
        await RefusedAsync(Issuer.Token(client, c => c["iss"] = fixture.Other.Address));
        await RefusedAsync(Issuer.Token(client, header: h => (h["crit"], h["b64"]) = (new JsonArray("b64"), false)));
    }

    [Theory]
    [InlineData(".")]
    [InlineData("..")]
    [InlineData("a.b.c")]
    [InlineData("e30.e30.")]
    [InlineData("e30.e30.e30")]
    [InlineData("bnVsbA.bnVsbA.AAAA")]
    [InlineData("W10.W10.AAAA")]
    [InlineData("eyJhbGciOiJSUzI1NiJ9.eyJpc3MiOjF9.AAAA")]
    [InlineData("a.b.c.d.e")]
    [InlineData("eyJhbGciOiJSUzI1NiIsImtpZCI6WzFdfQ.eyJpc3MiOnt9fQ.AAAA")]
    public async Task Token_ThatIsNone_IsRefused(string token) => await RefusedAsync(token);

    [Fact]
    public async Task Token_ScopeAndRegistration_OnlyWhatBothSay()
    {
        var reader = await ClientAsync(AccessHost.All() with { Scopes = [PoliceScopes.ReadReports] });
        var writer = await ClientAsync(AccessHost.All() with { Scopes = [PoliceScopes.WriteFollowUp] });

        using var both = await Host.GetAsync(Issuer.Token(reader));
        using var notInTheToken = await Host.GetAsync(Issuer.Token(reader, c => c["scope"] = "follow_up.write"));
        using var without = await Host.GetAsync(Issuer.Token(reader, c => c.Remove("scope")));
        using var notRegistered = await Host.GetAsync(Issuer.Token(writer));
        using var list = await Host.GetAsync(Issuer.Token(reader, c => c["scope"] = new JsonArray("reports.read", 7)));

        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.OK), (both.StatusCode, list.StatusCode));
        Assert.Equal("not_allowed", await notInTheToken.CodeAsync(HttpStatusCode.Forbidden));
        Assert.Equal("not_allowed", await without.CodeAsync(HttpStatusCode.Forbidden));
        Assert.Equal("not_allowed", await notRegistered.CodeAsync(HttpStatusCode.Forbidden));
    }

    [Theory]
    [InlineData("32", "32.74", "32.74")]
    [InlineData("32.74", "32", "32.74")]
    [InlineData("national", "33 32.74", "32.74 33")]
    [InlineData("31 33", "national", "31 33")]
    [InlineData("32", "33", "")]
    [InlineData("32", "", "")]
    [InlineData("32 32.74", "32.74 32.04", "32.04 32.74")]
    public void Common_OfTwoLists_IsWhatBothCover(string registered, string claimed, string expected)
    {
        var common = PoliceClientAccess.Common(registered.Split(' '), claimed.Split(' ', StringSplitOptions.RemoveEmptyEntries));

        Assert.Equal(expected, string.Join(' ', common.Order(StringComparer.Ordinal)));
    }

    [Fact]
    public async Task Token_OfARevokedClient_IsRefusedAtOnce()
    {
        var (client, id) = await RegisterAsync(AccessHost.All());
        var token = Issuer.Token(client);
        using var before = await Host.GetAsync(token);
        using var admin = await Host.StaffClientAsync(StaffRoles.Admin);

        using var revoked = await admin.DeleteAsync($"/api/v1/admin/clients/{id}");

        Assert.Equal(HttpStatusCode.OK, before.StatusCode);
        await RefusedAsync(token);
    }

    [Fact]
    public async Task Token_OfTheSameNameAtAnotherIssuer_IsNotThatClient()
    {
        var client = await ClientAsync();

        await RefusedAsync(fixture.Other.Token(client));
    }

    private async Task RefusedAsync(string token)
    {
        using var answer = await Host.GetAsync(token);

        Assert.Equal("not_authenticated", await answer.CodeAsync(HttpStatusCode.Unauthorized));
    }

    private async Task<string> ClientAsync(Features.Administration.Clients.ClientTerms? terms = null) => (await RegisterAsync(terms ?? AccessHost.All())).ExternalId;

    private async Task<(string ExternalId, Guid Id)> RegisterAsync(Features.Administration.Clients.ClientTerms terms)
    {
        var externalId = $"client-{Guid.NewGuid():N}";
        var issued = await Host.AddAsync(terms with { Issuer = Issuer.Address, ExternalId = externalId });
        return (externalId, issued.ClientId);
    }
}

using System.Buffers.Text;
using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json.Nodes;
using ReportIntake.Testing;
using ReportIntake.Web.Tests.Police;

namespace ReportIntake.Web.Tests.Security.PoliceAccess;

/// <summary>Certificates as a trusted proxy forwards them (RFC 9440), and clients and tokens that are bound to one.</summary>
public sealed class CertificateTests(CertificateTests.Fixture fixture) : IClassFixture<CertificateTests.Fixture>
{
    private const string Header = "Client-Cert";

    public sealed class Fixture : IAsyncLifetime
    {
        internal ShiftedClock Clock { get; } = new();

        internal TestIssuer Issuer { get; private set; } = null!;

        internal AccessHost Host { get; private set; } = null!;

        public async Task InitializeAsync()
        {
            Issuer = await TestIssuer.StartAsync(Clock);
            Host = new AccessHost(
                new Dictionary<string, string?>
                {
                    ["Police:ClientCertificates:TrustedProxies:0"] = AccessHost.Loopback,
                    ["Police:Issuers:0:Authority"] = Issuer.Address,
                    ["Police:Issuers:0:Audience"] = TestIssuer.Audience,
                },
                Clock);
        }

        public async Task DisposeAsync()
        {
            await Host.DisposeAsync();
            await Issuer.DisposeAsync();
        }
    }

    private readonly X509Certificate2 own = Certificate(-1, 30);

    [Fact]
    public async Task BoundClient_WithItsCertificate_Passes()
    {
        using var second = Certificate(-1, 60);
        var key = (await fixture.Host.AddAsync(AccessHost.All() with { Certificates = [Fingerprint(own), Fingerprint(second).ToLowerInvariant()] })).ApiKey;

        using var first = await fixture.Host.GetAsync(key, (Header, Forwarded(own)));
        using var other = await fixture.Host.GetAsync(key, (Header, Forwarded(second) + ";a=1"));

        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.OK), (first.StatusCode, other.StatusCode));
    }

    [Fact]
    public async Task BoundClient_WithoutACertificate_IsRefused()
    {
        var key = await BoundAsync(own);

        using var answer = await fixture.Host.GetAsync(key);

        Assert.Equal("client_certificate_required", await answer.CodeAsync(HttpStatusCode.Unauthorized));
    }

    [Fact]
    public async Task BoundClient_WithAnotherOrABrokenCertificate_IsRefused()
    {
        using var other = Certificate(-1, 30);
        using var expired = Certificate(-30, -1);
        using var future = Certificate(1, 30);
        var tampered = own.RawData.ToArray();
        tampered[^1] ^= 1;
        (string Key, string Value)[] wrong =
        [
            (await BoundAsync(own), Forwarded(other)),
            (await BoundAsync(expired), Forwarded(expired)),
            (await BoundAsync(future), Forwarded(future)),
            (await BoundAsync(own), Convert.ToBase64String(own.RawData)),
            (await BoundAsync(own), $":{Convert.ToBase64String(tampered)}:"),
            (await BoundAsync(own), $":{Convert.ToBase64String([.. own.RawData, 0])}:"),
            (await BoundAsync(own), ":bm8gY2VydGlmaWNhdGU=:"),
            (await BoundAsync(own), "::"),
            (await BoundAsync(own), ":%%%:"),
            (await BoundAsync(own), ""),
            (await BoundAsync(own), own.ExportCertificatePem().ReplaceLineEndings(" ")),
        ];

        foreach (var (key, value) in wrong)
        {
            using var answer = await fixture.Host.GetAsync(key, (Header, value));

            Assert.Equal("client_certificate_invalid", await answer.CodeAsync(HttpStatusCode.Unauthorized));
        }
    }

    [Fact]
    public async Task BoundClient_CertificateWithoutKey_IsNobody()
    {
        await BoundAsync(own);

        using var answer = await fixture.Host.GetAsync("ri_abcdefgh_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", (Header, Forwarded(own)));

        Assert.Equal("not_authenticated", await answer.CodeAsync(HttpStatusCode.Unauthorized));
    }

    [Fact]
    public async Task Header_FromAPeerThatIsNotTrusted_IsIgnored()
    {
        await using var host = new AccessHost(new Dictionary<string, string?> { ["Police:ClientCertificates:TrustedProxies:0"] = "203.0.113.0/24" });
        var bound = (await host.AddAsync(AccessHost.All() with { Certificates = [Fingerprint(own)] })).ApiKey;
        var free = (await host.AddAsync(AccessHost.All())).ApiKey;

        using var refused = await host.GetAsync(bound, (Header, Forwarded(own)));
        using var forged = await host.GetAsync(bound, (Header, Forwarded(own)), ("X-Forwarded-For", "203.0.113.1"));
        using var passed = await host.GetAsync(free, (Header, Forwarded(own)));

        Assert.Equal("client_certificate_required", await refused.CodeAsync(HttpStatusCode.Unauthorized));
        Assert.Equal("client_certificate_required", await forged.CodeAsync(HttpStatusCode.Unauthorized));
        Assert.Equal(HttpStatusCode.OK, passed.StatusCode);
    }

    /// <summary>What counts is who is at the other end of the connection, not the address that was forwarded.</summary>
    [Fact]
    public async Task Header_BehindForwardedAddresses_IsJudgedByThePeer()
    {
        await using var host = new AccessHost(new Dictionary<string, string?>
        {
            ["Proxy:TrustedNetworks:0"] = AccessHost.Loopback,
            ["Police:ClientCertificates:TrustedProxies:0"] = AccessHost.Loopback,
        });
        var bound = (await host.AddAsync(AccessHost.All() with { Certificates = [Fingerprint(own)] })).ApiKey;

        using var answer = await host.GetAsync(bound, (Header, Forwarded(own)), ("X-Forwarded-For", "203.0.113.1"));

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    [Fact]
    public async Task Token_BoundToACertificate_CountsWithThatOneAlone()
    {
        var externalId = $"client-{Guid.NewGuid():N}";
        await fixture.Host.AddAsync(AccessHost.All() with { Issuer = fixture.Issuer.Address, ExternalId = externalId });
        using var other = Certificate(-1, 30);
        var token = fixture.Issuer.Token(externalId, c => c["cnf"] = new JsonObject { ["x5t#S256"] = Base64Url.EncodeToString(SHA256.HashData(own.RawData)) });
        var toAKey = fixture.Issuer.Token(externalId, c => c["cnf"] = new JsonObject { ["jkt"] = "0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I" });
        var broken = fixture.Issuer.Token(externalId, c => c["cnf"] = new JsonObject { ["x5t#S256"] = "%%" });

        using var right = await fixture.Host.GetAsync(token, (Header, Forwarded(own)));
        using var wrong = await fixture.Host.GetAsync(token, (Header, Forwarded(other)));
        using var none = await fixture.Host.GetAsync(token);
        using var unknown = await fixture.Host.GetAsync(toAKey, (Header, Forwarded(own)));
        using var unreadable = await fixture.Host.GetAsync(broken, (Header, Forwarded(own)));

        Assert.Equal(HttpStatusCode.OK, right.StatusCode);
        Assert.Equal("client_certificate_invalid", await wrong.CodeAsync(HttpStatusCode.Unauthorized));
        Assert.Equal("client_certificate_required", await none.CodeAsync(HttpStatusCode.Unauthorized));
        Assert.Equal("not_authenticated", await unknown.CodeAsync(HttpStatusCode.Unauthorized));
        Assert.Equal("not_authenticated", await unreadable.CodeAsync(HttpStatusCode.Unauthorized));
    }

    [Fact]
    public async Task BoundClient_WithAToken_NeedsItsCertificateToo()
    {
        var externalId = $"client-{Guid.NewGuid():N}";
        await fixture.Host.AddAsync(AccessHost.All() with { Issuer = fixture.Issuer.Address, ExternalId = externalId, Certificates = [Fingerprint(own)] });

        using var without = await fixture.Host.GetAsync(fixture.Issuer.Token(externalId));
        using var with = await fixture.Host.GetAsync(fixture.Issuer.Token(externalId), (Header, Forwarded(own)));

        Assert.Equal("client_certificate_required", await without.CodeAsync(HttpStatusCode.Unauthorized));
        Assert.Equal(HttpStatusCode.OK, with.StatusCode);
    }

    private async Task<string> BoundAsync(X509Certificate2 certificate) =>
        (await fixture.Host.AddAsync(AccessHost.All() with { Certificates = [Fingerprint(certificate)] })).ApiKey;

    /// <summary>As <c>openssl x509 -fingerprint -sha256</c> prints it.</summary>
    private static string Fingerprint(X509Certificate2 certificate) => string.Join(':', SHA256.HashData(certificate.RawData).Select(b => b.ToString("X2", null)));

    private static string Forwarded(X509Certificate2 certificate) => $":{Convert.ToBase64String(certificate.RawData)}:";

    private static X509Certificate2 Certificate(int fromDays, int toDays)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var now = TimeProvider.System.GetUtcNow();
        return new CertificateRequest("CN=Polda", key, HashAlgorithmName.SHA256).CreateSelfSigned(now.AddDays(fromDays), now.AddDays(toDays));
    }
}

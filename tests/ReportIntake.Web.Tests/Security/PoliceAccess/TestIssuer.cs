using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace ReportIntake.Web.Tests.Security.PoliceAccess;

/// <summary>A small authorization server on loopback: its configuration, its keys, and tokens as right or wrong as a test wants them.</summary>
internal sealed class TestIssuer : IAsyncDisposable
{
    private readonly WebApplication server;
    private readonly TimeProvider clock;
    private readonly ECDsa curve = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private RSA rsa = RSA.Create(2048);
    private string keyId = "first";

    private TestIssuer(WebApplication server, TimeProvider clock) => (this.server, this.clock) = (server, clock);

    public const string Audience = "https://intake.example";

    public string Address => server.Urls.Single();

    public int Fetches { get; private set; }

    /// <summary>The identity token for what was sent to the token endpoint (the form, and the Authorization header); null refuses.</summary>
    public Func<IFormCollection, string, string?>? AtToken { get; set; }

    public string? KeysInstead { get; set; }

    public static async Task<TestIssuer> StartAsync(TimeProvider clock)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var issuer = new TestIssuer(builder.Build(), clock);
        issuer.server.MapGet("/.well-known/openid-configuration", () => Results.Json(new
        {
            issuer = issuer.Address,
            jwks_uri = issuer.Address + "/keys",
            authorization_endpoint = issuer.Address + "/authorize",
            token_endpoint = issuer.Address + "/token",
        }));
        issuer.server.MapGet("/keys", () => Results.Text(issuer.KeysInstead ?? issuer.Keys(), "application/json"));
        issuer.server.MapPost("/token", async (HttpRequest request) =>
            issuer.AtToken?.Invoke(await request.ReadFormAsync(), request.Headers.Authorization.ToString()) is { } token
                ? Results.Json(new { access_token = "unused", token_type = "Bearer", id_token = token })
                : Results.BadRequest());
        await issuer.server.StartAsync();
        return issuer;
    }

    /// <summary>Another signing key from now on; the old one is gone from the set.</summary>
    public void ChangeKey() => (rsa, keyId) = (RSA.Create(2048), "second");

    public Task GoAwayAsync() => server.StopAsync();

    /// <summary>A good token, but for what the test changes.</summary>
    public string Token(string client, Action<JsonObject>? claims = null, Action<JsonObject>? header = null, string algorithm = "RS256")
    {
        var now = clock.GetUtcNow().ToUnixTimeSeconds();
        var head = new JsonObject { ["alg"] = algorithm, ["typ"] = "at+jwt", ["kid"] = algorithm == "ES256" ? "curve" : keyId };
        var body = new JsonObject
        {
            ["iss"] = Address,
            ["aud"] = Audience,
            ["sub"] = client,
            ["client_id"] = client,
            ["scope"] = "reports.read evidence.read",
            ["areas"] = new JsonArray("32"),
            ["nbf"] = now,
            ["iat"] = now,
            ["exp"] = now + 300,
        };
        header?.Invoke(head);
        claims?.Invoke(body);
        var signed = $"{Encode(head.ToJsonString())}.{Encode(body.ToJsonString())}";
        var bytes = Encoding.ASCII.GetBytes(signed);
        var signature = algorithm switch
        {
            "RS256" => rsa.SignData(bytes, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1),
            "PS256" => rsa.SignData(bytes, HashAlgorithmName.SHA256, RSASignaturePadding.Pss),
            "ES256" => curve.SignData(bytes, HashAlgorithmName.SHA256),
            "RS512" => rsa.SignData(bytes, HashAlgorithmName.SHA512, RSASignaturePadding.Pkcs1),
            "HS256" => HMACSHA256.HashData(Encoding.ASCII.GetBytes(rsa.ExportSubjectPublicKeyInfoPem()), bytes),
            _ => [],
        };
        return $"{signed}.{Base64Url.EncodeToString(signature)}";
    }

    /// <summary>The issuer's keys as it publishes them (RFC 7517).</summary>
    public string Keys()
    {
        Fetches++;
        var (modulus, point) = (rsa.ExportParameters(false), curve.ExportParameters(false));
        return JsonSerializer.Serialize(new
        {
            keys = new object[]
            {
                new { kty = "RSA", use = "sig", kid = keyId, n = Base64Url.EncodeToString(modulus.Modulus), e = Base64Url.EncodeToString(modulus.Exponent) },
                new { kty = "EC", use = "sig", kid = "curve", crv = "P-256", x = Base64Url.EncodeToString(point.Q.X), y = Base64Url.EncodeToString(point.Q.Y) },
                new { kty = "oct", kid = "shared", k = Base64Url.EncodeToString(Encoding.ASCII.GetBytes(rsa.ExportSubjectPublicKeyInfoPem())) },
            },
        });
    }

    public async ValueTask DisposeAsync()
    {
        await server.DisposeAsync();
        rsa.Dispose();
        curve.Dispose();
    }

    private static string Encode(string json) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(json));
}

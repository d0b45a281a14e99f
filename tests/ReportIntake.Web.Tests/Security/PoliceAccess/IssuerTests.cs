using System.Net;
using System.Net.Sockets;
using ReportIntake.Testing;
using ReportIntake.Web.Tests.Police;

namespace ReportIntake.Web.Tests.Security.PoliceAccess;

/// <summary>Issuers that change their keys, go away, hang or send nonsense, and those that are configured wrongly.</summary>
public sealed class IssuerTests
{
    [Fact]
    public async Task Issuer_ThatChangesItsKey_IsAskedAgain()
    {
        var clock = new ShiftedClock();
        await using var issuer = await TestIssuer.StartAsync(clock);
        await using var host = OneIssuer("JwksUri", issuer.Address + "/keys", issuer.Address, clock);
        await host.AddAsync(AccessHost.All() with { Issuer = issuer.Address, ExternalId = "polda" });
        using var before = await host.GetAsync(issuer.Token("polda"));
        using var again = await host.GetAsync(issuer.Token("polda"));
        var fetches = issuer.Fetches;
        issuer.ChangeKey();
        clock.Advance(TimeSpan.FromMinutes(1));

        using var after = await host.GetAsync(issuer.Token("polda"));
        using var guess = await host.GetAsync(issuer.Token("polda", header: h => h["kid"] = "third"));
        using var another = await host.GetAsync(issuer.Token("polda", header: h => h["kid"] = "fourth"));

        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.OK, HttpStatusCode.OK), (before.StatusCode, again.StatusCode, after.StatusCode));
        Assert.Equal(1, fetches);
        Assert.Equal(2, issuer.Fetches); // made-up key ids do not make the service hammer the issuer
    }

    [Fact]
    public async Task Issuer_AwayAfterItsKeysWereRead_TokensGoOnCounting()
    {
        var clock = new ShiftedClock();
        await using var issuer = await TestIssuer.StartAsync(clock);
        var address = issuer.Address;
        await using var host = OneIssuer("JwksUri", address + "/keys", address, clock);
        await host.AddAsync(AccessHost.All() with { Issuer = address, ExternalId = "polda" });
        var token = issuer.Token("polda", c => c["exp"] = clock.GetUtcNow().AddDays(3).ToUnixTimeSeconds());
        using var before = await host.GetAsync(token);
        await issuer.GoAwayAsync();
        clock.Advance(TimeSpan.FromHours(2));

        using var later = await host.GetAsync(token);
        clock.Advance(TimeSpan.FromDays(1));
        using var tooLate = await host.GetAsync(token);

        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.OK), (before.StatusCode, later.StatusCode));
        Assert.Equal("issuer_unavailable", await tooLate.CodeAsync(HttpStatusCode.ServiceUnavailable));
    }

    /// <summary>It takes connections and says nothing: all requests together wait once, and keys do not wait at all.</summary>
    [Fact]
    public async Task Issuer_ThatHangs_IsSaidToBeUnavailable()
    {
        using var silent = new TcpListener(IPAddress.Loopback, 0);
        silent.Start();
        var address = $"http://{silent.LocalEndpoint}";
        var clock = new ShiftedClock();
        await using var host = OneIssuer("Authority", address, address, clock);
        await using var signer = await TestIssuer.StartAsync(clock);
        var client = await host.AddAsync(AccessHost.All() with { Issuer = address, ExternalId = "polda" });
        var token = signer.Token("polda", c => c["iss"] = address);

        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => host.GetAsync(token))).WaitAsync(TimeSpan.FromSeconds(60));
        using var byKey = await host.GetAsync(client.ApiKey);

        foreach (var answer in answers)
        {
            Assert.Equal("issuer_unavailable", await answer.CodeAsync(HttpStatusCode.ServiceUnavailable));
            Assert.NotNull(answer.Headers.RetryAfter);
            answer.Dispose();
        }

        Assert.Equal(HttpStatusCode.OK, byKey.StatusCode);
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("{\"keys\":[]}")]
    [InlineData("{\"keys\":[{\"kty\":\"RSA\",\"kid\":\"first\",\"n\":\"%\",\"e\":\"AQAB\"}]}")]
    [InlineData("{\"keys\":[{\"kty\":\"oct\",\"kid\":\"first\",\"k\":\"c2VjcmV0\"}]}")]
    [InlineData("<html>Sign in</html>")]
    public async Task Issuer_ThatSendsNoKeys_IsSaidToBeUnavailable(string keys)
    {
        var clock = new ShiftedClock();
        await using var issuer = await TestIssuer.StartAsync(clock);
        issuer.KeysInstead = keys;
        await using var host = OneIssuer("Authority", issuer.Address, issuer.Address, clock);
        await host.AddAsync(AccessHost.All() with { Issuer = issuer.Address, ExternalId = "polda" });

        using var answer = await host.GetAsync(issuer.Token("polda"));

        Assert.Equal("issuer_unavailable", await answer.CodeAsync(HttpStatusCode.ServiceUnavailable));
    }

    [Fact]
    public async Task Issuer_ThatSaysItIsAnother_IsNotBelieved()
    {
        var clock = new ShiftedClock();
        await using var issuer = await TestIssuer.StartAsync(clock);
        await using var host = OneIssuer("Authority", issuer.Address, "https://issuer.example", clock);
        await host.AddAsync(AccessHost.All() with { Issuer = "https://issuer.example", ExternalId = "polda" });

        using var answer = await host.GetAsync(issuer.Token("polda", c => c["iss"] = "https://issuer.example"));

        Assert.Equal("issuer_unavailable", await answer.CodeAsync(HttpStatusCode.ServiceUnavailable));
    }

    [Fact]
    public async Task Issuer_WithAFileOfKeys_NeedsNoNetwork()
    {
        var clock = new ShiftedClock();
        await using var issuer = await TestIssuer.StartAsync(clock);
        var file = Path.GetTempFileName();
        try
        {
            await File.WriteAllTextAsync(file, issuer.Keys());
            await using var host = OneIssuer("SigningKeys", file, issuer.Address, clock);
            await host.AddAsync(AccessHost.All() with { Issuer = issuer.Address, ExternalId = "polda" });

            using var answer = await host.GetAsync(issuer.Token("polda"));

            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
            Assert.Equal(1, issuer.Fetches); // the test's own
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Fact]
    public async Task Start_IssuersConfiguredWrongly_SaysWhichAndWhat()
    {
        (string Setting, string Value)[] wrong =
        [
            ("Authority", "http://issuer.example"),
            ("JwksUri", "ftp://127.0.0.1/keys"),
            ("SigningKeys", "/nowhere/keys.json"),
            ("Audience", ""),
            ("ClockSkew", "00:01:01"),
        ];
        var settings = new Dictionary<string, string>();
        foreach (var (number, (setting, value)) in wrong.Index())
        {
            settings[$"Police__Issuers__{number}__Issuer"] = $"https://issuer{number}.example";
            settings[$"Police__Issuers__{number}__Audience"] = TestIssuer.Audience;
            settings[$"Police__Issuers__{number}__{(setting is "Audience" or "ClockSkew" ? "Authority" : setting)}"] = "https://issuer.example";
            settings[$"Police__Issuers__{number}__{setting}"] = value;
        }

        var directory = Directory.CreateTempSubdirectory("reportintake-issuers-");
        var (exit, _, error) = await ProgramProcess.RunAsync(directory.FullName, settings, "--urls http://127.0.0.1:0");
        directory.Delete(recursive: true);

        Assert.Equal(1, exit);
        Assert.All(wrong.Index(), w => Assert.Contains($"Police:Issuers:{w.Index}:{w.Item.Setting}", error, StringComparison.Ordinal));
    }

    private static AccessHost OneIssuer(string source, string from, string issuer, TimeProvider clock) => new(
        new Dictionary<string, string?>
        {
            ["Police:Issuers:0:Issuer"] = issuer,
            ["Police:Issuers:0:Audience"] = TestIssuer.Audience,
            [$"Police:Issuers:0:{source}"] = from,
        },
        clock);
}

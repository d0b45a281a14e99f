using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;
using ReportIntake.Testing;
using ReportIntake.Web.Tests.Police.HandOver;

namespace ReportIntake.Web.Tests.Intake.Proof;

/// <summary>What a reporter can show to anybody, checked with the script that checks packages.</summary>
public sealed class ProofOfFilingTests(ProofOfFilingTests.Host host) : IClassFixture<ProofOfFilingTests.Host>
{
    public sealed class Host : IntakeHost;

    [Fact]
    public async Task Proof_AsServed_Verifies()
    {
        using var folder = new Scratch();
        var (proof, key, reference) = await FileAsync(folder);

        var run = await VerifyScript.RunAsync(folder.Write("proof.json", proof), key);
        var alone = await VerifyScript.RunAsync(folder.Write("proof.json", proof));
        var pretty = await VerifyScript.RunAsync(folder.Write("pretty.json", JsonNode.Parse(proof)!.ToJsonString(new JsonSerializerOptions { WriteIndented = true })), key);

        Assert.True(run.Exit == 0 && run.LastLine.StartsWith($"OK: proof of filing of {reference}, submitted at 2", StringComparison.Ordinal), run.Output);
        Assert.True(alone.Exit == 0 && alone.Output.StartsWith("Note: no --key", StringComparison.Ordinal), alone.Output);
        Assert.Equal(0, pretty.Exit);
    }

    [Theory]
    [InlineData("statement", "RI-", "RX-", "statement or its signature was changed")]
    [InlineData("statement", "proof_of_filing", "proof_of_nothing", "statement or its signature was changed")]
    [InlineData("signature", "M", "N", "statement or its signature was changed")]
    [InlineData("signature", "=", "!", "base64")]
    [InlineData("keyId", null, "0", "keyId names another key")]
    [InlineData("algorithm", null, "none", "algorithm")]
    [InlineData("publicKey", null, "no key", "publicKey is not a public key")]
    public async Task Proof_MemberChanged_NamesIt(string member, string? from, string to, string told)
    {
        using var folder = new Scratch();
        var (proof, key, _) = await FileAsync(folder);
        var json = JsonNode.Parse(proof)!;
        var old = json[member]!.GetValue<string>();
        json[member] = from is null ? to : from == "=" ? "!" + old : old.Replace(from, to, StringComparison.Ordinal);

        var run = await VerifyScript.RunAsync(folder.Write("changed.json", json.ToJsonString()), key);

        Assert.Equal(1, run.Exit);
        Assert.Contains(told, run.LastLine, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Proof_OfAnotherService_IsNotThisOnes()
    {
        using var folder = new Scratch();
        var (proof, _, _) = await FileAsync(folder);
        using var other = ECDsa.Create(ECCurve.NamedCurves.nistP256);

        var run = await VerifyScript.RunAsync(folder.Write("proof.json", proof), folder.Write("other.pem", other.ExportSubjectPublicKeyInfoPem()));

        Assert.Equal(1, run.Exit);
        Assert.Contains("another key", run.LastLine, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("")]
    [InlineData("%PDF-1.7")]
    [InlineData("{\"statement\":\"x\\u0000y\"}")]
    public async Task Script_SomethingElse_SaysSo(string content)
    {
        using var folder = new Scratch();

        var run = await VerifyScript.RunAsync(folder.Write("something", content));

        Assert.Equal(1, run.Exit);
        Assert.StartsWith("WRONG: ", run.LastLine, StringComparison.Ordinal);
    }

    private async Task<(string Proof, string Key, string Reference)> FileAsync(Scratch folder)
    {
        using var citizen = host.Client();
        using var filed = await citizen.PostAsJsonAsync("/api/v1/reports", new { category = "online_enticement", description = "A pupil is written to." });
        Assert.Equal(HttpStatusCode.Created, filed.StatusCode);
        var receipt = await filed.Content.ReadFromJsonAsync<JsonElement>();
        citizen.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Receipt", receipt.GetProperty("receiptCode").GetString());
        return (
            await citizen.GetStringAsync("/api/v1/receipt/proof"),
            folder.Write("key.pem", await citizen.GetStringAsync("/api/v1/signing-key")),
            receipt.GetProperty("reference").GetString()!);
    }
}

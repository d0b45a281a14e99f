using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.TestHost;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using ReportIntake.Domain;
using ReportIntake.Testing;
using ReportIntake.Web.Features.Administration.Ledger;
using ReportIntake.Web.Security;

namespace ReportIntake.Web.Tests.Police.HandOver;

/// <summary>Another key signs from now on; what was signed before verifies as it did, with the key that its id names.</summary>
public sealed class SigningKeyTests : IAsyncDisposable
{
    private sealed class Host : PoliceHost
    {
        public ShiftedClock Clock { get; } = new();

        protected override void ConfigureWebHost(IWebHostBuilder builder)
        {
            base.ConfigureWebHost(builder);
            builder.ConfigureTestServices(services => services.AddSingleton<TimeProvider>(Clock));
        }
    }

    private readonly Host host = new();

    public ValueTask DisposeAsync() => host.DisposeAsync();

    [Fact]
    public async Task Renew_OnAnotherNode_SignsHereAfterAMinuteAndWhatWasSignedStillVerifies()
    {
        using var folder = new Scratch();
        using var police = await host.PoliceAsync("18.01");
        var report = await host.VerifiedAsync("18.01");
        await host.EvidenceAsync(report.Id, RandomNumberGenerator.GetBytes(1000));
        var (citizen, first) = await FiledAsync();
        using var citizenOfBoth = citizen;
        using var packageBefore = await PackageFolder.DownloadAsync(host, police.Http, report.Id);
        var headBefore = await SignHeadAsync();

        var renewed = await RenewElsewhereAsync();
        var meanwhile = KeyIdOf(await citizen.GetStringAsync("/api/v1/receipt/proof"));
        host.Clock.Advance(SigningKeys.LookAgain);
        var second = await citizen.GetStringAsync("/api/v1/receipt/proof");
        using var packageAfter = await PackageFolder.DownloadAsync(host, police.Http, report.Id);
        var headAfter = await SignHeadAsync();

        Assert.NotEqual(KeyIdOf(first), renewed.KeyId);
        Assert.Equal(KeyIdOf(first), meanwhile);
        Assert.Equal((renewed.KeyId, renewed.KeyId), (KeyIdOf(second), headAfter.KeyId));
        Assert.Equal(renewed.PublicKeyPem, await KeyAsync(null));
        var (key1, key2) = (folder.Write("1.pem", await KeyAsync(KeyIdOf(first))), folder.Write("2.pem", await KeyAsync(KeyIdOf(second))));
        await VerifiesAsync(folder.Write("first.json", first), key1);
        await VerifiesAsync(folder.Write("second.json", second), key2);
        await VerifiesAsync(folder.Write("head1.json", JsonSerializer.Serialize(headBefore, JsonSerializerOptions.Web)), key1);
        await VerifiesAsync(folder.Write("head2.json", JsonSerializer.Serialize(headAfter, JsonSerializerOptions.Web)), key2);
        Assert.Equal(0, (await packageBefore.VerifyAsync(key: key1)).Exit);
        Assert.Equal(0, (await packageAfter.VerifyAsync(key: key2)).Exit);
        Assert.Equal(1, (await packageBefore.VerifyAsync(key: key2)).Exit);
    }

    [Fact]
    public async Task Package_NodeDoesNotKnowTheNewKeyYet_VerifiesAsAWhole()
    {
        var earlier = await host.Services.GetRequiredService<SigningKeys>().CurrentAsync(CancellationToken.None);
        using var police = await host.PoliceAsync("18.02");
        var report = await host.VerifiedAsync("18.02");
        await RenewElsewhereAsync();

        using var package = await PackageFolder.DownloadAsync(host, police.Http, report.Id);

        var run = await package.VerifyAsync();
        Assert.Equal(earlier.PublicKeyPem.Trim(), package.Text("public-key.pem").Trim());
        Assert.True(run.Exit == 0, run.Output);
    }

    [Fact]
    public async Task Renew_Twice_LedgerVerifiesAndNamesBoth()
    {
        await SignHeadAsync();
        var second = await RenewElsewhereAsync();
        var third = await RenewElsewhereAsync();
        host.Clock.Advance(SigningKeys.LookAgain);
        await host.VerifiedAsync("18.03");
        await SignHeadAsync();

        await using var scope = host.Services.CreateAsyncScope();
        var verdict = await scope.ServiceProvider.GetRequiredService<VerifyLedger>().VerifyAsync([], CancellationToken.None);
        var made = await host.WithDatabaseAsync(d => d.Ledger.Where(e => e.Action == "signing_key_made").Select(e => e.Details).ToListAsync());

        Assert.Null(verdict.FirstFlaw);
        Assert.Equal(2, made.Count);
        Assert.All(new[] { second, third }, key => Assert.Contains(made, details => details.Contains(key.KeyId, StringComparison.Ordinal)));
    }

    private static string KeyIdOf(string proof) => JsonDocument.Parse(proof).RootElement.GetProperty("keyId").GetString()!;

    private static async Task VerifiesAsync(string file, string key)
    {
        var run = await VerifyScript.RunAsync(file, key);
        Assert.True(run.Exit == 0, $"{file} with {key}: {run.Output}");
    }

    /// <summary>As the verb does it, or another node.</summary>
    private async Task<SigningKey> RenewElsewhereAsync()
    {
        using var elsewhere = new SigningKeys(host.Services.GetRequiredService<IServiceScopeFactory>(), host.Services.GetRequiredService<IDataProtectionProvider>(), host.Clock);
        return await elsewhere.RenewAsync(Actor.System, CancellationToken.None);
    }

    private async Task<(HttpClient Citizen, string Proof)> FiledAsync()
    {
        var citizen = host.Client();
        using var filed = await citizen.PostAsJsonAsync("/api/v1/reports", new { category = "online_enticement", description = "A pupil is written to." });
        Assert.Equal(HttpStatusCode.Created, filed.StatusCode);
        var receipt = await filed.Content.ReadFromJsonAsync<JsonElement>();
        citizen.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Receipt", receipt.GetProperty("receiptCode").GetString());
        return (citizen, await citizen.GetStringAsync("/api/v1/receipt/proof"));
    }

    private async Task<string> KeyAsync(string? keyId)
    {
        using var anybody = host.Client();
        return await anybody.GetStringAsync("/api/v1/signing-key" + (keyId is null ? "" : "?keyId=" + keyId));
    }

    private async Task<SignedHead> SignHeadAsync()
    {
        using var admin = await host.StaffClientAsync(StaffRoles.Admin);
        using var signed = await admin.PostAsync("/api/v1/admin/ledger/tree-heads", null);
        return (await signed.Content.ReadFromJsonAsync<SignedHead>())!;
    }
}

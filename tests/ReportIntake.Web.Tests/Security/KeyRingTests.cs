using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Data.Sqlite;
using ReportIntake.Testing;

namespace ReportIntake.Web.Tests.Security;

public sealed class KeyRingTests : IDisposable
{
    private const string Password = "kata-sandi-berkas";

    private readonly string directory = Directory.CreateTempSubdirectory("reportintake-keys-").FullName;
    private readonly string outside = Directory.CreateTempSubdirectory("reportintake-certificate-").FullName;

    public void Dispose()
    {
        SqliteConnection.ClearAllPools();
        Directory.Delete(directory, recursive: true);
        Directory.Delete(outside, recursive: true);
    }

    [Fact]
    public async Task Keys_WithCertificate_AreEncryptedAndOpenAgain()
    {
        var settings = Certificate();

        Assert.Equal(0, (await ProgramProcess.RunAsync(directory, settings, "migrate")).Exit);
        for (var start = 0; start < 2; start++)
        {
            await using var program = await ProgramProcess.StartAsync(directory, settings);
            using var client = new HttpClient { BaseAddress = program.Address };
            using var filed = await client.PostAsync("/api/v1/reports", System.Net.Http.Json.JsonContent.Create(new { category = "online_fraud", description = "text" }));
            Assert.True(filed.IsSuccessStatusCode, $"{filed.StatusCode}");
        }

        var keys = Directory.GetFiles(Path.Combine(directory, "keys"));
        Assert.All(keys, file => Assert.DoesNotContain("<masterKey", File.ReadAllText(file), StringComparison.Ordinal));
        Assert.All(keys, file => Assert.Contains("EncryptedData", File.ReadAllText(file), StringComparison.Ordinal));
        Assert.Single(keys);
    }

    [Fact]
    public async Task Start_WrongPasswordOfCertificate_IsRefusedWithoutMakingKeys()
    {
        var settings = Certificate();
        await File.WriteAllTextAsync(settings["KeyRing__CertificatePasswordFile"], "another");

        var refusal = await Assert.ThrowsAsync<InvalidOperationException>(() => ProgramProcess.StartAsync(directory, settings));

        Assert.Contains("KeyRing:Certificate cannot be opened", refusal.Message, StringComparison.Ordinal);
        Assert.False(Directory.Exists(Path.Combine(directory, "keys")));
    }

    private Dictionary<string, string> Certificate()
    {
        using var key = RSA.Create(2048);
        var now = TimeProvider.System.GetUtcNow();
        using var certificate = new CertificateRequest("CN=ReportIntake key ring", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1)
            .CreateSelfSigned(now.AddYears(-2), now.AddYears(-1)); // expired: what it encrypted must open all the same
        var settings = new Dictionary<string, string>
        {
            ["Database__Provider"] = "Sqlite",
            ["KeyRing__Certificate"] = Path.Combine(outside, "ring.pfx"),
            ["KeyRing__CertificatePasswordFile"] = Path.Combine(outside, "password"),
        };
        File.WriteAllBytes(settings["KeyRing__Certificate"], certificate.Export(X509ContentType.Pkcs12, Password));
        File.WriteAllText(settings["KeyRing__CertificatePasswordFile"], Password + "\n");
        return settings;
    }
}

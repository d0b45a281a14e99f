using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Data.Sqlite;
using ReportIntake.Testing;

namespace ReportIntake.Web.Tests.Security;

public sealed class KeyRingTests : IDisposable
{
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
            using var filed = await client.PostAsync("/api/v1/reports", JsonContent.Create(new { category = "online_fraud", description = "text" }));
            Assert.True(filed.IsSuccessStatusCode, $"{filed.StatusCode}");
        }

        var keys = Directory.GetFiles(Path.Combine(directory, "keys"));
        Assert.All(keys, file => Assert.DoesNotContain("<masterKey", File.ReadAllText(file), StringComparison.Ordinal));
        Assert.All(keys, file => Assert.Contains("EncryptedData", File.ReadAllText(file), StringComparison.Ordinal));
        Assert.Single(keys);
    }

    [Fact]
    public async Task Database_TwoNodesWithNothingElseInCommon_ReadEachOther()
    {
        var settings = Certificate();
        settings["KeyRing__Store"] = "Database";
        settings["ConnectionStrings__ReportIntake"] = $"Data Source={Path.Combine(directory, "shared.db")}";
        var places = new[] { "a", "b" }.Select(name => Directory.CreateDirectory(Path.Combine(directory, name)).FullName).ToList();
        Assert.Equal(0, (await ProgramProcess.RunAsync(places[0], settings, "migrate")).Exit);

        // At the same time: each may make a key, and must open what the other's sealed.
        var nodes = await Task.WhenAll(places.Select(place => ProgramProcess.StartAsync(place, settings)));
        try
        {
            using var first = new HttpClient { BaseAddress = nodes[0].Address };
            using var second = new HttpClient { BaseAddress = nodes[1].Address };
            using var filed = await first.PostAsync("/api/v1/reports", JsonContent.Create(new { category = "online_fraud", description = "text" }));
            var code = (await filed.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("receiptCode").GetString();

            using var answer = new HttpRequestMessage(HttpMethod.Post, "/api/v1/receipt/messages") { Content = JsonContent.Create(new { text = "dari simpul kedua" }) };
            using var look = new HttpRequestMessage(HttpMethod.Get, "/api/v1/receipt");
            answer.Headers.Authorization = look.Headers.Authorization = new AuthenticationHeaderValue("Receipt", code);
            using var answered = await second.SendAsync(answer);
            using var looked = await first.SendAsync(look);

            Assert.True(answered.IsSuccessStatusCode, $"{answered.StatusCode} {await answered.Content.ReadAsStringAsync()}");
            Assert.Contains("dari simpul kedua", await looked.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        }
        finally
        {
            await nodes[0].DisposeAsync();
            await nodes[1].DisposeAsync();
        }

        Assert.All(places, place => Assert.False(Directory.Exists(Path.Combine(place, "keys"))));
        var keys = await StoredData.KeysAsync(Path.Combine(directory, "shared.db"));
        Assert.NotEmpty(keys);
        Assert.All(keys, xml => Assert.DoesNotContain("<masterKey", xml, StringComparison.Ordinal));
        Assert.All(keys, xml => Assert.Contains("EncryptedData", xml, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Start_DatabaseWithoutCertificate_IsRefused()
    {
        var (exit, _, error) = await ProgramProcess.RunAsync(directory, new Dictionary<string, string> { ["KeyRing__Store"] = "Database" }, "migrate");

        Assert.Equal((1, true), (exit, error.StartsWith("KeyRing:Store is Database, but KeyRing:Certificate is not set", StringComparison.Ordinal)));
        Assert.Empty(Directory.GetFileSystemEntries(directory));
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

    private Dictionary<string, string> Certificate() => RingCertificate.Make(outside, "ring");
}

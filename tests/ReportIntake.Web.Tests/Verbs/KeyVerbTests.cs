using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Data.Sqlite;
using ReportIntake.Testing;
using ReportIntake.Web.Tests.Security;

namespace ReportIntake.Web.Tests.Verbs;

/// <summary>Keys that move, and certificates that are exchanged: real processes, and a report that is read again after each step.</summary>
public sealed class KeyVerbTests : IDisposable
{
    private const string Words = "kata-kata pelapor";
    private static readonly Dictionary<string, string> Plain = new() { ["Database__Provider"] = "Sqlite" };

    private readonly string scratch = Directory.CreateTempSubdirectory("reportintake-key-verbs-").FullName;
    private readonly string directory;

    public KeyVerbTests() => directory = Directory.CreateDirectory(Path.Combine(scratch, "data")).FullName;

    private string Keys => Path.Combine(directory, "keys");

    public void Dispose()
    {
        SqliteConnection.ClearAllPools();
        Directory.Delete(scratch, recursive: true);
    }

    [Fact]
    public async Task Import_KeysInTheClear_AreEncryptedInTheDatabaseAndOpenWhatTheySealed()
    {
        var receipt = await FiledAsync(Plain);
        var settings = RingCertificate.Make(scratch, "a").InDatabase();
        var away = Path.Combine(scratch, "away");
        Directory.Move(Keys, away);

        var first = await RunAsync(settings, $"keys import {away}");
        var again = await RunAsync(settings, $"keys import {away}");

        Assert.Equal("{\"keys\":1,\"added\":1}", first);
        Assert.Equal("{\"keys\":1,\"added\":0}", again);
        var xml = Assert.Single(await RowsAsync());
        Assert.DoesNotContain("<masterKey", xml, StringComparison.Ordinal);
        Assert.DoesNotContain("unencrypted", xml, StringComparison.Ordinal);
        Assert.Contains("EncryptedData", xml, StringComparison.Ordinal);
        Assert.Contains(Words, await ReadAsync(settings, receipt), StringComparison.Ordinal);
        Assert.False(Directory.Exists(Keys));
        Assert.Single(await RowsAsync()); // no other key was needed
    }

    [Fact]
    public async Task Import_KeysOfAnother_SaysSo()
    {
        await FiledAsync(Plain);
        var other = Directory.CreateDirectory(Path.Combine(scratch, "other")).FullName;
        Assert.Equal(0, (await ProgramProcess.RunAsync(other, Plain, "migrate")).Exit);
        await using (await ProgramProcess.StartAsync(other, Plain))
        {
        }

        var (exit, output, error) = await ProgramProcess.RunAsync(directory, RingCertificate.Make(scratch, "a").InDatabase(), $"keys import {Path.Combine(other, "keys")}");

        Assert.Equal((1, ""), (exit, output));
        Assert.Contains("do not open it", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Import_NothingToImportOrNowhere_Refused()
    {
        await FiledAsync(Plain);
        var certificate = RingCertificate.Make(scratch, "a");
        var empty = Directory.CreateDirectory(Path.Combine(scratch, "empty")).FullName;

        Assert.StartsWith("KeyRing:Store is not Database", await RefusedAsync(certificate, $"keys import {Keys}"), StringComparison.Ordinal);
        Assert.StartsWith("KeyRing:Store is Database, but KeyRing:Certificate is not set", await RefusedAsync(Plain.InDatabase(), $"keys import {Keys}"), StringComparison.Ordinal);
        Assert.StartsWith("There are no keys in", await RefusedAsync(certificate.InDatabase(), $"keys import {empty}"), StringComparison.Ordinal);
        await File.WriteAllTextAsync(Path.Combine(empty, "key-1.xml"), "<key");
        Assert.Contains("is damaged", await RefusedAsync(certificate.InDatabase(), $"keys import {empty}"), StringComparison.Ordinal);
        Assert.Empty(await RowsAsync());
    }

    [Fact]
    public async Task Protect_KeysMadeBeforeThereWasACertificate_AreEncrypted()
    {
        var receipt = await FiledAsync(Plain);
        var settings = RingCertificate.Make(scratch, "a");

        Assert.StartsWith("KeyRing:Certificate is not set", await RefusedAsync(Plain, "keys protect"), StringComparison.Ordinal);
        Assert.Equal("{\"keys\":1,\"protected\":1}", await RunAsync(settings, "keys protect"));
        Assert.Equal("{\"keys\":1,\"protected\":0}", await RunAsync(settings, "keys protect"));

        var file = Assert.Single(Directory.GetFiles(Keys));
        Assert.DoesNotContain("<masterKey", await File.ReadAllTextAsync(file), StringComparison.Ordinal);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
        Assert.Contains(Words, await ReadAsync(settings, receipt), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Directory")]
    [InlineData("Database")]
    public async Task Certificate_Exchanged_EverythingStaysReadable(string store)
    {
        var before = RingCertificate.Make(scratch, "a").With(("KeyRing__Store", store));
        var after = RingCertificate.Make(scratch, "b").With(("KeyRing__Store", store));
        var receipt = await FiledAsync(before);

        // The earlier one forgotten: nothing is served, and no key is made that would hide it.
        Assert.Contains("PreviousCertificates", (await Assert.ThrowsAsync<InvalidOperationException>(() => ProgramProcess.StartAsync(directory, after))).Message, StringComparison.Ordinal);
        Assert.Contains(Words, await ReadAsync(after.After(before), receipt), StringComparison.Ordinal);
        Assert.Equal("{\"keys\":1,\"protected\":1}", await RunAsync(after.After(before), "keys protect"));

        Assert.Contains(Words, await ReadAsync(after, receipt), StringComparison.Ordinal);
        Assert.Contains("PreviousCertificates", await RefusedAsync(before, "keys new-signing-key"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Backup_KeyRingInTheDatabase_RestoresWithTheCertificateAlone()
    {
        var settings = RingCertificate.Make(scratch, "a").InDatabase();
        var receipt = await FiledAsync(settings);
        var folder = Path.Combine(scratch, "backup");
        var place = Directory.CreateDirectory(Path.Combine(scratch, "place")).FullName;
        var other = Directory.CreateDirectory(Path.Combine(scratch, "other")).FullName;

        var taken = await ProgramProcess.RunAsync(directory, settings, $"backup {folder}");
        var elsewhere = await ProgramProcess.RunAsync(place, RingCertificate.Make(scratch, "b"), $"restore {folder}");
        var closed = await ProgramProcess.RunAsync(place, RingCertificate.Make(scratch, "c").InDatabase(), $"restore {folder}");
        var restored = await ProgramProcess.RunAsync(other, settings, $"restore {folder} --evidence");
        var verified = await ProgramProcess.RunAsync(place, settings, "ledger verify --evidence");

        Assert.Equal(0, taken.Exit);
        Assert.True(JsonSerializer.Deserialize<JsonElement>(taken.Out).GetProperty("keys").GetBoolean());
        Assert.DoesNotContain("holds no keys", taken.Error, StringComparison.Ordinal);
        Assert.Contains("encrypted to KeyRing:Certificate", taken.Error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(Path.Combine(folder, "keys")));
        Assert.Equal((1, true), (elsewhere.Exit, elsewhere.Error.Contains("KeyRing:Store=Database", StringComparison.Ordinal)));
        Assert.Equal(1, closed.Exit);
        Assert.Contains("All files are in place", closed.Error, StringComparison.Ordinal);
        Assert.Equal((0, ""), (restored.Exit, restored.Error));
        Assert.Equal((0, ""), (verified.Exit, verified.Error));
        Assert.Contains(Words, await ReadAsync(settings, receipt, place), StringComparison.Ordinal);
    }

    /// <summary>Migrates, serves, files a report and writes to it. Gives its receipt code.</summary>
    private async Task<string> FiledAsync(IReadOnlyDictionary<string, string> settings)
    {
        Assert.Equal(0, (await ProgramProcess.RunAsync(directory, settings, "migrate")).Exit);
        await using var program = await ProgramProcess.StartAsync(directory, settings);
        using var client = new HttpClient { BaseAddress = program.Address };
        using var filed = await client.PostAsync("/api/v1/reports", JsonContent.Create(new { category = "online_fraud", description = "text" }));
        var code = (await filed.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("receiptCode").GetString()!;
        using var message = new HttpRequestMessage(HttpMethod.Post, "/api/v1/receipt/messages") { Content = JsonContent.Create(new { text = Words }) };
        message.Headers.Authorization = new AuthenticationHeaderValue("Receipt", code);
        using var written = await client.SendAsync(message);
        Assert.True(written.IsSuccessStatusCode, $"{written.StatusCode}");
        return code;
    }

    /// <summary>What a program with these settings answers to the receipt code.</summary>
    private async Task<string> ReadAsync(IReadOnlyDictionary<string, string> settings, string receipt, string? place = null)
    {
        await using var program = await ProgramProcess.StartAsync(place ?? directory, settings);
        using var client = new HttpClient { BaseAddress = program.Address };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Receipt", receipt);
        return await client.GetStringAsync("/api/v1/receipt");
    }

    private async Task<string> RunAsync(IReadOnlyDictionary<string, string> settings, string verb)
    {
        var (exit, output, error) = await ProgramProcess.RunAsync(directory, settings, verb);
        Assert.Equal((0, ""), (exit, error));
        return output.Trim();
    }

    private async Task<string> RefusedAsync(IReadOnlyDictionary<string, string> settings, string verb)
    {
        var (exit, output, error) = await ProgramProcess.RunAsync(directory, settings, verb);
        Assert.Equal((1, ""), (exit, output));
        return error;
    }

    private Task<List<string>> RowsAsync() => StoredData.KeysAsync(Path.Combine(directory, "reportintake.db"));
}

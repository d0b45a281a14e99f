using System.Collections.Concurrent;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using ReportIntake.Testing;

namespace ReportIntake.Web.Tests.Resilience;

/// <summary><c>kill -9</c> while citizens are sending, again and again: what was answered is there, and nothing twice.</summary>
public sealed class KillTests : IDisposable
{
    private const int Rounds = 4, Submitters = 4, MostPerSubmitter = 2;

    private static readonly Dictionary<string, string> Settings = new()
    {
        ["Database__Provider"] = "Sqlite",
        ["Database__MigrateAtStart"] = "true",
        ["Jobs__Lease"] = "00:00:03", // a killed program's jobs are run again soon
        ["Staff__RequireTwoFactor"] = "false",
        ["RateLimits__Submit__Burst"] = "100000",
        ["RateLimits__Uploads__Burst"] = "100000",
        ["RateLimits__Receipt__Burst"] = "100000",
    };

    private readonly string directory = Directory.CreateTempSubdirectory("reportintake-kill-").FullName;

    public void Dispose()
    {
        SqliteConnection.ClearAllPools();
        Directory.Delete(directory, recursive: true);
    }

    [Fact]
    public async Task Kill_AtAnyMoment_WhatWasAnsweredIsThereOnceAndWhole()
    {
        var all = new ConcurrentBag<Sending>();
        var jpeg = await Media.JpegAsync(64, 64);
        for (var round = 0; round < Rounds; round++)
        {
            await using var program = await ProgramProcess.StartAsync(directory, Settings);
            using var stop = new CancellationTokenSource();
            var sending = Task.WhenAll(Enumerable.Range(0, Submitters).Select(_ => new Submitter(jpeg, all).RunAsync(program.Address, MostPerSubmitter, stop.Token)));
            await Task.Delay(RandomNumberGenerator.GetInt32(20, 1500));
            await program.KillAsync();
            await stop.CancelAsync();
            await sending;
        }

        await using var restarted = await ProgramProcess.StartAsync(directory, Settings);
        using var client = Submitter.Client(restarted.Address);
        var answered = all.Where(s => s.ReceiptCode is not null).ToList();
        await AllThereAsync(client, answered);
        Assert.Subset(all.Select(s => s.Key).ToHashSet(), (await DescriptionsAsync()).ToHashSet()); // nothing that nobody sent

        // Whoever was not answered asks once more, with the same key: each gets one report, whatever had happened.
        foreach (var unanswered in all.Except(answered))
        {
            await Submitter.SendAsync(client, unanswered);
        }

        await AllThereAsync(client, all);
        Assert.Equal(all.Select(s => s.Key).Order(), (await DescriptionsAsync()).Order());
        Assert.Equal("ok", await QueryAsync("PRAGMA integrity_check"));
        await JobsAreDoneAsync();
        await OriginalsAreReadableAsync(client, all);
        var verified = await ProgramProcess.RunAsync(directory, Settings, "ledger verify");
        Assert.Equal((0, ""), (verified.Exit, verified.Error));
    }

    private static async Task AllThereAsync(HttpClient client, IEnumerable<Sending> sent)
    {
        foreach (var one in sent)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, "/api/v1/receipt");
            request.Headers.Authorization = new AuthenticationHeaderValue("Receipt", one.ReceiptCode);
            using var answer = await client.SendAsync(request);
            Assert.True(answer.IsSuccessStatusCode, $"A report that was answered is gone: {answer.StatusCode}");
            var evidence = (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("evidence");
            Assert.Equal(one.Sha256, Assert.Single(evidence.EnumerateArray()).GetProperty("sha256").GetString());
        }
    }

    /// <summary>Each original, byte for byte, through the one door that opens them: a custodian with a purpose.</summary>
    private async Task OriginalsAreReadableAsync(HttpClient client, IEnumerable<Sending> sent)
    {
        var added = await ProgramProcess.RunAsync(
            directory, Settings, "staff add --email custodian@staff.example --role evidence_custodian --password-stdin", StaffAccounts.Password);
        Assert.Equal(0, added.Exit);
        using var login = await client.PostAsJsonAsync("/api/v1/staff/login", new { email = "custodian@staff.example", password = StaffAccounts.Password });
        var token = (await login.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("accessToken").GetString();
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        var photos = sent.ToDictionary(s => s.Sha256, s => s.Photo);
        var items = await RowsAsync("SELECT ReportId, Id FROM Evidence WHERE ReportId IS NOT NULL");
        Assert.Equal(photos.Count, items.Count);
        foreach (var (report, item) in items)
        {
            var bytes = await client.GetByteArrayAsync($"/api/v1/moderation/reports/{report}/evidence/{item}/original?purpose=test");
            Assert.Equal(photos[Convert.ToHexStringLower(SHA256.HashData(bytes))], bytes);
        }
    }

    /// <summary>Jobs that died with the program are run again when their leases have run out.</summary>
    private async Task JobsAreDoneAsync()
    {
        const string Left = "SELECT count(*) FROM Jobs WHERE Type = 'ScreenEvidence'";
        for (var attempt = 0; attempt < 300 && await QueryAsync(Left) != "0"; attempt++)
        {
            await Task.Delay(100);
        }

        Assert.Equal("0", await QueryAsync(Left));
        Assert.Equal("0", await QueryAsync("SELECT count(*) FROM Jobs WHERE Dead"));
        Assert.Equal("0", await QueryAsync("SELECT count(*) FROM Evidence WHERE ReportId IS NOT NULL AND State NOT IN ('available', 'quarantined')"));
    }

    private Task<List<string>> DescriptionsAsync() =>
        StoredData.ReadAsync(directory, d => d.Reports.Select(r => r.Description!).ToListAsync());

    private async Task<string?> QueryAsync(string sql)
    {
        await using var connection = new SqliteConnection($"Data Source={Path.Combine(directory, "reportintake.db")};Default Timeout=10");
        await connection.OpenAsync();
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        return Convert.ToString(await command.ExecuteScalarAsync(), System.Globalization.CultureInfo.InvariantCulture);
    }

    private async Task<List<(string First, string Second)>> RowsAsync(string sql)
    {
        await using var connection = new SqliteConnection($"Data Source={Path.Combine(directory, "reportintake.db")};Default Timeout=10");
        await connection.OpenAsync();
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        await using var reader = await command.ExecuteReaderAsync();
        var rows = new List<(string, string)>();
        while (await reader.ReadAsync())
        {
            rows.Add((reader.GetString(0), reader.GetString(1)));
        }

        return rows;
    }
}

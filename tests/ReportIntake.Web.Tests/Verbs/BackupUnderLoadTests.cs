using System.Collections.Concurrent;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Data.Sqlite;
using ReportIntake.Testing;
using ReportIntake.Web.Tests.Resilience;

namespace ReportIntake.Web.Tests.Verbs;

/// <summary>Real processes: one serves and is sent to without a pause, another copies its data, a third serves the copy.</summary>
public sealed class BackupUnderLoadTests : IDisposable
{
    private const int Submitters = 2, AnsweredBefore = 3;

    private static readonly Dictionary<string, string> Settings = new()
    {
        ["Database__Provider"] = "Sqlite",
        ["Database__MigrateAtStart"] = "true",
        ["Staff__RequireTwoFactor"] = "false",
        ["RateLimits__Submit__Burst"] = "100000",
        ["RateLimits__Uploads__Burst"] = "100000",
        ["RateLimits__Receipt__Burst"] = "100000",
    };

    private readonly string scratch = Directory.CreateTempSubdirectory("reportintake-backup-").FullName;

    public void Dispose()
    {
        SqliteConnection.ClearAllPools();
        Directory.Delete(scratch, recursive: true);
    }

    [Fact]
    public async Task Backup_WhileCitizensSend_RestoresEveryReportAnsweredBefore()
    {
        var (served, folder, place) = (Directory.CreateDirectory(Path.Combine(scratch, "served")).FullName, Path.Combine(scratch, "backup"), Directory.CreateDirectory(Path.Combine(scratch, "place")).FullName);
        var all = new ConcurrentBag<Sending>();
        List<Sending> before;
        await using (var program = await ProgramProcess.StartAsync(served, Settings))
        {
            using var stop = new CancellationTokenSource();
            var jpeg = await Media.JpegAsync(64, 64);
            var sending = Task.WhenAll(Enumerable.Range(0, Submitters).Select(_ => new Submitter(jpeg, all).RunAsync(program.Address, int.MaxValue, stop.Token)));
            await AnsweredAsync(all, AnsweredBefore);
            before = [.. all.Where(s => s.ReceiptCode is not null)];
            var taken = await ProgramProcess.RunAsync(served, Settings, $"backup {folder} --with-keys");
            await AnsweredAsync(all, before.Count + 1); // the service went on
            await stop.CancelAsync();
            await sending;

            Assert.Equal((0, ""), (taken.Exit, taken.Error));
            Assert.True(JsonSerializer.Deserialize<JsonElement>(taken.Out).GetProperty("keys").GetBoolean());
        }

        var restored = await ProgramProcess.RunAsync(place, Settings, $"restore {folder} --evidence");

        Assert.Equal((0, ""), (restored.Exit, restored.Error));
        await using var again = await ProgramProcess.StartAsync(place, Settings);
        using var client = Submitter.Client(again.Address);
        foreach (var one in before)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, "/api/v1/receipt");
            request.Headers.Authorization = new AuthenticationHeaderValue("Receipt", one.ReceiptCode);
            using var answer = await client.SendAsync(request);
            Assert.True(answer.IsSuccessStatusCode, $"A report that was answered before the backup is gone: {answer.StatusCode}");
            var evidence = (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("evidence");
            Assert.Equal(one.Sha256, Assert.Single(evidence.EnumerateArray()).GetProperty("sha256").GetString());
        }

        await Submitter.SendAsync(client, new Sending("after", await Media.JpegAsync(32, 32))); // and it takes new ones
    }

    private static async Task AnsweredAsync(ConcurrentBag<Sending> all, int count)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        while (all.Count(s => s.ReceiptCode is not null) < count)
        {
            await Task.Delay(20, patience.Token);
        }
    }
}

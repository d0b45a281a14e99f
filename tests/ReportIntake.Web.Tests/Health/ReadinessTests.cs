using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Data.Sqlite;
using ReportIntake.Testing;
using ReportIntake.Web.Jobs;
using ReportIntake.Web.Persistence.Outbox;

namespace ReportIntake.Web.Tests.Health;

public sealed class ReadinessTests
{
    [Fact]
    public async Task Ready_AllWell_IsReadyWithoutReasons()
    {
        await using var host = new Host();

        var (status, body) = await WhenAsync(host, b => Reasons(b).Count == 0);

        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Equal("ready", body.GetProperty("status").GetString());
    }

    [Fact]
    public async Task Ready_DatabaseGone_SaysSoAndOthersStay()
    {
        await using var host = new Host(("Database:Provider", "Sqlite"));
        await WhenAsync(host, b => Reasons(b).Count == 0);
        SqliteConnection.ClearAllPools();
        foreach (var file in Directory.GetFiles(host.DataDirectory, "reportintake.db*"))
        {
            File.Move(file, file + ".away");
        }

        var (status, body) = await ReadAsync(host);

        Assert.Equal(HttpStatusCode.ServiceUnavailable, status);
        Assert.Equal("not_ready", body.GetProperty("status").GetString());
        Assert.Contains("database", Reasons(body).Keys);
        Assert.DoesNotContain("evidence_store", Reasons(body).Keys);
        using var client = host.Client();
        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync("/health/live")).StatusCode);
    }

    [Fact]
    public async Task Ready_TooLittleRoom_IsNotReady()
    {
        await using var host = new Host(("Health:MinFreeBytes", long.MaxValue.ToString(System.Globalization.CultureInfo.InvariantCulture)));

        var (status, body) = await ReadAsync(host);

        Assert.Equal(HttpStatusCode.ServiceUnavailable, status);
        Assert.Contains("bytes free", Reasons(body)["evidence_store"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Ready_NoSandbox_IsNotReadyAndNamesThePackage()
    {
        await using var host = new Host(("Evidence:Screening:Bubblewrap", "/nonexistent/bwrap"));

        var (status, body) = await WhenAsync(host, b => Reasons(b).GetValueOrDefault("screening")?.Contains("bubblewrap", StringComparison.Ordinal) is true);

        Assert.Equal(HttpStatusCode.ServiceUnavailable, status);
        Assert.Equal(["screening"], Reasons(body).Keys);
    }

    [Fact]
    public async Task Ready_DeadJob_IsDegradedAndStillServes()
    {
        await using var host = new Host();
        await WhenAsync(host, b => Reasons(b).Count == 0);
        await host.WithDatabaseAsync(async database =>
        {
            var job = OutboxJob.ForRecurring(nameof(LapseClaims), TimeProvider.System.GetUtcNow());
            job.Dead = true;
            database.Jobs.Add(job);
            return await database.SaveChangesAsync();
        });

        var (status, body) = await ReadAsync(host);

        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Equal("degraded", body.GetProperty("status").GetString());
        Assert.Equal("1 jobs failed too often and are dead.", Reasons(body)["jobs"]);
    }

    private static Dictionary<string, string> Reasons(JsonElement body) => body.GetProperty("reasons").EnumerateArray()
        .ToDictionary(r => r.GetProperty("check").GetString()!, r => r.GetProperty("text").GetString()!);

    private static async Task<(HttpStatusCode Status, JsonElement Body)> ReadAsync(Host host)
    {
        using var client = host.Client();
        using var answer = await client.GetAsync("/health/ready");
        return (answer.StatusCode, await answer.Content.ReadFromJsonAsync<JsonElement>());
    }

    /// <summary>The sandbox is tried after the start.</summary>
    private static async Task<(HttpStatusCode Status, JsonElement Body)> WhenAsync(Host host, Func<JsonElement, bool> reached)
    {
        for (var attempt = 0; ; attempt++)
        {
            var read = await ReadAsync(host);
            if (reached(read.Body) || attempt == 300)
            {
                Assert.True(reached(read.Body), read.Body.GetRawText());
                return read;
            }

            await Task.Delay(100);
        }
    }

    private sealed class Host(params (string Name, string? Value)[] settings) : IntakeHost
    {
        // Room for whatever disk the tests run on.
        protected override IReadOnlyDictionary<string, string?> Settings { get; } =
            new Dictionary<string, string?>(settings.Select(s => KeyValuePair.Create(s.Name, s.Value)).Prepend(new("Health:MinFreeBytes", "0")).GroupBy(s => s.Key).Select(g => g.Last()));
    }
}

using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using ReportIntake.Domain;
using ReportIntake.Domain.Reports;
using ReportIntake.Domain.Triage;
using ReportIntake.Testing;
using ReportIntake.Web.Persistence;
using ReportIntake.Web.Persistence.Sealing;
using ReportIntake.Web.Persistence.Sqlite;
using ReportIntake.Web.Tests.Police.Webhooks;

namespace ReportIntake.Web.Tests.Resilience;

/// <summary>
/// Sixteen writers that wait between reading the clock and committing, three followers of the feed and one receiver of
/// webhooks, and a service that is killed again and again: everybody gets all that was committed.
/// </summary>
public sealed class FeedKillTests : IDisposable
{
    private const int Writers = 16, Followers = 3, Kills = 4;
    private static readonly MicrosecondClock Clock = new();
    private static readonly Actor Moderator = Actor.Moderator(Guid.NewGuid());

    private static readonly Dictionary<string, string> Settings = new()
    {
        ["Database__Provider"] = "Sqlite",
        ["Database__MigrateAtStart"] = "true",
        ["Jobs__Lease"] = "00:00:03",
        ["RateLimits__Police__Burst"] = "1000000",
        ["Webhooks__AllowHttp"] = "true",
        ["Webhooks__AllowedNetworks__0"] = "127.0.0.0/8",
        ["Webhooks__Timeout"] = "00:00:01",
        ["Webhooks__Lease"] = "00:00:02",
    };

    private readonly string directory = Directory.CreateTempSubdirectory("reportintake-feed-").FullName;
    private readonly ServiceProvider persistence;
    private readonly IServiceScope scope;
    private volatile Uri? program;

    public FeedKillTests()
    {
        // The writers' own way to the program's database: its persistence, with its key ring.
        IConfiguration configuration = new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["ConnectionStrings:ReportIntake"] = $"Data Source={Path.Combine(directory, "reportintake.db")};Default Timeout=30",
        }).Build();
        var services = new ServiceCollection().AddSingleton(configuration).AddLogging();
        services.Configure<DataDirectoryOptions>(o => o.DataDirectory = directory);
        persistence = services.AddPersistence(configuration).BuildServiceProvider();
        scope = persistence.CreateScope();
    }

    public void Dispose()
    {
        scope.Dispose();
        persistence.Dispose();
        SqliteConnection.ClearAllPools();
        Directory.Delete(directory, recursive: true);
    }

    [Fact]
    public async Task Kill_WhileSixteenWrite_EveryFollowerGetsAllInOrder()
    {
        await using var receiver = await Receiver.StartAsync();
        var keys = await SetUpAsync(receiver);
        using var stopWriting = new CancellationTokenSource();
        using var stopFollowing = new CancellationTokenSource();
        var writing = Task.WhenAll(Enumerable.Range(0, Writers).Select(n => WriteAsync(n, stopWriting.Token)));
        var following = keys.Select(key => new Follower(this, key)).ToList();
        var reading = Task.WhenAll(following.Select(f => f.RunAsync(stopFollowing.Token)));

        await using var late = Open();
        var held = await AddReportAsync(late, Writers);
        for (var kill = 0; kill < Kills; kill++)
        {
            await using var running = await ProgramProcess.StartAsync(directory, Settings);
            program = running.Address;

            // One change commits late on purpose: when something that happened after it has been published.
            Change(held, kill);
            var at = held.UpdatedAt;
            await WebhookHost.UntilAsync(() => WithAsync(d => d.PoliceEvents.AnyAsync(e => e.Position != null && e.At > at)));
            await late.SaveChangesAsync();
            await Task.Delay(RandomNumberGenerator.GetInt32(0, 1500));
            await running.KillAsync();
        }

        await stopWriting.CancelAsync();
        await writing;
        await using var last = await ProgramProcess.StartAsync(directory, Settings);
        program = last.Address;
        await WebhookHost.UntilAsync(async () => !await WithAsync(d => d.PoliceEvents.AnyAsync(e => e.Position == null)));
        var published = await WithAsync(d => d.PoliceEvents.OrderBy(e => e.Position).Select(e => new { e.Id, e.Position, e.ReportId, e.At }).ToListAsync());
        var ids = published.ConvertAll(e => e.Id);
        await WebhookHost.UntilAsync(() => following.TrueForAll(f => f.Received.Count >= ids.Count));
        await WebhookHost.UntilAsync(() => receiver.Taken.Select(c => c.EventId).Distinct().Count() >= ids.Count);
        await stopFollowing.CancelAsync();
        await reading;

        Assert.True(ids.Count > Writers * 2, $"Only {ids.Count} events: the test has shown nothing.");
        Assert.Equal(Enumerable.Range(1, ids.Count).Select(n => (long?)n), published.Select(e => e.Position));
        Assert.All(published.GroupBy(e => e.ReportId), of => Assert.Equal(of.Select(e => e.At).Order(), of.Select(e => e.At)));
        var ofHeld = published.Where(e => e.ReportId == held.Id).Skip(1).ToList();
        Assert.Equal(Kills, ofHeld.Count);
        Assert.All(ofHeld, e => Assert.Contains(published, other => other.Position < e.Position && other.At > e.At));
        Assert.All(following, f => Assert.Equal(ids, f.Received));
        Assert.Equal(ids.ToHashSet(), receiver.Taken.Select(c => c.EventId).ToHashSet());
    }

    /// <summary>The database, a client for each follower, and a webhook of the first.</summary>
    private async Task<List<string>> SetUpAsync(Receiver receiver)
    {
        await using var first = await ProgramProcess.StartAsync(directory, Settings);
        var keys = new List<string>();
        for (var i = 0; i < Followers; i++)
        {
            var (exit, output, error) = await ProgramProcess.RunAsync(
                directory, Settings, $"clients add --name Follower{i} --scope reports.read --scope webhooks.manage --area national");
            Assert.True(exit == 0, error);
            keys.Add(JsonDocument.Parse(output).RootElement.GetProperty("apiKey").GetString()!);
        }

        using var http = Client(first.Address, keys[0]);
        using var added = await http.PostAsJsonAsync("/api/v1/webhooks", new { url = receiver.Url });
        Assert.Equal(HttpStatusCode.Created, added.StatusCode);
        return keys;
    }

    /// <summary>Verifies one report and changes its tier over and over; each change is some time old when it is committed.</summary>
    private async Task WriteAsync(int writer, CancellationToken stop)
    {
        await using var database = Open();
        var report = await AddReportAsync(database, writer);
        for (var i = 0; !stop.IsCancellationRequested; i++)
        {
            Change(report, i);
            await Task.Delay(RandomNumberGenerator.GetInt32(0, 600), CancellationToken.None);
            await database.SaveChangesAsync(CancellationToken.None);
        }
    }

    private static async Task<Report> AddReportAsync(SqliteReportIntakeDbContext database, int number)
    {
        var now = Clock.GetUtcNow();
        var key = RandomNumberGenerator.GetBytes(32);
        var facts = new ReportFacts { Category = "online_fraud", ChildSafety = false, Description = "Something was sold that was not there." };
        var report = Report.Submit($"RI-TEST-{number}", key, facts, new Assessment(Tier.NonUrgent, "test", [], now), 0, now).Value;
        Assert.Null(report.Claim(Moderator, now).Error);
        Assert.Null(report.Verify(Moderator, report.Category, childSafety: false, Tier.NonUrgent, null, now).Error);
        database.Reports.Add(report);
        await database.SaveChangesAsync();
        return report;
    }

    /// <summary>Another tier, at this moment; it is committed when the caller saves.</summary>
    private static void Change(Report report, int turn) =>
        Assert.Null(report.Retriage(Moderator, turn % 2 == 0 ? Tier.Urgent : Tier.NonUrgent, "test", Clock.GetUtcNow()).Error);

    private SqliteReportIntakeDbContext Open() => new(
        scope.ServiceProvider.GetRequiredService<DbContextOptions<SqliteReportIntakeDbContext>>(), persistence.GetRequiredService<ColumnSealer>());

    private async Task<T> WithAsync<T>(Func<SqliteReportIntakeDbContext, Task<T>> work)
    {
        await using var database = Open();
        return await work(database);
    }

    private static HttpClient Client(Uri address, string key) => new()
    {
        BaseAddress = address,
        Timeout = TimeSpan.FromSeconds(30),
        DefaultRequestHeaders = { Authorization = new AuthenticationHeaderValue("Bearer", key) },
    };

    /// <summary>Does what an integrator should: keeps the cursor with what it brought, and asks again with the same one after any failure.</summary>
    private sealed class Follower(FeedKillTests test, string key)
    {
        private string? cursor;

        public List<Guid> Received { get; } = [];

        public async Task RunAsync(CancellationToken stop)
        {
            while (!stop.IsCancellationRequested)
            {
                try
                {
                    if (test.program is { } address)
                    {
                        await ReadAsync(address, stop);
                    }
                }
                catch (Exception failure) when (failure is HttpRequestException or IOException or OperationCanceledException)
                {
                    // Killed under it.
                }

                await Task.Delay(20, CancellationToken.None);
            }
        }

        private async Task ReadAsync(Uri address, CancellationToken stop)
        {
            using var http = Client(address, key);
            using var answer = await http.GetAsync($"/api/v1/events?wait=1&limit={RandomNumberGenerator.GetInt32(1, 20)}{(cursor is null ? "" : "&after=" + cursor)}", stop);
            var events = await answer.Content.ReadFromJsonAsync<JsonElement>(stop);
            Assert.True(answer.IsSuccessStatusCode, events.GetRawText());
            Received.AddRange(events.EnumerateArray().Select(e => e.GetProperty("id").GetGuid()));
            cursor = answer.Headers.GetValues("X-Next-Cursor").Single();
        }
    }
}

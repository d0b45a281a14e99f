using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using ReportIntake.Domain.Reports;
using ReportIntake.Testing;
using ReportIntake.Web.Features.Administration.Clients;
using ReportIntake.Web.Features.Police.ChangeFeed;
using ReportIntake.Web.Jobs;
using ReportIntake.Web.Tests.Police;
using ReportIntake.Web.Tests.Police.Webhooks;

namespace ReportIntake.Web.Tests.Samples;

/// <summary>The sample consumer as a new integrator would run it: a process of its own, against the running program.</summary>
public sealed class PoliceConsumerTests(PoliceHost host) : IClassFixture<PoliceHost>, IDisposable
{
    private readonly string inbox = Directory.CreateTempSubdirectory("reportintake-inbox-").FullName;

    public void Dispose() => Directory.Delete(inbox, recursive: true);

    [Fact]
    public async Task Run_KilledInTheMiddle_EverythingArrivesOnceInEffect()
    {
        var key = (await host.AddPoliceAsync(areas: ["32"])).ApiKey;
        var files = new Dictionary<Guid, byte[]>();
        var reports = new List<Guid>();
        for (var i = 0; i < 12; i++)
        {
            reports.Add(await VerifiedAsync());
        }

        // Killed while it works: after the first report, long before the last.
        using (var first = Start(key))
        {
            await UntilAsync(() => Reports().Any(), first);
            first.Kill();
            await first.WaitForExitAsync();
        }

        reports.Add(await VerifiedAsync());
        using (var second = Start(key))
        {
            await UntilAsync(() => Reports().Count() == reports.Count && File.Exists(Path.Combine(inbox, "cursor")), second);
            await UntilAsync(() => Acknowledged().GetAwaiter().GetResult() == reports.Count, second);
            second.Kill();
            await second.WaitForExitAsync();
        }

        Assert.Equal(reports.Order(), Reports().Order());
        Assert.All(files, file => Assert.Equal(file.Value, File.ReadAllBytes(Directory.GetFiles(inbox, file.Key.ToString(), SearchOption.AllDirectories).Single())));
        Assert.Empty(Directory.GetFiles(inbox, "*.part", SearchOption.AllDirectories));
        foreach (var report in reports)
        {
            Assert.Single(await host.LedgerAsync(report, "acknowledged"));
        }

        async Task<Guid> VerifiedAsync()
        {
            var report = await host.VerifiedAsync("32.74");
            var content = RandomNumberGenerator.GetBytes(200_000);
            files.Add((await host.EvidenceAsync(report.Id, content)).Id, content);
            return report.Id;
        }

        Task<int> Acknowledged() => host.WithDatabaseAsync(database => database.Reports.CountAsync(r => reports.Contains(r.Id) && r.State == ReportState.InFollowUp));
    }

    [Fact]
    public async Task Run_ReportReturnedToTheModerators_EmptiesItsFolder()
    {
        var key = (await host.AddPoliceAsync(areas: ["33"])).ApiKey;
        var report = await host.VerifiedAsync("33.74");
        using var consumer = Start(key);
        await UntilAsync(() => Reports().Any(), consumer);
        await UntilAsync(() => State() == ReportState.InFollowUp, consumer);

        await host.ChangeAsync(report.Id, r => Assert.Null(r.Return(Domain.Actor.Police(Guid.NewGuid()), "No such account.", host.Now).Error));
        await UntilAsync(() => File.Exists(Path.Combine(inbox, report.Id.ToString(), "removed")), consumer);
        consumer.Kill();
        await consumer.WaitForExitAsync();

        Assert.Equal(["removed"], Directory.GetFiles(Path.Combine(inbox, report.Id.ToString())).Select(Path.GetFileName));

        ReportState State() => host.WithDatabaseAsync(d => d.Reports.Where(r => r.Id == report.Id).Select(r => r.State).SingleAsync()).GetAwaiter().GetResult();
    }

    [Fact]
    public async Task Run_EventsAfterItsCursorAreGone_ReadsTheListAndGoesOn()
    {
        await using var aged = new WebhookHost();
        var key = (await aged.AddPoliceAsync(areas: ["34"])).ApiKey;
        await aged.VerifiedAsync("34.01");
        using (var before = Start(key, aged))
        {
            await UntilAsync(() => Reports().Any() && File.Exists(Path.Combine(inbox, "cursor")), before);
            before.Kill();
            await before.WaitForExitAsync();
        }

        var missed = await aged.VerifiedAsync("34.02");
        await aged.PublishedAsync("34.02");
        aged.Clock.Advance(new FeedOptions().KeepEvents + TimeSpan.FromMinutes(1));
        await using (var scope = aged.Services.CreateAsyncScope())
        {
            await scope.ServiceProvider.GetRequiredService<RemoveOldEvents>().ExecuteAsync(CancellationToken.None);
        }

        using var after = Start(key, aged);
        await UntilAsync(() => Reports().Contains(missed.Id), after);
        var next = await aged.VerifiedAsync("34.03");
        await UntilAsync(() => Reports().Contains(next.Id), after);
        after.Kill();
        await after.WaitForExitAsync();
    }

    [Fact]
    public async Task Run_MoreCallsThanItsLimit_WaitsAndGetsEverything()
    {
        var key = (await host.AddPoliceAsync(areas: ["35"], limit: new ClientTerms.Rate(Burst: 1, PerMinute: 60))).ApiKey;
        var reports = new List<Guid>();
        for (var i = 0; i < 4; i++)
        {
            reports.Add((await host.VerifiedAsync("35.78")).Id);
        }

        using var output = new MemoryStream();
        using var consumer = Start(key, output: output);
        await UntilAsync(() => Reports().Count() == reports.Count, consumer);
        consumer.Kill();
        await consumer.WaitForExitAsync();

        Assert.Equal(reports.Order(), Reports().Order());
        Assert.Contains("429 ", Encoding.UTF8.GetString(output.ToArray()), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_KeyThatIsNone_EndsWithTheReason()
    {
        using var consumer = Start("ri_00000000_none");
        var errors = consumer.StandardError.ReadToEndAsync();
        await consumer.WaitForExitAsync();

        Assert.Equal(1, consumer.ExitCode);
        Assert.Contains("401 not_authenticated", await errors, StringComparison.Ordinal);
    }

    /// <summary>Reports whose folder is whole, by their own id.</summary>
    private IEnumerable<Guid> Reports() => Directory.GetFiles(inbox, "report.json", SearchOption.AllDirectories)
        .Select(f => JsonSerializer.Deserialize<JsonElement>(File.ReadAllText(f)).GetProperty("id").GetGuid());

    private Process Start(string key, IntakeHost? service = null, Stream? output = null)
    {
        var start = new ProcessStartInfo("dotnet")
        {
            ArgumentList = { Path.Combine(AppContext.BaseDirectory, "PoliceConsumer.dll"), inbox },
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["REPORTINTAKE_URL"] = (service ?? host).Address.ToString();
        start.Environment["REPORTINTAKE_API_KEY"] = key;
        var process = Process.Start(start)!;

        // Somebody must go on reading, or it would stand still when the pipe is full.
        _ = process.StandardOutput.BaseStream.CopyToAsync(output ?? Stream.Null);
        return process;
    }

    /// <summary>Looks until it is so; a consumer that ended, or two minutes, are a failure.</summary>
    private static async Task UntilAsync(Func<bool> isSo, Process consumer)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        while (!isSo())
        {
            Assert.False(consumer.HasExited, "The consumer ended.");
            await Task.Delay(50, patience.Token);
        }
    }
}

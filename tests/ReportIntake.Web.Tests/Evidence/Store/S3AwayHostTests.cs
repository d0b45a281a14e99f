using System.Collections.Concurrent;
using System.Net;
using System.Security.Cryptography;
using Microsoft.EntityFrameworkCore;
using ReportIntake.Domain.Evidence;
using ReportIntake.Testing;
using ReportIntake.Web.Tests.Intake.Uploads;
using ReportIntake.Web.Tests.Police.HandOver;
using ReportIntake.Web.Tests.Resilience;

namespace ReportIntake.Web.Tests.Evidence.Store;

/// <summary>S3 fails under the whole program: what passes by itself is not noticed, what does not is refused clearly, and nothing is half-written.</summary>
public sealed class S3AwayHostTests : IAsyncLifetime, IAsyncDisposable
{
    private const int MiB = 1024 * 1024;

    private readonly S3Server server = new();
    private readonly byte[] content = RandomNumberGenerator.GetBytes((13 * MiB) + 5);
    private S3Proxy proxy = null!;
    private S3Host host = null!;
    private TusClient tus = null!;

    public async Task InitializeAsync()
    {
        proxy = await S3Proxy.StartAsync(server);
        var options = server.Options("host/");
        host = new S3Host(new Dictionary<string, string?>
        {
            ["Evidence:Store"] = "S3",
            ["Evidence:S3:Bucket"] = options.Bucket,
            ["Evidence:S3:ServiceUrl"] = proxy.Address.ToString(),
            ["Evidence:S3:AccessKey"] = options.AccessKey,
            ["Evidence:S3:SecretKey"] = options.SecretKey,
            ["Evidence:S3:ForcePathStyle"] = "true",
            ["Evidence:S3:Prefix"] = options.Prefix,
            ["Evidence:S3:Retries"] = "1",
            ["Evidence:S3:Timeout"] = "00:00:03",
            ["Health:Timeout"] = "00:00:01",
            ["Jobs:RetryAfter"] = "00:00:00.1",
            ["Jobs:Poll"] = "00:00:00.05",
        });
        tus = new TusClient(host);
    }

    Task IAsyncLifetime.DisposeAsync() => DisposeAsync().AsTask();

    public async ValueTask DisposeAsync()
    {
        await host.DisposeAsync();
        await proxy.DisposeAsync();
        server.Dispose();
    }

    [Theory]
    [InlineData("stopped")]
    [InlineData("frozen")]
    [InlineData(nameof(S3Fault.SlowDown))]
    [InlineData(nameof(S3Fault.InternalError))]
    public async Task Patch_ServerFailsInTheMiddle_IsRefusedThenGoesOnToTheSameFile(string how)
    {
        var path = await tus.CreateAsync(content.Length);
        using (var first = await tus.PatchAsync(path, 0, content[..(3 * MiB)]))
        {
            Assert.Equal(HttpStatusCode.NoContent, first.StatusCode);
        }

        var away = false;
        proxy.Decide = (method, target) =>
        {
            if (!away && method == "PUT" && target.Contains(".part-", StringComparison.Ordinal))
            {
                away = true;
                (how switch { "stopped" => server.Stop, "frozen" => server.Freeze, _ => (Action)(() => { }) })();
            }

            return away && Enum.TryParse<S3Fault>(how, out var fault) ? fault : S3Fault.None;
        };
        using (var refused = await tus.PatchAsync(path, 3 * MiB, content[(3 * MiB)..]))
        {
            Assert.Equal((HttpStatusCode.ServiceUnavailable, "storage_unavailable"), (refused.StatusCode, await TusClient.CodeAsync(refused)));
            Assert.NotNull(refused.Headers.RetryAfter);
        }

        Assert.True(away);
        var item = await tus.ItemAsync(path);
        Assert.Equal((EvidenceState.Uploading, null), (item.State, item.Sha256));
        using (var client = host.Client())
        {
            using var health = await client.GetAsync("/health/ready");
            Assert.Equal(HttpStatusCode.ServiceUnavailable, health.StatusCode);
            Assert.Contains("\"evidence_store\"", await health.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        }

        proxy.Decide = (_, _) => S3Fault.None;
        (how switch { "stopped" => server.Start, "frozen" => server.Thaw, _ => (Action)(() => { }) })();
        Assert.Equal(3 * MiB, await tus.OffsetAsync(path));
        using (var rest = await tus.PatchAsync(path, 3 * MiB, content[(3 * MiB)..]))
        {
            Assert.Equal(HttpStatusCode.NoContent, rest.StatusCode);
        }

        item = await tus.ItemAsync(path);
        Assert.Equal((EvidenceState.Stored, Convert.ToHexString(SHA256.HashData(content))), (item.State, Convert.ToHexString(item.Sha256!)));
        Assert.Equal(content, await tus.ContentAsync(item.Id));
        using var again = host.Client();
        using var ready = await again.GetAsync("/health/ready");
        Assert.Equal(HttpStatusCode.OK, ready.StatusCode);
    }

    /// <summary>Each request once: unheard, refused, or done without an answer. Written on condition, a second try meets the first.</summary>
    [Fact]
    public async Task Upload_EveryRequestFailsOnce_NobodyNotices()
    {
        var seen = new ConcurrentDictionary<string, bool>(StringComparer.Ordinal);
        S3Fault[] faults = [S3Fault.LostAnswer, S3Fault.SlowDown, S3Fault.InternalError, S3Fault.Broken];
        var next = 0;
        proxy.Decide = (method, target) => seen.TryAdd(method + target, true)
            ? method == "PUT" ? S3Fault.LostAnswer : faults[next++ % faults.Length]
            : S3Fault.None;
        var path = await tus.CreateAsync(content.Length);
        foreach (var (from, to) in new[] { (0, 3 * MiB), (3 * MiB, content.Length) })
        {
            using var sent = await tus.PatchAsync(path, from, content[from..to]);
            Assert.Equal(HttpStatusCode.NoContent, sent.StatusCode);
            seen.Clear();
        }

        var item = await tus.ItemAsync(path);
        Assert.Equal(Convert.ToHexString(SHA256.HashData(content)), Convert.ToHexString(item.Sha256!));
        Assert.Equal(content, await tus.ContentAsync(item.Id));
    }

    [Fact]
    public async Task Screening_StoreFailsInTheMiddle_IsDoneAgainAndNotQuarantined()
    {
        var sending = new Sending(Guid.NewGuid().ToString("N"), await Media.JpegAsync(320, 240));
        var stages = new ConcurrentQueue<(string Method, string Name, S3Fault Fault)>(
        [
            ("GET", ".original", S3Fault.SlowDown), ("GET", ".original", S3Fault.SlowDown),
            ("PUT", ".working_copy", S3Fault.Broken), ("PUT", ".working_copy", S3Fault.Broken),
            ("PUT", ".metadata_sheet", S3Fault.InternalError), ("PUT", ".metadata_sheet", S3Fault.InternalError),
        ]);
        using (var citizen = host.Client())
        {
            sending.UploadId = (await FiledAsync(sending.Photo)).Split('/')[^1];
            proxy.Decide = (method, target) =>
                stages.TryPeek(out var stage) && method == stage.Method && target.EndsWith(stage.Name, StringComparison.Ordinal) && stages.TryDequeue(out _) ? stage.Fault : S3Fault.None;
            await Submitter.SendAsync(citizen, sending);
        }

        var item = await host.ScreenedAsync((await tus.ItemAsync("/" + sending.UploadId)).Id);

        Assert.Empty(stages);
        Assert.Equal(EvidenceState.Available, item.State);
        Assert.Equal(1, await host.WithDatabaseAsync(d => d.Ledger.CountAsync(e => e.Action == "evidence_screened")));
    }

    [Fact]
    public async Task Read_StoreFails_IsRefusedOrBreaksOffAndIsWellAgain()
    {
        using var police = await host.PoliceAsync("19.01");
        var report = await host.VerifiedAsync("19.01");
        var item = await host.EvidenceAsync(report.Id, content);
        foreach (var address in new[] { $"/api/v1/reports/{report.Id}/evidence/{item.Id}/original", $"/api/v1/reports/{report.Id}/package" })
        {
            // From the beginning.
            proxy.Decide = (_, _) => S3Fault.SlowDown;
            using (var refused = await police.Http.GetAsync(address))
            {
                Assert.Equal((HttpStatusCode.ServiceUnavailable, "storage_unavailable"), (refused.StatusCode, await TusClient.CodeAsync(refused)));
            }

            // Once in the middle of an answer: unnoticed. Always from the middle on: nobody takes what came for the whole.
            foreach (var most in new[] { 1, int.MaxValue })
            {
                var reads = 0;
                proxy.Decide = (method, target) => method == "GET" && target.Contains(".part-", StringComparison.Ordinal) && ++reads > 3 && reads - 3 <= most ? S3Fault.CutAnswer : S3Fault.None;
                if (most == 1)
                {
                    Assert.True((await police.Http.GetByteArrayAsync(address)).Length >= content.Length);
                }
                else
                {
                    await Assert.ThrowsAnyAsync<HttpRequestException>(() => police.Http.GetByteArrayAsync(address));
                }
            }
        }

        proxy.Decide = (_, _) => S3Fault.None;
        using var package = await PackageFolder.DownloadAsync(host, police.Http, report.Id);
        var run = await package.VerifyAsync(package.Bytes);
        Assert.True(run.Exit == 0, run.Output);
        Assert.Empty(await host.LedgerAsync(report.Id, HandOverDamage));
    }

    [Fact]
    public async Task Form_StoreFailsInTheMiddleOfAFile_IsShownAgainWithTheReason()
    {
        using var browser = await S3WalkTests.AtFilesAsync(host);
        var away = false;
        proxy.Decide = (method, target) => (away |= method == "PUT" && target.Contains(".part-", StringComparison.Ordinal)) ? S3Fault.SlowDown : S3Fault.None;

        await browser.PressAsync("next", ("a.mp4", "video/mp4", content));

        Assert.True(away);
        Assert.Contains("a.mp4", Assert.Single(browser.Errors), StringComparison.Ordinal);
        proxy.Decide = (_, _) => S3Fault.None;
        await browser.PressAsync("next", ("a.mp4", "video/mp4", content));
        Assert.Empty(browser.Errors);
        Assert.Equal(Convert.ToHexString(SHA256.HashData(content)), Convert.ToHexString((await host.WithDatabaseAsync(d => d.Evidence.AsNoTracking().SingleAsync())).Sha256!));
    }

    private const string HandOverDamage = Features.Police.HandOver.HandOverPackage.DamageAction;

    private async Task<string> FiledAsync(byte[] photo)
    {
        var path = await tus.CreateAsync(photo.Length, "foto.jpg", "image/jpeg");
        using var sent = await tus.PatchAsync(path, 0, photo);
        Assert.Equal(HttpStatusCode.NoContent, sent.StatusCode);
        return path;
    }
}

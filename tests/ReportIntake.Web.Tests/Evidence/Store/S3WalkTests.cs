using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using ReportIntake.Domain.Evidence;
using ReportIntake.Domain.Reports;
using ReportIntake.Domain.Triage;
using ReportIntake.Testing;
using ReportIntake.Web.Features.Administration.Ledger;
using ReportIntake.Web.Jobs;
using ReportIntake.Web.Tests.Intake.Pages;
using ReportIntake.Web.Tests.Intake.Uploads;
using ReportIntake.Web.Tests.Police.HandOver;
using ReportIntake.Web.Tests.Resilience;
using ReportIntake.Web.Verbs;

namespace ReportIntake.Web.Tests.Evidence.Store;

/// <summary>A file's whole way on S3, from the first byte to the last trace: on a server that others made where <c>TEST_S3</c> names one, else on s3rver.</summary>
public sealed class S3WalkTests(S3Place place) : IClassFixture<S3Place>, IAsyncLifetime, IAsyncDisposable
{
    private const int MiB = 1024 * 1024;
    private const string FileName = "foto-di-pasar.jpg";

    private readonly S3Host host = new(place.Settings());

    public Task InitializeAsync() => Task.CompletedTask;

    Task IAsyncLifetime.DisposeAsync() => DisposeAsync().AsTask();

    public ValueTask DisposeAsync() => host.DisposeAsync();

    [Fact]
    public async Task File_FiledScreenedReadHandedOverAndPurged_IsTheSameToTheByteAndLeavesNothing()
    {
        // What follows the end of a JPEG belongs to the file and not to the picture: enough for several objects, and easy to find.
        var pattern = "recognisable evidence pattern "u8.ToArray();
        byte[] photo = [.. await Media.JpegAsync(640, 480), .. Enumerable.Repeat(pattern, 9 * MiB / pattern.Length).SelectMany(b => b)];
        var item = await FiledAsync(photo);
        Assert.Equal((EvidenceState.Available, Convert.ToHexString(SHA256.HashData(photo))), (item.State, Convert.ToHexString(item.Sha256!)));
#pragma warning disable CA5351 // what hash lists use
        Assert.Equal(MD5.HashData(photo), item.Md5);
#pragma warning restore CA5351
        await NothingIsReadableAsync(pattern, FileName);
        Assert.False(Directory.Exists(Path.Combine(host.DataDirectory, "evidence")));

        await host.ChangeAsync(item.ReportId!.Value, report => Verify(report, host.Now));
        using var police = await host.PoliceAsync("national");
        await ReadsInTheMiddleAsync(police.Http, item, photo);
        using (var package = await PackageFolder.DownloadAsync(host, police.Http, item.ReportId.Value))
        {
            Assert.Equal(photo, package.Content(package.Members.Single(m => m.StartsWith("data/originals/", StringComparison.Ordinal))));
            var run = await package.VerifyAsync(package.Bytes);
            Assert.True(run.Exit == 0, run.Output);
        }

        await DamageIsNamedAsync(item);

        await host.WithDatabaseAsync(d => d.Reports.Where(r => r.Id == item.ReportId).ExecuteUpdateAsync(
            row => row.SetProperty(r => r.State, ReportState.Closed).SetProperty(r => r.EndedAt, DateTimeOffset.UnixEpoch)));
        await host.RunAsync<PurgeReports>();
        Assert.DoesNotContain(await place.NamesAsync(), n => n.Contains($"{item.Id:n}", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Patch_WrongChecksum_LeavesNoObjectBehind()
    {
        var tus = new TusClient(host);
        var content = RandomNumberGenerator.GetBytes((9 * MiB) + 3);
        var path = await tus.CreateAsync(content.Length);
        var id = (await tus.ItemAsync(path)).Id;
        using (var refused = await tus.PatchAsync(path, 0, content, ("Upload-Checksum", $"sha256 {Convert.ToBase64String(SHA256.HashData([1]))}")))
        {
            Assert.Equal((460, "upload_checksum_mismatch"), ((int)refused.StatusCode, await TusClient.CodeAsync(refused)));
        }

        Assert.Equal(0, await tus.OffsetAsync(path));
        Assert.Equal([".growing", ".key"], await SuffixesAsync(id));
        using var right = await tus.PatchAsync(path, 0, content, ("Upload-Checksum", $"sha256 {Convert.ToBase64String(SHA256.HashData(content))}"));
        Assert.Equal(HttpStatusCode.NoContent, right.StatusCode);
        Assert.Equal(content, await tus.ContentAsync(id));
    }

    [Fact]
    public async Task Final_OfParts_IsOneFileAndThePartsAreGone()
    {
        var tus = new TusClient(host);
        var content = RandomNumberGenerator.GetBytes((6 * MiB) + 1);
        var (paths, ids) = (new List<string>(), new List<Guid>());
        foreach (var part in new[] { content[..(5 * MiB)], content[(5 * MiB)..] })
        {
            using var begun = await tus.SendAsync("POST", TusClient.Root, null, ("Upload-Length", TusClient.Text(part.Length)), ("Upload-Concat", "partial"));
            paths.Add(begun.Headers.Location!.OriginalString);
            ids.Add((await tus.ItemAsync(paths[^1])).Id);
            using var sent = await tus.PatchAsync(paths[^1], 0, part);
            Assert.Equal(HttpStatusCode.NoContent, sent.StatusCode);
        }

        using var joined = await tus.SendAsync("POST", TusClient.Root, null, ("Upload-Concat", "final;" + string.Join(' ', paths)));

        Assert.Equal(HttpStatusCode.Created, joined.StatusCode);
        var item = await tus.ItemAsync(joined.Headers.Location!.OriginalString);
        Assert.Equal(Convert.ToHexString(SHA256.HashData(content)), Convert.ToHexString(item.Sha256!));
        Assert.Equal(content, await tus.ContentAsync(item.Id));
        foreach (var id in ids)
        {
            Assert.Empty(await SuffixesAsync(id));
        }
    }

    [Fact]
    public async Task Upload_TerminatedOrExpired_LeavesNoObject()
    {
        var tus = new TusClient(host);
        var content = RandomNumberGenerator.GetBytes(9 * MiB);
        var ids = new List<Guid>();
        foreach (var terminate in new[] { true, false })
        {
            var path = await tus.CreateAsync(20 * MiB);
            ids.Add((await tus.ItemAsync(path)).Id);
            using var sent = await tus.PatchAsync(path, 0, content);
            Assert.Equal(HttpStatusCode.NoContent, sent.StatusCode);
            Assert.Contains(await SuffixesAsync(ids[^1]), s => s.StartsWith(".part-", StringComparison.Ordinal));
            if (terminate)
            {
                using var gone = await tus.SendAsync("DELETE", path);
                Assert.Equal(HttpStatusCode.NoContent, gone.StatusCode);
            }
        }

        await host.WithDatabaseAsync(d => d.Evidence.Where(e => e.Id == ids[1]).ExecuteUpdateAsync(row => row.SetProperty(e => e.ExpiresAt, DateTimeOffset.UnixEpoch)));
        await host.RunAsync<RemoveExpiredUploads>();

        Assert.Empty(await SuffixesAsync(ids[0]));
        Assert.Empty(await SuffixesAsync(ids[1]));
    }

    [Fact]
    public async Task Form_WithFiles_KeepsThem()
    {
        using var browser = await AtFilesAsync(host);
        var video = RandomNumberGenerator.GetBytes((5 * MiB) + 11);

        await browser.PressAsync("next", ("a.jpg", "image/jpeg", await Media.JpegAsync(64, 64)), ("b.mp4", "video/mp4", video));

        Assert.Equal(HttpStatusCode.OK, browser.Answer.StatusCode);
        Assert.Empty(browser.Errors);
        var items = await host.WithDatabaseAsync(d => d.Evidence.AsNoTracking().OrderByDescending(e => e.Size).ToListAsync());
        Assert.Equal(Convert.ToHexString(SHA256.HashData(video)), Convert.ToHexString(items[0].Sha256!));
        Assert.Equal(video, await new TusClient(host).ContentAsync(items[0].Id));
    }

    [Fact]
    public async Task Backup_EvidenceOnS3_IsRefusedAndSaysWhoDoesIt()
    {
        _ = host.Address;
        await using var scope = host.Services.CreateAsyncScope();
        var folder = Path.Combine(host.DataDirectory, "backup");

        var taken = await ActivatorUtilities.CreateInstance<Backup>(scope.ServiceProvider).TakeAsync(folder, withKeys: false, CancellationToken.None);
        var restored = await ActivatorUtilities.CreateInstance<Restore>(scope.ServiceProvider).PutBackAsync(folder, CancellationToken.None);

        Assert.Contains("S3 are backed up by their own means", taken.Error!.Message, StringComparison.Ordinal);
        Assert.Contains("S3 are restored by their own means", restored.Error!.Message, StringComparison.Ordinal);
        Assert.False(Directory.Exists(folder));
    }

    /// <summary>The page of the form that takes files.</summary>
    internal static async Task<PlainBrowser> AtFilesAsync(IntakeHost host)
    {
        var browser = new PlainBrowser(host.Address);
        await browser.OpenAsync("/lapor");
        browser.Fill("What.Category", "child_abuse_material");
        await browser.PressAsync("next");
        browser.Fill("Tell.Description", "Ada akun yang menawarkan anak.");
        for (var pages = 0; browser.Page.QuerySelector("input[type=file]") is null; pages++)
        {
            Assert.True(pages < 8, browser.Title);
            await browser.PressAsync("next");
        }

        return browser;
    }

    private static void Verify(Report report, DateTimeOffset now)
    {
        Assert.Null(report.Claim(Police.PoliceHost.Moderator, now).Error);
        Assert.Null(report.Verify(Police.PoliceHost.Moderator, report.Category, childSafety: true, Tier.Urgent, "Signs of age.", now).Error);
    }

    private async Task<EvidenceItem> FiledAsync(byte[] photo)
    {
        using var citizen = host.Client();
        var tus = new TusClient(host);
        var path = await tus.CreateAsync(photo.Length, FileName, "image/jpeg");
        var sending = new Sending(Guid.NewGuid().ToString("N"), photo) { UploadId = path.Split('/')[^1] };
        using (var first = await tus.PatchAsync(path, 0, photo[..(6 * MiB)]))
        {
            Assert.Equal(HttpStatusCode.NoContent, first.StatusCode);
        }

        await NothingIsReadableAsync(photo[^90..], FileName);
        using (var second = await tus.PatchAsync(path, 6 * MiB, photo[(6 * MiB)..]))
        {
            Assert.Equal(HttpStatusCode.NoContent, second.StatusCode);
        }

        await Submitter.SendAsync(citizen, sending);
        return await host.ScreenedAsync((await tus.ItemAsync(path)).Id);
    }

    private static async Task ReadsInTheMiddleAsync(HttpClient police, EvidenceItem item, byte[] photo)
    {
        foreach (var (from, to) in new[] { ((4 * MiB) - 100, (4 * MiB) + 100), (5_000_000, 5_000_000), (photo.Length - 10, photo.Length - 1) })
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, $"/api/v1/reports/{item.ReportId}/evidence/{item.Id}/original");
            request.Headers.Range = new RangeHeaderValue(from, to);
            using var part = await police.SendAsync(request);
            Assert.Equal(HttpStatusCode.PartialContent, part.StatusCode);
            Assert.Equal(photo[from..(to + 1)], await part.Content.ReadAsByteArrayAsync());
        }
    }

    private async Task NothingIsReadableAsync(byte[] pattern, string name)
    {
        foreach (var found in await place.NamesAsync())
        {
            var bytes = await place.GetAsync(found);
            Assert.False(bytes.AsSpan().IndexOf(pattern.AsSpan(0, 8)) >= 0 || bytes.AsSpan().IndexOf(Encoding.UTF8.GetBytes(name)) >= 0, found);
            Assert.DoesNotContain(name, found, StringComparison.Ordinal);
        }
    }

    private async Task DamageIsNamedAsync(EvidenceItem item)
    {
        Assert.Empty(await FindingsAsync());
        var names = (await place.NamesAsync()).Where(n => n.Contains($"{item.Id:n}", StringComparison.Ordinal)).ToList();
        Assert.True(names.Count(n => n.Contains(".original.part-", StringComparison.Ordinal)) >= 3, string.Join(' ', names));
        foreach (var name in new[] { ".original", ".original.part-", ".original.key", ".working_copy", ".thumbnail.key" }.Select(kind => names.First(n => n.Contains($"{item.Id:n}{kind}", StringComparison.Ordinal))))
        {
            var intact = await place.GetAsync(name);
            byte[] flipped = [.. intact];
            flipped[RandomNumberGenerator.GetInt32(flipped.Length)] ^= (byte)(1 << RandomNumberGenerator.GetInt32(8));
            foreach (var damaged in new byte[]?[] { flipped, intact[..^1], intact[..1], null })
            {
                await (damaged is null ? place.DeleteAsync(name) : place.PutAsync(name, damaged));
                var found = await FindingsAsync();
                Assert.True(found.Count > 0 || damaged is null, name); // a copy that is gone altogether is made again, not missed
                Assert.True(found.All(f => f.EvidenceId == item.Id), name);
                Assert.True(found.Count > 0 || !name.Contains(".original", StringComparison.Ordinal), $"{name} is gone, and nobody says so");
            }

            await place.PutAsync(name, intact);
        }

        Assert.Empty(await FindingsAsync());
    }

    private async Task<IReadOnlyList<VerifyEvidence.Finding>> FindingsAsync()
    {
        await using var scope = host.Services.CreateAsyncScope();
        return (await scope.ServiceProvider.GetRequiredService<VerifyEvidence>().VerifyAsync(CancellationToken.None)).Findings;
    }

    /// <summary>What stands behind the name of an item's original.</summary>
    private async Task<List<string>> SuffixesAsync(Guid id) =>
        [.. (await place.NamesAsync()).Where(n => n.Contains($"{id:n}", StringComparison.Ordinal)).Select(n => n[(n.IndexOf(".original", StringComparison.Ordinal) + 9)..]).Order(StringComparer.Ordinal)];
}

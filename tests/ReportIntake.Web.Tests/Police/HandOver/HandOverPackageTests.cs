using System.Net;
using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using ReportIntake.Domain;
using ReportIntake.Domain.Custody;
using ReportIntake.Testing;
using ReportIntake.Web.Security;

namespace ReportIntake.Web.Tests.Police.HandOver;

public sealed class HandOverPackageTests(PoliceHost host) : IClassFixture<PoliceHost>
{
    private const string Event = "package_handed_over";

    private static readonly byte[] Photo = RandomNumberGenerator.GetBytes((3 * 64 * 1024) + 12_345);

    [Fact]
    public async Task Package_Whole_VerifiesAndHoldsTheOriginals()
    {
        using var police = await host.PoliceAsync("18.01");
        var report = await host.VerifiedAsync("18.01");
        await host.EvidenceAsync(report.Id, Photo);
        await host.EvidenceAsync(report.Id, [1, 2, 3], "../../etc/passwd", screened: false);

        using var package = await PackageFolder.DownloadAsync(host, police.Http, report.Id);
        var run = await package.VerifyAsync();

        Assert.True(run.Exit == 0, run.Output);
        Assert.StartsWith($"OK: {report.Reference}, ", run.LastLine, StringComparison.Ordinal);
        Assert.Contains("2 originals", run.LastLine, StringComparison.Ordinal);
        Assert.Equal(Photo, package.Content("data/originals/0001-foto_di_pasar.png"));
        Assert.Equal([1, 2, 3], package.Content("data/originals/0002-etc_passwd"));
        await Media.RunAsync("unzip", "-tqq", await SavedAsync(package));
    }

    [Fact]
    public async Task Package_NoFiles_Verifies()
    {
        using var police = await host.PoliceAsync("18.02");
        var report = await host.VerifiedAsync("18.02");

        using var package = await PackageFolder.DownloadAsync(host, police.Http, report.Id);
        var run = await package.VerifyAsync();

        Assert.True(run.Exit == 0, run.Output);
        Assert.Contains("0 originals", run.LastLine, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Package_Members_AreABagInOneOrder()
    {
        using var police = await host.PoliceAsync("18.03");
        var report = await host.VerifiedAsync("18.03");
        var item = await host.EvidenceAsync(report.Id, Photo);

        using var package = await PackageFolder.DownloadAsync(host, police.Http, report.Id);

        Assert.Equal(report.Reference, package.Root);
        Assert.Equal(
            [
                "bagit.txt", "public-key.pem", "data/report.json", $"data/metadata/{item.Id}.json", "data/custody/tree-head.json", "data/custody/tree-head.json.sig",
                "data/custody/entries.jsonl", "data/custody/proofs.tsv", "data/provenance.jsonld", "data/originals/0001-foto_di_pasar.png",
                "bag-info.txt", "manifest-sha256.txt", "manifest.json", "manifest.json.sig", "tagmanifest-sha256.txt",
            ],
            package.Members);
        Assert.Equal("BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n", package.Text("bagit.txt"));
        Assert.Contains($"External-Identifier: {report.Reference}\n", package.Text("bag-info.txt"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Package_Report_IsTheOneOfTheApi()
    {
        using var police = await host.PoliceAsync("18.04");
        var report = await host.VerifiedAsync("18.04");
        await host.EvidenceAsync(report.Id, [4, 5, 6]);

        var told = await police.Http.JsonAsync($"/api/v1/reports/{report.Id}");
        using var package = await PackageFolder.DownloadAsync(host, police.Http, report.Id);

        Assert.Equal(told.ToString(), JsonDocument.Parse(package.Text("data/report.json")).RootElement.ToString());
    }

    [Fact]
    public async Task Package_Provenance_HasFilesWithHashesAndAnActionForEachEntry()
    {
        using var police = await host.PoliceAsync("18.05");
        var report = await host.VerifiedAsync("18.05");
        await host.EvidenceAsync(report.Id, Photo);

        using var package = await PackageFolder.DownloadAsync(host, police.Http, report.Id);
        var graph = JsonDocument.Parse(package.Text("data/provenance.jsonld")).RootElement.GetProperty("@graph").EnumerateArray().ToList();

        var entries = package.Text("data/custody/entries.jsonl").Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(entries.Length, graph.Count(n => n.Text("@type") == "case-investigation:InvestigativeAction"));
        var file = graph.Single(n => n.Text("@type") == "uco-observable:File");
        Assert.Contains(Convert.ToHexString(SHA256.HashData(Photo)), file.ToString(), StringComparison.Ordinal);
        var ids = graph.Select(n => n.Text("@id")).ToHashSet();
        Assert.All(graph.Where(n => n.TryGetProperty("uco-action:performer", out _)), n => Assert.Contains(n.GetProperty("uco-action:performer").Text("@id"), ids));
        Assert.Contains($"kb:identity-{police.Id}", ids);
    }

    [Fact]
    public async Task Package_CustodyEvents_AreInItselfAndInTheLedger()
    {
        using var police = await host.PoliceAsync("18.06");
        var report = await host.VerifiedAsync("18.06");
        var item = await host.EvidenceAsync(report.Id, Photo);

        using var package = await PackageFolder.DownloadAsync(host, police.Http, report.Id);

        var kept = await host.LedgerAsync(report.Id, Event);
        Assert.Equal([null, item.Id], kept.Select(e => e.EvidenceId).Order());
        Assert.All(kept, e => Assert.Equal((ActorKind.PoliceClient, police.Id), (e.ActorKind, e.ActorId)));
        var lines = package.Text("data/custody/entries.jsonl").Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.All(kept, e => Assert.Contains(System.Text.Encoding.UTF8.GetString(e.Canonical()), lines));
    }

    [Fact]
    public async Task Package_FirstVotesClaimsAndNotes_AreNotTold()
    {
        using var police = await host.PoliceAsync("18.07");
        var report = await host.VerifiedAsync("18.07");

        using var package = await PackageFolder.DownloadAsync(host, police.Http, report.Id);

        var entries = package.Text("data/custody/entries.jsonl");
        Assert.Contains("\"action\":\"verified\"", entries, StringComparison.Ordinal);
        Assert.DoesNotContain("\"action\":\"claimed\"", entries, StringComparison.Ordinal);
        Assert.Contains("\"claimed\"", package.Text("manifest.json"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Package_Manifest_IsCanonical()
    {
        using var police = await host.PoliceAsync("18.08");
        var report = await host.VerifiedAsync("18.08");

        using var package = await PackageFolder.DownloadAsync(host, police.Http, report.Id);
        var manifest = package.Text("manifest.json");

        Assert.Equal(manifest, System.Text.Encoding.UTF8.GetString(CanonicalJson.Serialize(JsonDocument.Parse(manifest).RootElement)));
    }

    [Fact]
    public async Task Package_OtherAreaStateScopeOrMethod_IsRefusedWithoutACustodyEvent()
    {
        using var police = await host.PoliceAsync("18.09");
        using var elsewhere = await host.PoliceAsync("18.10");
        using var reader = await host.PoliceAsync([PoliceScopes.ReadReports], "18.09");
        using var collector = await host.PoliceAsync([PoliceScopes.ReadEvidence], "18.09");
        var (report, waiting) = (await host.VerifiedAsync("18.09"), await host.SubmittedAsync("18.09"));
        var address = $"/api/v1/reports/{report.Id}/package";

        using var outside = await elsewhere.Http.GetAsync(address);
        using var unscoped = await reader.Http.GetAsync(address);
        using var halfScoped = await collector.Http.GetAsync(address);
        using var unverified = await police.Http.GetAsync($"/api/v1/reports/{waiting.Id}/package");
        using var head = await police.Http.SendAsync(new HttpRequestMessage(HttpMethod.Head, address));

        Assert.Equal("report_not_found", await outside.CodeAsync(HttpStatusCode.NotFound));
        Assert.Equal("not_allowed", await unscoped.CodeAsync(HttpStatusCode.Forbidden));
        Assert.Equal("not_allowed", await halfScoped.CodeAsync(HttpStatusCode.Forbidden));
        Assert.Equal("report_not_found", await unverified.CodeAsync(HttpStatusCode.NotFound));
        Assert.Equal(HttpStatusCode.MethodNotAllowed, head.StatusCode);
        Assert.Empty(await host.LedgerAsync(report.Id, Event));
        Assert.Empty(await host.LedgerAsync(waiting.Id, Event));
    }

    [Fact]
    public async Task Package_OriginalShorterOrGone_IsAProblemBeforeTheFirstByte()
    {
        using var police = await host.PoliceAsync("18.11");
        var report = await host.VerifiedAsync("18.11");
        var item = await host.EvidenceAsync(report.Id, Photo);
        File.Delete(Blob(item.Id));

        using var answer = await police.Http.GetAsync($"/api/v1/reports/{report.Id}/package");

        Assert.Equal("evidence_damaged", await answer.CodeAsync(HttpStatusCode.InternalServerError));
        Assert.Equal(item.Id, Assert.Single(await host.LedgerAsync(report.Id, "original_damaged")).EvidenceId);
        Assert.Empty(await host.LedgerAsync(report.Id, Event));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Package_OriginalOrItsHashChanged_BreaksOff(bool file)
    {
        using var police = await host.PoliceAsync(file ? "18.12" : "18.13");
        var report = await host.VerifiedAsync(file ? "18.12" : "18.13");
        var item = await host.EvidenceAsync(report.Id, RandomNumberGenerator.GetBytes(3_000_000));
        if (file)
        {
            await using var blob = File.Open(Blob(item.Id), FileMode.Open);
            blob.Position = blob.Length / 2;
            var flipped = (byte)(blob.ReadByte() ^ 1);
            blob.Position--;
            blob.WriteByte(flipped);
        }
        else
        {
            var other = SHA256.HashData([9]);
            await host.WithDatabaseAsync(d => d.Evidence.Where(e => e.Id == item.Id).ExecuteUpdateAsync(row => row.SetProperty(e => e.Sha256, other)));
        }

        await Assert.ThrowsAnyAsync<HttpRequestException>(() => police.Http.GetByteArrayAsync($"/api/v1/reports/{report.Id}/package"));

        await Jobs.JobsHost.UntilAsync(async () => (await host.LedgerAsync(report.Id, "original_damaged")).Count == 1);
    }

    private string Blob(Guid evidenceId) =>
        Directory.EnumerateFiles(host.DataDirectory, $"{evidenceId:n}.original", SearchOption.AllDirectories).Single();

    private static async Task<string> SavedAsync(PackageFolder package)
    {
        await File.WriteAllBytesAsync(package.Path("package.zip"), package.Bytes);
        return package.Path("package.zip");
    }
}

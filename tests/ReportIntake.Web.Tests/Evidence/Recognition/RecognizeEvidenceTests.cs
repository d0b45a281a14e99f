using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using MediatR;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using ReportIntake.Domain;
using ReportIntake.Domain.Evidence;
using ReportIntake.Domain.Recognition;
using ReportIntake.Domain.Reports;
using ReportIntake.Domain.Results;
using ReportIntake.Testing;
using ReportIntake.Web.Evidence.Metadata;
using ReportIntake.Web.Evidence.Recognition;
using ReportIntake.Web.Evidence.Store;
using ReportIntake.Web.Features.Administration.HashLists;
using ReportIntake.Web.Jobs;
using ReportIntake.Web.Security;
using ReportIntake.Web.Tests.Moderation;

namespace ReportIntake.Web.Tests.Evidence.Recognition;

/// <summary>Lists imported, evidence recognised by them; jobs are run by hand. Each test has files and lists of its own.</summary>
public sealed class RecognizeEvidenceTests(ModerationHost host) : IClassFixture<ModerationHost>
{
    [Theory]
    [InlineData("sha256")]
    [InlineData("md5")]
    public async Task Recognize_FileOnAList_IsRecordedAndRaisesTheReport(string kind)
    {
        var (report, item) = await EvidenceAsync();
        await ImportAsync($"kind,value\n{kind},{Convert.ToHexString(kind == "md5" ? item.Md5! : item.Sha256!)}");

        await RunAsync<RecognizeEvidence>(item.Id);
        await RunAsync<RecognizeEvidence>(item.Id);

        var match = Assert.Single(await MatchesAsync(item));
        Assert.Equal((0, false, HashListMeaning.KnownAbuseMaterial), (match.Distance, match.Suppressed, match.Meaning));
        var now = await host.WithDatabaseAsync(db => db.Reports.SingleAsync(r => r.Id == report.Id));
        Assert.Contains(now.Assessment.Hits, h => h.RuleId == "U3");
        var entry = Assert.Single(await host.WithDatabaseAsync(db => db.Ledger.Where(e => e.EvidenceId == item.Id && e.Action == "evidence_matched").ToListAsync()));
        Assert.Contains("known_abuse_material", entry.Details, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Recognize_LikePictureOnAList_MatchesUpTo31Bits()
    {
        var hash = Hash();
        var ((_, near), (_, far)) = (await EvidenceAsync(Flip(hash, 31)), await EvidenceAsync(Flip(hash, 32)));
        await ImportAsync($"pdq\n{hash}");

        await RunAsync<RecognizeEvidence>(near.Id);
        await RunAsync<RecognizeEvidence>(far.Id);

        Assert.Equal(31, Assert.Single(await MatchesAsync(near)).Distance);
        Assert.Empty(await MatchesAsync(far));
    }

    [Fact]
    public async Task Recognize_NegativeListKnowsItBetter_CountsForNothing()
    {
        var hash = Hash();
        var (report, item) = await EvidenceAsync(hash);
        await ImportAsync($"pdq\n{Flip(hash, 9)}");
        await ImportAsync($"pdq\n{Flip(hash, 3)}", HashListMeaning.KnownBenign);

        await RunAsync<RecognizeEvidence>(item.Id);

        var matches = await MatchesAsync(item);
        Assert.Equal([(HashListMeaning.KnownAbuseMaterial, true), (HashListMeaning.KnownBenign, false)], matches.Select(m => (m.Meaning, m.Suppressed)).Order());
        var now = await host.WithDatabaseAsync(db => db.Reports.SingleAsync(r => r.Id == report.Id));
        Assert.DoesNotContain(now.Assessment.Hits, h => h.RuleId == "U3");
    }

    [Fact]
    public async Task Recognize_NegativeListByLikeness_DoesNotExcuseTheVeryFile()
    {
        var hash = Hash();
        var (_, item) = await EvidenceAsync(hash);
        await ImportAsync($"sha256\n{Convert.ToHexString(item.Sha256!)}");
        await ImportAsync($"pdq\n{hash}", HashListMeaning.KnownBenign);

        await RunAsync<RecognizeEvidence>(item.Id);

        Assert.False((await MatchesAsync(item)).Single(m => m.Kind is HashKind.Sha256).Suppressed);
    }

    [Fact]
    public async Task Recognize_FloodOfMatches_PutsTheHashOutOfUse()
    {
        var hash = Hash();
        await ImportAsync($"pdq\n{hash}");
        var entry = await host.WithDatabaseAsync(db => db.Set<HashListEntry>().SingleAsync(e => e.Value == hash.ToBytes()));
        await AddMatchesAsync(entry, new RecognitionOptions().FloodThreshold, TimeProvider.System.GetUtcNow());
        var ((_, last), (_, after)) = (await EvidenceAsync(hash), await EvidenceAsync(hash));

        await RunAsync<RecognizeEvidence>(last.Id);
        await RunAsync<RecognizeEvidence>(after.Id);

        Assert.Single(await MatchesAsync(last));
        Assert.Empty(await MatchesAsync(after));
        Assert.NotNull(await host.WithDatabaseAsync(db => db.Set<HashListEntry>().Where(e => e.Id == entry.Id).Select(e => e.DisabledAt).SingleAsync()));
        Assert.True(await host.WithDatabaseAsync(db => db.Ledger.AnyAsync(e => e.Action == "hash_quarantined" && e.Details.Contains(entry.Id.ToString()))));
    }

    [Fact]
    public async Task Recognize_ManyFilesThatCameLongAgo_AreNoFlood()
    {
        var hash = Hash();
        await ImportAsync($"pdq\n{hash}");
        var entry = await host.WithDatabaseAsync(db => db.Set<HashListEntry>().SingleAsync(e => e.Value == hash.ToBytes()));
        await AddMatchesAsync(entry, 2 * new RecognitionOptions().FloodThreshold, TimeProvider.System.GetUtcNow().AddDays(-1));
        var (_, item) = await EvidenceAsync(hash);

        await RunAsync<RecognizeEvidence>(item.Id);

        Assert.Null(await host.WithDatabaseAsync(db => db.Set<HashListEntry>().Where(e => e.Id == entry.Id).Select(e => e.DisabledAt).SingleAsync()));
    }

    [Fact]
    public async Task Recognize_LikePictureInAnotherReport_LinksThemOnce()
    {
        var hash = Hash();
        var ((_, first), (_, second)) = (await EvidenceAsync(hash), await EvidenceAsync(Flip(hash, 12)));

        await RunAsync<RecognizeEvidence>(first.Id);
        await RunAsync<RecognizeEvidence>(second.Id);

        var link = Assert.Single(await host.WithDatabaseAsync(db =>
            db.Set<RelatedEvidence>().Where(r => r.EvidenceId == first.Id || r.EarlierEvidenceId == first.Id).ToListAsync()));
        Assert.Equal(12, link.Distance);
        Assert.Contains(second.Id, new[] { link.EvidenceId, link.EarlierEvidenceId });
    }

    [Fact]
    public async Task Screen_Photo_KeepsItsFingerprintAndAsksForRecognition()
    {
        var photo = await Media.JpegAsync(800, 600);
        var report = await host.AddAsync();
        var now = TimeProvider.System.GetUtcNow();
        var item = EvidenceItem.Begin(RandomNumberGenerator.GetBytes(32), "a.jpg", "image/jpeg", photo.Length, now, TimeSpan.FromDays(1));
        item.Complete(photo.Length, SHA256.HashData(photo), now);
        item.AttachTo(report.Id);
#pragma warning disable CA5351 // MD5 is what hash lists use
        item.StartScreening(MD5.HashData(photo));
#pragma warning restore CA5351
        await using (var scope = host.Services.CreateAsyncScope())
        {
            using var content = new MemoryStream(photo);
            await scope.ServiceProvider.GetRequiredService<IEvidenceStore>().WriteAsync(BlobKey.Original(item.Id), content, default);
        }

        await host.WithDatabaseAsync(db =>
        {
            db.Add(item);
            return db.SaveChangesAsync();
        });

        await RunAsync<ScreenEvidence>(item.Id);

        var fingerprint = Assert.Single(await host.WithDatabaseAsync(db => db.Set<EvidenceFingerprint>().Where(f => f.EvidenceId == item.Id).ToListAsync()));
        Assert.Equal(0, fingerprint.Frame);
        var asked = await host.WithDatabaseAsync(db => db.Jobs.Where(j => j.Type == nameof(RecognizeEvidence)).Select(j => j.Argument).ToListAsync());
        Assert.Contains(asked, a => a.Contains(item.Id.ToString(), StringComparison.Ordinal));
        await RunAsync<RecognizeEvidence>(item.Id);
        Assert.Equal("800", (await host.Services.GetRequiredService<MetadataSheets>().ReadAsync(item.Id, default))!.Facts["width"]);
    }

    [Fact]
    public async Task Import_SameFileTwice_AddsOnce()
    {
        var text = $"sha256,md5,pdq,list,meaning,source\n{Hash()},{Hash().ToString()[..32]},{Hash()},\"List, {Guid.NewGuid()}\",known_benign,Somebody";

        var (first, second) = (await SendAsync(text, HashListFormat.Csv), await SendAsync(text, HashListFormat.Csv));

        Assert.Equal(new ImportHashList.Imported(3, 0), first.Value);
        Assert.Equal(new ImportHashList.Imported(0, 3), second.Value);
    }

    [Fact]
    public async Task Import_WrongLines_NamesEachAndKeepsNothing()
    {
        var good = Hash();

        var result = await SendAsync($"pdq\n{good}\nnonsense\n\n{good},more\n", HashListFormat.Csv, $"List {Guid.NewGuid()}");

        Assert.Equal([("line 3", "hash_invalid"), ("line 5", "hash_list_row_invalid")], result.Error!.Fields.Select(f => (f.Field, f.Code)));
        Assert.False(await host.WithDatabaseAsync(db => db.Set<HashListEntry>().AnyAsync(e => e.Value == good.ToBytes())));
    }

    [Theory]
    [InlineData("", "hash_list_empty")]
    [InlineData("[]", "hash_list_empty")]
    [InlineData("[{\"pdq\": \"12\"}]", "validation_failed")]
    [InlineData("[{\"pdq\": ", "validation_failed")]
    [InlineData("{}", "validation_failed")]
    public async Task Import_WrongJson_IsRefused(string text, string code)
    {
        var result = await SendAsync(text, HashListFormat.Json, "Wrong");

        Assert.Equal(text.Length == 0 ? "validation_failed" : code, result.Error!.Code);
    }

    [Fact]
    public async Task Api_Json_ImportsAndLists()
    {
        using var admin = await host.StaffClientAsync(StaffRoles.Admin);
        var name = $"List {Guid.NewGuid()}";
        var rows = new[] { new { kind = "pdq", value = Hash().ToString() }, new { kind = "sha256", value = Hash().ToString() } };

        using var answer = await admin.PostAsJsonAsync($"/api/v1/admin/hash-lists?name={Uri.EscapeDataString(name)}&meaning=known_abuse_material&source=Test", rows);

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal(2, (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("added").GetInt32());
        var lists = await admin.GetFromJsonAsync<JsonElement>("/api/v1/admin/hash-lists");
        var list = lists.GetProperty("items").EnumerateArray().Single(l => l.GetProperty("name").GetString() == name);
        Assert.Equal((2, "known_abuse_material"), (list.GetProperty("hashes").GetInt32(), list.GetProperty("meaning").GetString()));
    }

    [Fact]
    public async Task Api_AnotherType_IsRefused()
    {
        using var admin = await host.StaffClientAsync(StaffRoles.Admin);

        using var answer = await admin.PostAsync("/api/v1/admin/hash-lists", new StringContent("x", Encoding.UTF8, "text/plain"));

        Assert.Equal(HttpStatusCode.UnsupportedMediaType, answer.StatusCode);
    }

    /// <summary>Files that came at a time and were found on a list now.</summary>
    private Task<int> AddMatchesAsync(HashListEntry entry, int count, DateTimeOffset came) => host.WithDatabaseAsync(db =>
    {
        foreach (var _ in Enumerable.Range(0, count))
        {
            var item = EvidenceItem.Begin(RandomNumberGenerator.GetBytes(32), "a.jpg", "image/jpeg", 1, came, TimeSpan.FromDays(1));
            item.Complete(1, RandomNumberGenerator.GetBytes(32), came);
            db.Add(item);
            db.Add(new MatchRecord
            {
                Id = Guid.NewGuid(),
                EvidenceId = item.Id,
                EntryId = entry.Id,
                HashListId = entry.HashListId,
                Meaning = HashListMeaning.KnownAbuseMaterial,
                Kind = HashKind.Pdq,
                Distance = 0,
                Suppressed = false,
                At = TimeProvider.System.GetUtcNow(),
            });
        }

        return db.SaveChangesAsync();
    });

    private async Task<(Report Report, EvidenceItem Item)> EvidenceAsync(PdqHash? hash = null)
    {
        var report = await host.AddAsync(Domain.Triage.Tier.NonUrgent);
        var item = await host.AddEvidenceAsync(report.Id, RandomNumberGenerator.GetBytes(100), [1, 2, 3]);
        if (hash is { } known)
        {
            await host.WithDatabaseAsync(db =>
            {
                db.Add(new EvidenceFingerprint { EvidenceId = item.Id, Frame = 0, Hash = known.ToBytes(), Quality = 100, At = TimeProvider.System.GetUtcNow() });
                return db.SaveChangesAsync();
            });
        }

        return (report, item);
    }

    private Task<List<MatchRecord>> MatchesAsync(EvidenceItem item) =>
        host.WithDatabaseAsync(db => db.Set<MatchRecord>().Where(m => m.EvidenceId == item.Id).ToListAsync());

    private async Task ImportAsync(string csv, HashListMeaning meaning = HashListMeaning.KnownAbuseMaterial) =>
        Assert.True((await SendAsync(csv, HashListFormat.Csv, $"List {Guid.NewGuid()}", meaning)).IsSuccess);

    private async Task<Result<ImportHashList.Imported>> SendAsync(
        string text, HashListFormat format, string? name = null, HashListMeaning meaning = HashListMeaning.KnownAbuseMaterial)
    {
        _ = host.Address;
        await using var scope = host.Services.CreateAsyncScope();
        using var content = new MemoryStream(Encoding.UTF8.GetBytes(text));
        return await scope.ServiceProvider.GetRequiredService<IMediator>()
            .Send(new ImportHashList.Command(content, format, name, name is null ? null : meaning.Name(), name is null ? null : "Test", Actor.System));
    }

    private async Task RunAsync<TJob>(Guid item) where TJob : IJob<Guid>
    {
        _ = host.Address;
        await using var scope = host.Services.CreateAsyncScope();
        await scope.ServiceProvider.GetRequiredService<TJob>().ExecuteAsync(item, CancellationToken.None);
    }

    private static PdqHash Hash() => PdqHash.FromBytes(RandomNumberGenerator.GetBytes(PdqHash.Size));

    /// <summary>The first bits turned over.</summary>
    private static PdqHash Flip(PdqHash hash, int bits) => hash with { A = hash.A ^ ((1UL << bits) - 1) };
}

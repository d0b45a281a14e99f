using Microsoft.EntityFrameworkCore;
using ReportIntake.Web.Evidence.Recognition;
using ReportIntake.Web.Evidence.Store;
using ReportIntake.Web.Jobs;
using ReportIntake.Web.Tests.Moderation;

namespace ReportIntake.Web.Tests.Evidence.Recognition;

/// <summary>Lists that come after the evidence.</summary>
public sealed class SearchEarlierEvidenceTests(ModerationHost host) : IClassFixture<ModerationHost>
{
    [Theory]
    [InlineData("sha256")]
    [InlineData("md5")]
    [InlineData("pdq")]
    public async Task Search_ListLearnsOfAFileThatIsHere_RecognisesItAndRaisesTheReport(string kind)
    {
        var frames = RecognitionSteps.Hashes(1);
        var item = await host.AddFilmAsync(frames);
        await host.RunAsync<RecognizeEvidence>(item.Id);
        Assert.Empty(await host.MatchesAsync(item.Id));
        var value = kind switch { "sha256" => Convert.ToHexString(item.Sha256!), "md5" => Convert.ToHexString(item.Md5!), _ => frames[0].ToString() };

        var list = await host.ImportAsync($"kind,value\n{kind},{value}");
        Assert.True(await host.WithDatabaseAsync(d => d.Jobs.AnyAsync(j => j.Type == nameof(SearchEarlierEvidence) && j.Argument.Contains(list.ToString()))));
        await host.RunAsync<SearchEarlierEvidence>(list);
        await host.RunAskedForAsync(item.Id);

        Assert.Single(await host.MatchesAsync(item.Id));
        var report = await host.WithDatabaseAsync(d => d.Reports.SingleAsync(r => r.Id == item.ReportId));
        Assert.Contains(report.Assessment.Hits, h => h.RuleId == "U3");
    }

    [Fact]
    public async Task Search_ManyHashes_GoesThroughAllBatchesOnce()
    {
        var frames = RecognitionSteps.Hashes(1);
        var item = await host.AddFilmAsync(frames);
        var list = await host.ImportAsync($"pdq\n{string.Join('\n', RecognitionSteps.Hashes(1200))}\n{frames[0]}");

        await host.RunAsync<SearchEarlierEvidence>(list);
        await host.RunAsync<SearchEarlierEvidence>(list);

        Assert.False(await host.WithDatabaseAsync(d => d.Set<HashListEntry>().AnyAsync(e => e.HashListId == list && e.SearchedAt == null)));
        Assert.Equal(1, await host.WithDatabaseAsync(d => d.Jobs.CountAsync(j => j.Type == nameof(RecognizeEvidence) && j.Argument.Contains(item.Id.ToString()))));
    }

    [Fact]
    public async Task Search_NegativeListComesLater_TakesTheWeightFromWhatWasRecorded()
    {
        var frames = RecognitionSteps.Hashes(1);
        var item = await host.AddFilmAsync(frames);
        await host.ImportAsync($"pdq\n{frames[0]}");
        await host.RunAsync<RecognizeEvidence>(item.Id);
        Assert.False(Assert.Single(await host.MatchesAsync(item.Id)).Suppressed);

        await host.RunAsync<SearchEarlierEvidence>(await host.ImportAsync($"pdq\n{frames[0]}", HashListMeaning.KnownBenign));
        await host.RunAskedForAsync(item.Id);

        var matches = await host.MatchesAsync(item.Id);
        Assert.True(matches.Single(m => m.Meaning is HashListMeaning.KnownAbuseMaterial).Suppressed);
        Assert.True(await host.WithDatabaseAsync(d => d.Ledger.AnyAsync(e => e.EvidenceId == item.Id && e.Action == "evidence_match_suppressed")));
    }

    [Fact]
    public async Task Delete_Traces_LeavesNothingToTellAFileBy()
    {
        var frames = RecognitionSteps.Hashes(2);
        var (item, other) = (await host.AddFilmAsync(frames), await host.AddFilmAsync(frames));
        await host.ImportAsync($"pdq\n{string.Join('\n', frames)}");
        await host.RunAsync<RecognizeEvidence>(item.Id);
        await host.RunAsync<RecognizeEvidence>(other.Id);

        await host.WithDatabaseAsync(async d =>
        {
            await RecognitionTraces.DeleteAsync(d, [item.Id], default);
            return true;
        });

        Assert.Empty(await host.MatchesAsync(item.Id));
        Assert.False(await host.WithDatabaseAsync(d => d.Set<EvidenceFingerprint>().AnyAsync(f => f.EvidenceId == item.Id)));
        Assert.False(await host.WithDatabaseAsync(d => d.Set<RelatedEvidence>().AnyAsync(r => r.EvidenceId == item.Id || r.EarlierEvidenceId == item.Id)));
        Assert.NotEmpty(await host.MatchesAsync(other.Id));
        Assert.Contains(new BlobKey(item.Id, BlobKind.MetadataSheet), BlobKey.AllOf(item.Id));
    }
}

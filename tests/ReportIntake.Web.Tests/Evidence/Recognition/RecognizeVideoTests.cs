using Microsoft.EntityFrameworkCore;
using ReportIntake.Web.Evidence.Recognition;
using ReportIntake.Web.Jobs;
using ReportIntake.Web.Tests.Moderation;

namespace ReportIntake.Web.Tests.Evidence.Recognition;

/// <summary>vPDQ's rule: a video counts by the share of its useful frames, never by a single one.</summary>
public sealed class RecognizeVideoTests(ModerationHost host) : IClassFixture<ModerationHost>
{
    [Theory]
    [InlineData(7, false)]
    [InlineData(8, true)]
    public async Task Recognize_VideoOnAList_CountsFrom80PercentOfItsFrames(int onTheList, bool known)
    {
        var frames = RecognitionSteps.Hashes(10);
        var item = await host.AddFilmAsync(frames);
        await host.ImportAsync($"pdq\n{string.Join('\n', frames.Take(onTheList))}");

        await host.RunAsync<RecognizeEvidence>(item.Id);

        Assert.Equal(known ? onTheList : 0, (await host.MatchesAsync(item.Id)).Count);
    }

    [Fact]
    public async Task Recognize_FramesWithNothingToSee_CountNeitherWay()
    {
        var frames = RecognitionSteps.Hashes(5);
        var item = await host.AddFilmAsync(frames, RecognitionSteps.Hashes(20));
        await host.ImportAsync($"pdq\n{string.Join('\n', frames)}");

        await host.RunAsync<RecognizeEvidence>(item.Id);

        Assert.Equal(5, (await host.MatchesAsync(item.Id)).Count);
    }

    [Fact]
    public async Task Recognize_ClipOfAnEarlierVideo_IsLinkedWhicheverCameFirst()
    {
        var frames = RecognitionSteps.Hashes(20);
        var (whole, clip) = (await host.AddFilmAsync(frames), await host.AddFilmAsync(frames[3..8]));

        await host.RunAsync<RecognizeEvidence>(whole.Id);

        Assert.Single(await LinksAsync(clip.Id));
    }

    [Fact]
    public async Task Recognize_VideosThatShareATitleCard_AreNotLinked()
    {
        var title = RecognitionSteps.Hashes(1);
        var (one, another) = (await host.AddFilmAsync([.. title, .. RecognitionSteps.Hashes(9)]), await host.AddFilmAsync([.. title, .. RecognitionSteps.Hashes(9)]));

        await host.RunAsync<RecognizeEvidence>(one.Id);
        await host.RunAsync<RecognizeEvidence>(another.Id);

        Assert.Empty(await LinksAsync(one.Id));
    }

    private Task<List<RelatedEvidence>> LinksAsync(Guid item) =>
        host.WithDatabaseAsync(d => d.Set<RelatedEvidence>().Where(r => r.EvidenceId == item || r.EarlierEvidenceId == item).ToListAsync());
}

using ReportIntake.Domain.Reports;
using ReportIntake.Domain.Triage;
using static ReportIntake.Domain.Tests.Reports.Sample;

namespace ReportIntake.Domain.Tests.Reports;

/// <summary>What sends help sooner needs one person, what stops help needs two.</summary>
public sealed class SecondReviewTests
{
    [Theory]
    [InlineData(Tier.Immediate, false)]
    [InlineData(Tier.NonUrgent, true)]
    public void Reject_ChildSafetyOrImmediate_WaitsForASecondPerson(Tier tier, bool childSafety)
    {
        var report = Claimed(tier, childSafety);

        Assert.True(report.Reject(First, Disposition.Unfounded, null, Now).IsSuccess);

        Assert.Equal(ReportState.UnderVerification, report.State);
        Assert.True(report.AwaitingSecondReview);
        Assert.Null(report.ClaimedBy);
        Assert.True(report.InQueue);
    }

    [Fact]
    public void Claim_ByTheFirstVoter_IsRefused()
    {
        var report = AfterFirstVote();

        Assert.Equal("second_vote_by_same_person", report.Claim(First, Now).Error?.Code);
        Assert.Equal("second_vote_by_same_person", report.Reject(First, Disposition.Unfounded, null, Now).Error?.Code);
    }

    [Fact]
    public void Reject_BySecondPerson_Rejects()
    {
        var report = AfterFirstVote();
        report.Claim(Second, Now);

        Assert.True(report.Reject(Second, Disposition.NotIllegal, null, Now).IsSuccess);

        Assert.Equal((ReportState.Rejected, Disposition.NotIllegal), (report.State, report.Disposition));
        Assert.All(report.Votes, v => Assert.False(v.Pending));
    }

    [Fact]
    public void Verify_AfterAVoteToReject_SendsHelp()
    {
        var report = AfterFirstVote();
        report.Claim(Second, Now);

        Assert.True(report.Verify(Second, "sextortion", true, Tier.Urgent, null, Now).IsSuccess);

        Assert.Equal(ReportState.Verified, report.State);
        Assert.False(report.AwaitingSecondReview);
    }

    [Fact]
    public void Release_BySecondReviewer_KeepsTheFirstVote()
    {
        var report = AfterFirstVote();
        report.Claim(Second, Now);

        Assert.True(report.Release(Second, Now).IsSuccess);

        Assert.Equal(ReportState.UnderVerification, report.State);
        Assert.True(report.AwaitingSecondReview && report.InQueue);
    }

    [Fact]
    public void Retriage_LeavingImmediate_NeedsTwoAndTheMorePressingStands()
    {
        var report = Claimed();
        report.Verify(First, "kidnapping", true, Tier.Immediate, null, Now);

        Assert.True(report.Retriage(First, Tier.NonUrgent, "Old.", Now).IsSuccess);
        Assert.Equal((Tier.Immediate, true), (report.Tier, report.AwaitingSecondRetriage));
        Assert.Equal("second_vote_by_same_person", report.Retriage(First, Tier.NonUrgent, "Old.", Now).Error?.Code);

        Assert.True(report.Retriage(Police, Tier.Urgent, "No danger now.", Now).IsSuccess);
        Assert.Equal((Tier.Urgent, false), (report.Tier, report.AwaitingSecondRetriage));
    }

    [Fact]
    public void Retriage_TowardsImmediate_NeedsOnePerson()
    {
        var report = In(ReportState.InFollowUp);

        Assert.True(report.Retriage(Police, Tier.Immediate, "Meeting today.", Now).IsSuccess);

        Assert.Equal(Tier.Immediate, report.Tier);
    }

    private static Report AfterFirstVote()
    {
        var report = Claimed(childSafety: true);
        Assert.True(report.Reject(First, Disposition.Unfounded, "secret of the first", Now).IsSuccess);
        return report;
    }
}

using ReportIntake.Domain.Reports;
using ReportIntake.Domain.Triage;
using static ReportIntake.Domain.Tests.Reports.Sample;

namespace ReportIntake.Domain.Tests.Reports;

public sealed class ReporterTests
{
    [Fact]
    public void Submit_NothingTold_IsRefused()
    {
        var facts = new ReportFacts { Category = "other", ChildSafety = false, Description = "  " };

        Assert.Equal("report_empty", Report.Submit("RI-2026-000001", [1], facts, new Assessment(Tier.NonUrgent, "test", [], Now), 0, Now).Error?.Fields[0].Code);
    }

    [Fact]
    public void AddMessage_AnsweringAQuestion_TakesItsPlaceInTheQueueAgain()
    {
        var report = In(ReportState.NeedsInformation);
        var (rank, since) = (report.QueueRank, report.SubmittedAt);

        Assert.True(report.AddMessage("The account is @x.", Now).IsSuccess);

        Assert.Equal((ReportState.Received, rank, since), (report.State, report.QueueRank, report.SubmittedAt));
    }

    [Theory]
    [InlineData(ReportState.Rejected)]
    [InlineData(ReportState.Duplicate)]
    [InlineData(ReportState.Resolved)]
    [InlineData(ReportState.Closed)]
    public void AddEvidence_EndedReport_ReopensItOnce(ReportState ended)
    {
        var report = In(ended);

        Assert.True(report.AddEvidence(1, Now).IsSuccess);
        Assert.Equal(ReportState.Received, report.State);

        report.Claim(First, Now);
        report.Reject(First, Disposition.Unfounded, null, Now);
        Assert.Equal("reopened_already", report.AddEvidence(1, Now).Error?.Code);
    }

    [Theory]
    [InlineData(ReportState.Withdrawn)]
    [InlineData(ReportState.Purged)]
    public void AddEvidence_NobodyWorksOnIt_IsRefused(ReportState state) =>
        Assert.Equal("transition_refused", In(state).AddEvidence(1, Now).Error?.Code);

    [Fact]
    public void Reassess_LessPressing_NeverLowers()
    {
        var report = Received(Tier.Immediate);

        report.Reassess(new Assessment(Tier.NonUrgent, "test", [], Now), Now);

        Assert.Equal(Tier.Immediate, report.ProvisionalTier);
    }

    [Fact]
    public void Purge_UnderLegalHold_IsRefused()
    {
        var report = In(ReportState.Closed);
        Assert.True(report.Preserve(Police, null, "For the trial.", Now).IsSuccess);

        Assert.Equal("legal_hold", report.Purge(Now).Error?.Code);
    }

    [Fact]
    public void Purge_ClosedReport_LeavesNothingAPersonWrote()
    {
        var report = In(ReportState.Purged);

        Assert.Null(report.Description);
        Assert.Empty(report.Messages);
        Assert.Empty(report.Subjects);
        Assert.Empty(report.Notes);
    }
}

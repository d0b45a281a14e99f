using ReportIntake.Domain.Calendar;
using ReportIntake.Domain.Reports;
using ReportIntake.Domain.Triage;
using static ReportIntake.Domain.Tests.Reports.Sample;

namespace ReportIntake.Domain.Tests.Reports;

public sealed class ClockTests
{
    private static readonly string[] Roles = ["supervisor"];

    [Theory]
    [InlineData(Tier.Immediate)]
    [InlineData(Tier.Urgent)]
    [InlineData(Tier.NonUrgent)]
    public void Submit_Tier_IsDueByTheCalendar(Tier tier)
    {
        var report = Received(tier);

        Assert.Equal(WorkingCalendar.Default.DueAt(tier, Now), report.DueAt);
        Assert.Equal(report.DueAt, report.EscalatesAt);
    }

    [Fact]
    public void Reassess_MorePressing_IsDueSooner()
    {
        var report = Received(Tier.NonUrgent);

        report.Reassess(new Assessment(Tier.Immediate, "test", [], Now), Now.AddHours(1));

        Assert.Equal(Now + WorkingCalendar.ImmediateTarget, report.DueAt);
    }

    [Fact]
    public void Return_ByPolice_StartsTheClockAgain()
    {
        var report = In(ReportState.InFollowUp);
        var later = Now.AddDays(5);

        Assert.True(report.Return(Police, "Which account?", later).IsSuccess);

        Assert.Equal(later, report.ClockStartedAt);
        Assert.Equal(later + WorkingCalendar.UrgentTarget, report.DueAt);
    }

    [Fact]
    public void SupplyInformation_Answered_KeepsItsPlace()
    {
        var report = In(ReportState.NeedsInformation);
        var due = report.DueAt;

        Assert.True(report.ReturnFromSilence(Now.AddDays(14)).IsSuccess);

        Assert.Equal(due, report.DueAt);
    }

    [Fact]
    public void Escalate_TimeIsUp_HappensOnceAndLeavesTheVersion()
    {
        var report = Claimed(Tier.Immediate);
        var version = report.Version;
        report.ClearEvents();

        Assert.True(report.Escalate(Roles, report.DueAt).IsSuccess);
        Assert.False(report.Escalate(Roles, report.DueAt.AddDays(1)).IsSuccess);

        var told = Assert.Single(report.Events);
        Assert.Equal((ReportAction.ReportOverdue, ReportState.UnderVerification, "supervisor"), (told.Action, told.To, told.Details["escalatedTo"]));
        Assert.Equal((version, First.Id), (report.Version, report.ClaimedBy));
    }

    [Fact]
    public void Escalate_InTime_IsRefused() => Assert.Equal("transition_refused", Received().Escalate(Roles, Now).Error?.Code);

    [Theory]
    [InlineData(ReportState.NeedsInformation)]
    [InlineData(ReportState.Verified)]
    [InlineData(ReportState.Rejected)]
    [InlineData(ReportState.Withdrawn)]
    public void Escalate_NotWithTheModerators_IsNeverDue(ReportState state) => Assert.Null(In(state).EscalatesAt);

    [Fact]
    public void Escalate_ReturnedAfterwards_MayHappenAgain()
    {
        var report = In(ReportState.Received);
        Assert.True(report.Escalate(Roles, report.DueAt).IsSuccess);
        Assert.Null(report.EscalatesAt);
        var late = report.UpdatedAt;
        Assert.True(report.Claim(First, late).IsSuccess);
        Assert.True(report.Verify(First, "online_fraud", false, Tier.Urgent, null, late).IsSuccess);

        Assert.True(report.Return(Police, "Which account?", late.AddDays(1)).IsSuccess);

        Assert.Equal(report.DueAt, report.EscalatesAt);
        Assert.True(report.Escalate(Roles, report.DueAt).IsSuccess);
    }
}

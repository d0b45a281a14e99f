using ReportIntake.Domain.Reports;
using ReportIntake.Domain.Triage;
using static ReportIntake.Domain.Tests.Reports.Sample;

namespace ReportIntake.Domain.Tests.Reports;

public sealed class ClaimTests
{
    [Fact]
    public void Claim_HeldByAnother_IsRefused() =>
        Assert.Equal("claimed_by_another", Claimed().Claim(Second, Now).Error?.Code);

    [Fact]
    public void Claim_LapsedLease_GoesToTheNextPerson()
    {
        var report = Claimed();

        Assert.True(report.Claim(Second, Now + Report.ClaimLease).IsSuccess);

        Assert.Equal(Second.Id, report.ClaimedBy);
        Assert.Contains(report.Events, e => e.Action is ReportAction.ClaimLapsed);
    }

    [Fact]
    public void Claim_ByItsHolder_RenewsWithoutANewVersion()
    {
        var report = Claimed();
        var version = report.Version;

        Assert.True(report.Claim(First, Now.AddMinutes(10)).IsSuccess);

        Assert.Equal((version, Now.AddMinutes(10) + Report.ClaimLease), (report.Version, report.ClaimedUntil));
    }

    [Fact]
    public void Claim_ByItsHolderAfterTheLease_IsANewClaim()
    {
        var report = Claimed();
        report.ClearEvents();

        Assert.True(report.Claim(First, Now + Report.ClaimLease).IsSuccess);

        Assert.Equal([ReportAction.ClaimLapsed, ReportAction.Claimed], report.Events.Select(e => e.Action));
    }

    [Fact]
    public void Leave_ByItsHolder_LetsTheClaimLapseSoonUnlessRenewed()
    {
        var report = Claimed();
        var version = report.Version;

        Assert.True(report.Leave(First, Now).IsSuccess);
        Assert.Equal((version, Now + Report.LeaveGrace), (report.Version, report.ClaimedUntil));
        Assert.True(report.Claim(First, Now.AddSeconds(1)).IsSuccess);

        Assert.Equal(Now.AddSeconds(1) + Report.ClaimLease, report.ClaimedUntil);
    }

    [Fact]
    public void Leave_ShortlyBeforeTheEnd_ProlongsNothing()
    {
        var report = Claimed();

        Assert.True(report.Leave(First, Now + Report.ClaimLease - TimeSpan.FromSeconds(1)).IsSuccess);

        Assert.Equal(Now + Report.ClaimLease, report.ClaimedUntil);
    }

    [Fact]
    public void Leave_ByAnother_IsRefused() => Assert.Equal("claimed_by_another", Claimed().Leave(Second, Now).Error?.Code);

    [Fact]
    public void Verify_ExpiredClaim_IsRefused() => Assert.Equal(
        "claim_expired",
        Claimed().Verify(First, "sextortion", true, Tier.Urgent, null, Now + Report.ClaimLease).Error?.Code);

    [Fact]
    public void Verify_WithoutClaim_IsRefused() => Assert.Equal(
        "claimed_by_another",
        Claimed().Verify(Second, "sextortion", true, Tier.Urgent, null, Now).Error?.Code);

    [Fact]
    public void Release_BySupervisor_FreesAnothersClaim()
    {
        var report = Claimed();

        Assert.True(report.Release(Supervisor, Now).IsSuccess);

        Assert.Equal(ReportState.Received, report.State);
    }

    [Fact]
    public void Return_ByPolice_ComesFirstInItsTier()
    {
        var fresh = Received(Tier.Urgent);
        var returned = In(ReportState.InFollowUp);

        Assert.True(returned.Return(Police, "Which account?", Now).IsSuccess);

        Assert.True(returned.QueueRank < fresh.QueueRank);
        Assert.True(returned.QueueRank > Received(Tier.Immediate).QueueRank);
    }
}

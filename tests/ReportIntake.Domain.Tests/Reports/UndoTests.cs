using ReportIntake.Domain.Reports;
using ReportIntake.Domain.Results;
using ReportIntake.Domain.Triage;
using static ReportIntake.Domain.Tests.Reports.Sample;

namespace ReportIntake.Domain.Tests.Reports;

/// <summary>For a while a decision can be undone, and the outside knows nothing of it.</summary>
public sealed class UndoTests
{
    private static readonly TimeSpan Window = TimeSpan.FromSeconds(10);
    private static readonly DateTimeOffset Soon = Now.AddSeconds(9);
    private static readonly DateTimeOffset Over = Now.AddSeconds(10);

    private static readonly Dictionary<string, Func<Report, Result>> Made = new()
    {
        ["verify"] = r => r.Verify(First, "sextortion", true, Tier.Urgent, "Age named.", Now),
        ["reject"] = r => r.Reject(First, Disposition.Unfounded, "A joke.", Now),
        ["ask"] = r => r.RequestInformation(First, "Which app?", Now.AddDays(14), Now),
        ["duplicate"] = r => r.MarkDuplicate(First, Received(), Now),
    };

    public static TheoryData<string> Decisions => [.. Made.Keys];

    [Theory]
    [MemberData(nameof(Decisions))]
    public void Undo_InTime_BringsStateAndClaimBack(string decision)
    {
        var report = Claimed();
        var before = Facts(report);
        Assert.True(report.Decide(Window, Now, Made[decision]).IsSuccess);
        var decided = report.State;

        Assert.True(report.Undo(First, Soon).IsSuccess);

        Assert.NotEqual(ReportState.UnderVerification, decided);
        Assert.Equal(before, Facts(report));
        Assert.Equal((First.Id, Soon + Report.ClaimLease), (report.ClaimedBy, report.ClaimedUntil));
        Assert.Empty(report.Messages);
        Assert.Empty(report.Notes);
        Assert.Equal(ReportAction.DecisionUndone, report.Events[^1].Action);
        Assert.Equal(2, report.Events.Count(e => e.Told is not Telling.TheOutsideOnly && e.At >= Now && e.Action is not (ReportAction.Submitted or ReportAction.Assessed or ReportAction.Claimed)));
    }

    [Theory]
    [MemberData(nameof(Decisions))]
    public void Decide_UntilTold_IsInTheLedgerOnly(string decision)
    {
        var report = Claimed();
        report.ClearEvents();

        Assert.True(report.Decide(Window, Now, Made[decision]).IsSuccess);

        Assert.False(report.WithPolice);
        Assert.Equal(Telling.TheLedgerOnly, Assert.Single(report.Events).Told);
        Assert.Equal("transition_refused", report.TellOutside(Soon).Error?.Code);
    }

    [Fact]
    public void TellOutside_Verified_IsWithThePoliceAndToldOnce()
    {
        var report = Claimed();
        report.Decide(Window, Now, Made["verify"]);
        var version = report.Version;
        report.ClearEvents();

        Assert.True(report.TellOutside(Over).IsSuccess);

        var told = Assert.Single(report.Events);
        Assert.Equal((PoliceEventType.Verified, Telling.TheOutsideOnly), (told.PoliceEvent, told.Told));
        Assert.Equal((true, version, Over), (report.WithPolice, report.Version, report.UpdatedAt));
        Assert.Equal("undo_too_late", report.Undo(First, Over).Error?.Code);
    }

    [Fact]
    public void Undo_ByAnother_IsRefused()
    {
        var report = Claimed();
        report.Decide(Window, Now, Made["verify"]);

        Assert.Equal("undo_by_another", report.Undo(Second, Soon).Error?.Code);
        Assert.Equal(ReportState.Verified, report.State);
    }

    [Fact]
    public void Undo_TimeOver_IsRefusedThoughNobodyWasToldYet()
    {
        var report = Claimed();
        report.Decide(Window, Now, Made["reject"]);

        Assert.Equal("undo_too_late", report.Undo(First, Over).Error?.Code);
    }

    [Fact]
    public void Undo_FirstVote_TakesItBack()
    {
        var report = Claimed(Tier.Immediate);
        report.Decide(Window, Now, Made["reject"]);
        Assert.True(report.AwaitingSecondReview);

        Assert.True(report.Undo(First, Soon).IsSuccess);

        Assert.Equal((false, null, First.Id), (report.AwaitingSecondReview, report.FirstVoterId, report.ClaimedBy));
        Assert.Empty(report.Votes);
        Assert.False(report.InQueue);
    }

    [Fact]
    public void Undo_SecondPersonHasClaimed_IsTooLate()
    {
        var report = Claimed(Tier.Immediate);
        report.Decide(Window, Now, Made["reject"]);
        Assert.True(report.Claim(Second, Now).IsSuccess);

        Assert.Equal("undo_too_late", report.Undo(First, Soon).Error?.Code);
    }

    [Fact]
    public void Undo_SecondVote_OpensTheFirstAgain()
    {
        var report = Claimed(Tier.Immediate);
        report.Decide(Window, Now, Made["reject"]);
        report.Claim(Second, Now);
        report.Decide(Window, Now, r => r.Reject(Second, Disposition.NotIllegal, null, Now));
        Assert.Equal(ReportState.Rejected, report.State);

        Assert.True(report.Undo(Second, Soon).IsSuccess);

        Assert.Equal((true, First.Id, Second.Id), (report.AwaitingSecondReview, report.FirstVoterId, report.ClaimedBy));
        Assert.True(Assert.Single(report.Votes).Pending);
    }

    [Fact]
    public void Retriage_Held_IsTheDesksTierAndNotYetThePolices()
    {
        var report = In(ReportState.Verified);
        Assert.True(report.Decide(Window, Now, r => r.Retriage(First, Tier.Immediate, "They meet today.", Now)).IsSuccess);

        Assert.Equal((Tier.Urgent, Tier.Immediate, true), (report.Tier, report.DecidedTier, report.WithPolice));
        Assert.Equal("decision_held", report.Retriage(Police, Tier.NonUrgent, "No.", Soon).Error?.Code);
        Assert.True(report.Acknowledge(Police, Soon).IsSuccess);
        Assert.True(report.TellOutside(Over).IsSuccess);
        Assert.Equal((Tier.Immediate, "They meet today."), (report.Tier, report.TierReason));
        Assert.Equal(PoliceEventType.Retriaged, report.Events[^1].PoliceEvent);
    }

    [Fact]
    public void Undo_Retriage_LeavesWhatThePoliceDidMeanwhile()
    {
        var report = In(ReportState.Verified);
        report.Decide(Window, Now, r => r.Retriage(First, Tier.Immediate, "They meet today.", Now));
        report.Acknowledge(Police, Soon);

        Assert.True(report.Undo(First, Soon).IsSuccess);

        Assert.Equal((ReportState.InFollowUp, Tier.Urgent, Tier.Urgent, null), (report.State, report.Tier, report.DecidedTier, report.ClaimedBy));
    }

    [Fact]
    public void Duplicate_Held_GivesItsFilesOnlyWhenTold()
    {
        var (report, canonical) = (Claimed(), In(ReportState.Verified));
        canonical.ClearEvents();

        report.Decide(Window, Now, r => r.MarkDuplicate(First, canonical, Now));

        Assert.Empty(canonical.Events);
        Assert.Equal(1, canonical.EvidenceCount);
        canonical.ReceiveDuplicate(report, First, Over);
        Assert.Equal(2, canonical.EvidenceCount);
    }

    [Fact]
    public void ReporterWritesMeanwhile_Question_StandsAndCannotBeUndone()
    {
        var report = Claimed();
        report.Decide(Window, Now, Made["ask"]);
        Assert.True(report.AddMessage("I know more.", Soon).IsSuccess);

        Assert.Equal("undo_too_late", report.Undo(First, Soon).Error?.Code);
        Assert.Equal((ReportState.Received, null), (report.State, report.UndoUntil));
    }

    [Fact]
    public void ReporterWritesMeanwhile_Verified_TellsThePoliceNothingBefore()
    {
        var report = Claimed();
        report.Decide(Window, Now, Made["verify"]);
        report.ClearEvents();

        Assert.True(report.AddMessage("I know more.", Soon).IsSuccess);

        Assert.Equal(Telling.TheLedgerOnly, Assert.Single(report.Events).Told);
        Assert.False(report.WithPolice);
        Assert.True(report.Undo(First, Soon).IsSuccess);
        Assert.Single(report.Messages);
    }

    [Theory]
    [MemberData(nameof(Decisions))]
    public void HideHeldDecision_OnACopy_ShowsWhatWas(string decision)
    {
        var report = Claimed();
        var before = Facts(report);
        report.Decide(Window, Now, Made[decision]);

        report.HideHeldDecision();

        Assert.Equal(before, Facts(report));
        Assert.Empty(report.Messages);
    }

    [Fact]
    public void Held_AsKept_IsReadBackWhole()
    {
        var report = Claimed();
        report.Decide(Window, Now, Made["reject"]);

        var read = HeldDecision.Read(HeldDecision.Write(report.Held!));

        Assert.Equal(HeldDecision.Write(report.Held!), HeldDecision.Write(read));
        Assert.Equal((First, ReportAction.Rejected, ReportState.UnderVerification), (read.Decided.Actor, read.Decided.Action, read.Before.State));
    }

    [Fact]
    public void Decide_NoWindow_TellsAtOnceAndCannotBeUndone()
    {
        var report = Claimed();

        Assert.True(report.Decide(TimeSpan.Zero, Now, Made["verify"]).IsSuccess);

        Assert.Equal((true, Telling.All, null), (report.WithPolice, report.Events[^1].Told, report.Held));
        Assert.Equal("undo_too_late", report.Undo(First, Now).Error?.Code);
    }

    private static object Facts(Report report) => (
        report.State, report.Category, report.ChildSafety, report.Tier, report.TierReason, report.Disposition, report.CanonicalReportId,
        report.DeadlineAt, report.AwaitingSecondReview, report.WithPolice, report.EndedAt, report.DueAt);
}

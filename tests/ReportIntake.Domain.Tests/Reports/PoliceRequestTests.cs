using ReportIntake.Domain.Reports;
using ReportIntake.Domain.Triage;
using static ReportIntake.Domain.Tests.Reports.Sample;

namespace ReportIntake.Domain.Tests.Reports;

/// <summary>What the police ask for beside their follow-up: to tell or ask the reporter, and to keep the report.</summary>
public sealed class PoliceRequestTests
{
    private static readonly Actor OtherPolice = Actor.Police(Guid.Parse("00000000-0000-0000-0000-000000000005"));

    [Fact]
    public void AddFollowUpNote_Private_ReachesNoReporter()
    {
        var report = In(ReportState.InFollowUp);

        Assert.True(report.AddFollowUpNote(Police, "Seen.", Now).IsSuccess);

        Assert.Empty(report.Messages);
        Assert.Equal((FollowUpAudience.Private, (DeskState?)null), (report.FollowUps[^1].Audience, report.FollowUps[^1].Desk));
    }

    [Fact]
    public void TellReporter_ReusableWording_IsReadAtOnceAsFromThePolice()
    {
        var report = In(ReportState.InFollowUp);

        Assert.True(report.TellReporter(Police, "working_on_it", "We work on it.", Now).IsSuccess);

        var message = Assert.Single(report.Messages);
        Assert.Equal((MessageFrom.Police, "We work on it."), (message.From, message.Text));
        Assert.Null(report.FollowUps[^1].Desk);
    }

    [Theory]
    [InlineData(null, "Meet us at the corner.", "no")]
    [InlineData("Please call us.", "Please call us.", "yes")]
    public void PassOn_WordsOfThePolice_AreReadOnlyThenAndInTheDesksWords(string? text, string read, string reworded)
    {
        var report = In(ReportState.InFollowUp);
        Assert.True(report.ProposeToReporter(Police, "Meet us at the corner.", Now).IsSuccess);
        var before = report.Messages.Count;

        Assert.True(report.PassOn(First, report.FollowUps[^1].Id, text, Now).IsSuccess);

        Assert.Equal(0, before);
        Assert.Equal((MessageFrom.Police, read), (report.Messages[0].From, report.Messages[0].Text));
        Assert.Equal(DeskState.PassedOn, report.FollowUps[^1].Desk);
        Assert.Equal(reworded, report.Events[^1].Details["reworded"]);
        Assert.Equal(PoliceEventType.MessageAdded, report.Events[^1].PoliceEvent);
    }

    [Fact]
    public void PassOn_SettledOrUnknown_IsRefusedByName()
    {
        var report = In(ReportState.InFollowUp);
        Assert.True(report.AskReporter(Police, "Which car?", Now).IsSuccess);
        var id = report.FollowUps[^1].Id;
        Assert.True(report.DeclineToPassOn(First, id, "It would tell the offender.", Now).IsSuccess);

        Assert.Equal("desk_task_settled", report.PassOn(First, id, null, Now).Error?.Code);
        Assert.Equal("desk_task_not_found", report.PassOn(First, report.FollowUps[0].Id, null, Now).Error?.Code);
        Assert.Empty(report.Messages);
        Assert.Equal("It would tell the offender.", report.FollowUps[^1].DeskReason);
    }

    [Fact]
    public void Preserve_TwoClients_LastsUntilBothHaveReleased()
    {
        var report = In(ReportState.InFollowUp);
        Assert.True(report.Preserve(Police, Now.AddDays(10), "For the trial.", Now).IsSuccess);
        Assert.True(report.Preserve(OtherPolice, Now.AddDays(20), "For ours.", Now).IsSuccess);
        var both = report.LegalHoldUntil;

        Assert.True(report.ReleasePreservation(OtherPolice, Now).IsSuccess);
        var one = (report.LegalHold, report.LegalHoldUntil);
        Assert.True(report.ReleasePreservation(Police, Now).IsSuccess);

        Assert.Equal(Now.AddDays(20), both);
        Assert.Equal((true, Now.AddDays(10)), one);
        Assert.Equal((false, null), (report.LegalHold, report.LegalHoldUntil));
        Assert.Equal("not_preserved", report.ReleasePreservation(Police, Now).Error?.Code);
    }

    [Fact]
    public void Preserve_Again_ReplacesOnesOwnRequest()
    {
        var report = In(ReportState.InFollowUp);
        Assert.True(report.Preserve(Police, null, "For the trial.", Now).IsSuccess);

        Assert.True(report.Preserve(Police, Now.AddDays(3), "Less will do.", Now).IsSuccess);

        Assert.Equal(Now.AddDays(3), report.LegalHoldUntil);
    }

    [Fact]
    public void LapseLegalHold_TimePassed_EndsIt()
    {
        var report = In(ReportState.Closed);
        Assert.True(report.Preserve(Police, Now.AddDays(1), "For the trial.", Now).IsSuccess);

        Assert.Equal("transition_refused", report.LapseLegalHold(Now).Error?.Code);
        Assert.True(report.LapseLegalHold(Now.AddDays(1)).IsSuccess);

        Assert.True(report.Purge(Now.AddDays(1)).IsSuccess);
    }

    [Fact]
    public void Withdraw_ReturnedUnderLegalHold_IsRefused()
    {
        var report = In(ReportState.Verified);
        Assert.True(report.Preserve(Police, null, "For the trial.", Now).IsSuccess);
        Assert.True(report.Return(Police, "Not ours.", Now).IsSuccess);

        Assert.False(report.AllowsWithdrawal);
        Assert.Equal("legal_hold", report.Withdraw(Now).Error?.Code);
    }

    [Fact]
    public void Retriage_NewTier_TellsTheOneItLeaves()
    {
        var report = In(ReportState.Verified);

        Assert.True(report.Retriage(First, Tier.Immediate, "Meeting today.", Now).IsSuccess);

        Assert.Equal("urgent", report.Events[^1].Details[ReportEvent.PreviousTier]);
    }

    [Fact]
    public void EndedAt_NewsAfterTheEnd_IsStillWhenItEnded()
    {
        var report = In(ReportState.Rejected);
        var ended = report.EndedAt;

        Assert.True(report.AddNote(First, "Somebody called.", Now.AddDays(5)).IsSuccess);

        Assert.NotNull(ended);
        Assert.Equal(ended, report.EndedAt);
        Assert.True(report.Reopen(Supervisor, "New facts.", Now.AddDays(6)).IsSuccess);
        Assert.Null(report.EndedAt);
    }
}

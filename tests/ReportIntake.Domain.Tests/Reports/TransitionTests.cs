using ReportIntake.Domain.Reports;
using ReportIntake.Domain.Results;
using ReportIntake.Domain.Triage;
using static ReportIntake.Domain.Tests.Reports.Sample;

namespace ReportIntake.Domain.Tests.Reports;

/// <summary>The table of the domain: every state × every transition is either listed with where it leads, or refused by name.</summary>
public sealed class TransitionTests
{
    private static readonly DateTimeOffset Later = Now.AddDays(30);

    private static readonly Dictionary<string, (Func<Report, Result> Act, Dictionary<ReportState, ReportState> Allowed)> Transitions = new()
    {
        ["claim"] = (r => r.Claim(First, Now), Table((ReportState.Received, ReportState.UnderVerification), (ReportState.UnderVerification, ReportState.UnderVerification))),
        ["release"] = (r => r.Release(First, Now), Table((ReportState.UnderVerification, ReportState.Received))),
        ["lapse_claim"] = (r => r.LapseClaim(Later), Table((ReportState.UnderVerification, ReportState.Received))),
        ["request_information"] = (r => r.RequestInformation(First, "Which?", Later, Now), Table((ReportState.UnderVerification, ReportState.NeedsInformation))),
        ["return_from_silence"] = (r => r.ReturnFromSilence(Later), Table((ReportState.NeedsInformation, ReportState.Received))),
        ["verify"] = (r => r.Verify(First, "extortion", false, Tier.Urgent, null, Now), Table((ReportState.UnderVerification, ReportState.Verified))),
        ["reject"] = (r => r.Reject(First, Disposition.Test, null, Now), Table((ReportState.UnderVerification, ReportState.Rejected))),
        ["mark_duplicate"] = (r => r.MarkDuplicate(First, Received(), Now), Table((ReportState.UnderVerification, ReportState.Duplicate))),
        ["withdraw"] = (r => r.Withdraw(Now), To(ReportState.Withdrawn, ReportState.Received, ReportState.UnderVerification, ReportState.NeedsInformation)),
        ["acknowledge"] = (r => r.Acknowledge(Police, Now), Table((ReportState.Verified, ReportState.InFollowUp))),
        ["return"] = (r => r.Return(Police, "No account named.", Now), To(ReportState.Received, ReportState.Verified, ReportState.InFollowUp)),
        ["record_risk_assessment"] = (r => r.RecordRiskAssessment(Police, "h", "i", "f", Now), Same(ReportState.InFollowUp)),
        ["add_note"] = (r => r.AddFollowUpNote(Police, "Seen.", Now), Same(ReportState.InFollowUp)),
        ["tell_reporter"] = (r => r.TellReporter(Police, "working_on_it", "We work on it.", Now), Same(ReportState.InFollowUp)),
        ["propose_to_reporter"] = (r => r.ProposeToReporter(Police, "We work on it.", Now), Same(ReportState.InFollowUp)),
        ["ask_question"] = (r => r.AskReporter(Police, "Which car?", Now), Same(ReportState.InFollowUp)),
        ["preserve"] = (r => r.Preserve(Police, null, "For the trial.", Now), Same(ReportState.Verified, ReportState.InFollowUp, ReportState.Resolved, ReportState.Closed)),
        ["record_outcome"] = (r => r.RecordOutcome(Police, OutcomeCode.Arrest, null, Later, Now), Table((ReportState.InFollowUp, ReportState.Resolved))),
        ["close"] = (r => r.Close(Actor.System, Later), Table((ReportState.Resolved, ReportState.Closed))),
        ["reopen"] = (r => r.Reopen(Supervisor, "New facts.", Now), To(ReportState.Received, ReportState.Rejected, ReportState.Duplicate, ReportState.Resolved, ReportState.Closed)),
        ["retriage"] = (r => r.Retriage(First, Tier.Immediate, "Meeting today.", Now), Same(ReportState.Verified, ReportState.InFollowUp)),
        ["purge"] = (r => r.Purge(Now), To(ReportState.Purged, ReportState.Rejected, ReportState.Duplicate, ReportState.Withdrawn, ReportState.Closed)),
    };

    public static TheoryData<ReportState, string> Pairs()
    {
        var pairs = new TheoryData<ReportState, string>();
        foreach (var state in Enum.GetValues<ReportState>())
        {
            foreach (var transition in Transitions.Keys)
            {
                pairs.Add(state, transition);
            }
        }

        return pairs;
    }

    [Theory]
    [MemberData(nameof(Pairs))]
    public void Transition_EveryState_LeadsWhereTheTableSaysOrIsRefusedByName(ReportState state, string transition)
    {
        var report = In(state);
        var (act, allowed) = Transitions[transition];
        report.ClearEvents();
        var version = report.Version;

        var result = act(report);

        if (allowed.TryGetValue(state, out var target))
        {
            Assert.True(result.IsSuccess, result.Error?.Code);
            Assert.Equal(target, report.State);
            var renewed = transition == "claim" && state is ReportState.UnderVerification; // no news, and no new version
            Assert.True(report.Version > version || renewed);
            Assert.True(report.Events.Count > 0 || renewed);
        }
        else
        {
            Assert.Equal("transition_refused", result.Error?.Code);
            Assert.Equal(state.Name(), result.Error!.Arguments["state"]);
            Assert.Equal(state, report.State);
            Assert.Equal(version, report.Version);
            Assert.Empty(report.Events);
        }
    }

    private static Dictionary<ReportState, ReportState> Table(params (ReportState From, ReportState To)[] rows) => rows.ToDictionary(r => r.From, r => r.To);

    private static Dictionary<ReportState, ReportState> To(ReportState to, params ReportState[] from) => from.ToDictionary(f => f, _ => to);

    private static Dictionary<ReportState, ReportState> Same(params ReportState[] states) => states.ToDictionary(s => s, s => s);
}

using ReportIntake.Domain.Results;

namespace ReportIntake.Domain.Reports;

/// <summary>What police systems give back.</summary>
public sealed partial class Report
{
    /// <summary>Working days after its outcome on which the system closes a report.</summary>
    public const int ClosingWorkingDays = 10;

    public Result Acknowledge(Actor client, DateTimeOffset now)
    {
        if (State is not ReportState.Verified)
        {
            return Refused("acknowledge");
        }

        followUps.Add(new FollowUp(Guid.CreateVersion7(now), FollowUpKind.Acknowledgement, client.Id, now));
        Record(ReportAction.Acknowledged, ReportState.InFollowUp, client, now);
        return Result.Success;
    }

    /// <summary>The police cannot work with it: back to the moderators, first in its tier.</summary>
    public Result Return(Actor client, string reason, DateTimeOffset now)
    {
        if (State is not (ReportState.Verified or ReportState.InFollowUp))
        {
            return Refused("return");
        }

        followUps.Add(new FollowUp(Guid.CreateVersion7(now), FollowUpKind.Return, client.Id, now, Text: reason));
        Returned = true;
        BackToQueue(ReportAction.Returned, client, now);
        return Result.Success;
    }

    /// <summary>The step after triage (Usman &amp; Budiman 2023): hazards, impact, further action.</summary>
    public Result RecordRiskAssessment(Actor client, string hazards, string impact, string furtherAction, DateTimeOffset now)
    {
        if (State is not ReportState.InFollowUp)
        {
            return Refused("record_risk_assessment");
        }

        followUps.Add(new FollowUp(Guid.CreateVersion7(now), FollowUpKind.RiskAssessment, client.Id, now,
            Hazards: hazards, Impact: impact, FurtherAction: furtherAction));
        Record(ReportAction.RiskAssessmentRecorded, State, client, now);
        return Result.Success;
    }

    public Result AddFollowUpNote(Actor client, string text, DateTimeOffset now)
    {
        if (State is not ReportState.InFollowUp)
        {
            return Refused("add_note");
        }

        followUps.Add(new FollowUp(Guid.CreateVersion7(now), FollowUpKind.Note, client.Id, now, Text: text));
        Record(ReportAction.FollowUpNoteAdded, State, client, now);
        return Result.Success;
    }

    /// <param name="closeAt">When the system closes it: <see cref="ClosingWorkingDays"/> on.</param>
    public Result RecordOutcome(Actor client, OutcomeCode outcome, string? note, DateTimeOffset closeAt, DateTimeOffset now)
    {
        if (State is not ReportState.InFollowUp)
        {
            return Refused("record_outcome");
        }

        followUps.Add(new FollowUp(Guid.CreateVersion7(now), FollowUpKind.Outcome, client.Id, now, Text: note, Outcome: outcome));
        SettleVotes();
        (Outcome, DeadlineAt) = (outcome, closeAt);
        Record(ReportAction.OutcomeRecorded, ReportState.Resolved, client, now, ("outcome", outcome.Name()));
        return Result.Success;
    }
}

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

    /// <summary>A remark for police and moderators.</summary>
    public Result AddFollowUpNote(Actor client, string text, DateTimeOffset now) =>
        AddNoteOf(client, text, FollowUpAudience.Private, null, now);

    /// <summary>A reusable wording for the reporter, who reads it at once as from the police.</summary>
    /// <param name="wording">Its code.</param>
    /// <param name="text">The same in the reporter's language.</param>
    public Result TellReporter(Actor client, string wording, string text, DateTimeOffset now)
    {
        var added = AddNoteOf(client, text, FollowUpAudience.Reporter, null, now, ("wording", wording));
        if (added.IsSuccess)
        {
            messages.Add(new Message(Guid.CreateVersion7(now), MessageFrom.Police, text, now));
        }

        return added;
    }

    /// <summary>Words of the police for the reporter: they wait for <see cref="PassOn"/>.</summary>
    public Result ProposeToReporter(Actor client, string text, DateTimeOffset now) =>
        AddNoteOf(client, text, FollowUpAudience.Reporter, DeskState.Awaiting, now);

    /// <summary>A question that the moderators' desk asks the reporter: it waits for <see cref="PassOn"/>.</summary>
    public Result AskReporter(Actor client, string text, DateTimeOffset now)
    {
        if (State is not ReportState.InFollowUp)
        {
            return Refused("ask_question");
        }

        followUps.Add(new FollowUp(Guid.CreateVersion7(now), FollowUpKind.Question, client.Id, now, Text: text) { Desk = DeskState.Awaiting });
        Record(ReportAction.QuestionAsked, State, client, now);
        return Result.Success;
    }

    /// <summary>
    /// Legal hold: report and evidence are kept until the client releases it or <paramref name="until"/> passes, whatever
    /// else happens to the report. Asked again, it replaces the client's earlier request; other clients' stay.
    /// </summary>
    /// <param name="until">Null: until released.</param>
    public Result Preserve(Actor client, DateTimeOffset? until, string reason, DateTimeOffset now)
    {
        if (!State.IsVisibleToPolice())
        {
            return Refused("preserve");
        }

        EndPreservations(f => f.ClientId == client.Id, now);
        followUps.Add(new FollowUp(Guid.CreateVersion7(now), FollowUpKind.Preservation, client.Id, now, Text: reason, Until: until));
        Hold(ReportAction.LegalHoldPlaced, client, now);
        return Result.Success;
    }

    /// <summary>The client needs it kept no longer; the hold goes with the last request that is in force.</summary>
    public Result ReleasePreservation(Actor client, DateTimeOffset now)
    {
        if (!State.IsVisibleToPolice())
        {
            return Refused("release_preservation");
        }

        if (!EndPreservations(f => f.ClientId == client.Id && f.PreservesAt(now), now))
        {
            return ReportErrors.NotPreserved;
        }

        Hold(ReportAction.LegalHoldLifted, client, now);
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

    private Result AddNoteOf(Actor client, string text, FollowUpAudience audience, DeskState? desk, DateTimeOffset now, params (string, string)[] details)
    {
        if (State is not ReportState.InFollowUp)
        {
            return Refused("add_note");
        }

        followUps.Add(new FollowUp(Guid.CreateVersion7(now), FollowUpKind.Note, client.Id, now, Text: text, Audience: audience) { Desk = desk });
        Record(ReportAction.FollowUpNoteAdded, State, client, now, [("audience", audience.Name()), .. details]);
        return Result.Success;
    }
}

using ReportIntake.Domain.Results;

namespace ReportIntake.Domain.Reports;

/// <summary>
/// What the moderators' desk does for the police. Words of the police reach a citizen, who may be a child or watched by
/// the offender, only as a moderator has read them.
/// </summary>
public sealed partial class Report
{
    /// <summary>The reporter reads it with the receipt, as from the police.</summary>
    /// <param name="text">The police's words or the moderator's safer ones; null for the police's own.</param>
    public Result PassOn(Actor moderator, Guid followUpId, string? text, DateTimeOffset now)
    {
        if (DeskRefusal("pass_on", followUpId, out var task) is { } refusal)
        {
            return refusal;
        }

        task.Desk = DeskState.PassedOn;
        messages.Add(new Message(Guid.CreateVersion7(now), MessageFrom.Police, text ?? task.Text!, now));
        Record(ReportAction.PoliceMessagePassedOn, State, moderator, now, ("followUp", followUpId.ToString()), ("reworded", text is null || text == task.Text ? "no" : "yes"));
        return Result.Success;
    }

    /// <summary>It is not for the reporter; the police read why.</summary>
    public Result DeclineToPassOn(Actor moderator, Guid followUpId, string reason, DateTimeOffset now)
    {
        if (DeskRefusal("decline_to_pass_on", followUpId, out var task) is { } refusal)
        {
            return refusal;
        }

        (task.Desk, task.DeskReason) = (DeskState.Declined, reason);
        Record(ReportAction.PoliceMessageDeclined, State, moderator, now, ("followUp", followUpId.ToString()));
        return Result.Success;
    }

    private Error? DeskRefusal(string action, Guid followUpId, out FollowUp task)
    {
        task = followUps.Find(f => f.Id == followUpId && f.Desk is not null)!;
        return this switch
        {
            { State: ReportState.Withdrawn or ReportState.Purged } => Refused(action),
            _ when task is null => ReportErrors.DeskTaskNotFound,
            _ when task.Desk is not DeskState.Awaiting => ReportErrors.DeskTaskSettled,
            _ => null,
        };
    }
}

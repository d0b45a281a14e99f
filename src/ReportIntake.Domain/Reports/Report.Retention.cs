using ReportIntake.Domain.Results;

namespace ReportIntake.Domain.Reports;

/// <summary>How a report ends.</summary>
public sealed partial class Report
{
    /// <summary>A supervisor closes at any time; the system when the deadline has passed.</summary>
    public Result Close(Actor actor, DateTimeOffset now)
    {
        if (State is not ReportState.Resolved || (actor.Kind is ActorKind.System && DeadlineAt > now))
        {
            return Refused("close");
        }

        DeadlineAt = null;
        Record(ReportAction.Closed, ReportState.Closed, actor, now);
        return Result.Success;
    }

    public void PlaceLegalHold(Actor actor, DateTimeOffset now) => SetLegalHold(true, ReportAction.LegalHoldPlaced, actor, now);

    public void LiftLegalHold(Actor actor, DateTimeOffset now) => SetLegalHold(false, ReportAction.LegalHoldLifted, actor, now);

    /// <summary>Leaves a tombstone: reference, dates, codes. Everything that a person wrote goes.</summary>
    public Result Purge(DateTimeOffset now)
    {
        if (State is not (ReportState.Rejected or ReportState.Duplicate or ReportState.Withdrawn or ReportState.Closed))
        {
            return Refused("purge");
        }

        if (LegalHold)
        {
            return ReportErrors.UnderLegalHold;
        }

        (Description, TierReason, ReceiptKey) = (null, null, Id.ToByteArray());
        Incident = new Incident(AreaCode: Incident.AreaCode);
        Assessment = Assessment with { Hits = [.. Assessment.Hits.Select(h => h with { FactsUsed = new Dictionary<string, string>() })] };
        subjects.Clear();
        indicators.Clear();
        messages.Clear();
        notes.Clear();
        votes.Clear();
        followUps.RemoveAll(f => f.Kind is not FollowUpKind.Outcome);
        EvidenceCount = 0;
        Record(ReportAction.Purged, ReportState.Purged, Actor.System, now);
        return Result.Success;
    }

    private void SetLegalHold(bool hold, ReportAction action, Actor actor, DateTimeOffset now)
    {
        if (LegalHold != hold)
        {
            LegalHold = hold;
            Record(action, State, actor, now);
        }
    }
}

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

    /// <summary>The last request to preserve has run out.</summary>
    public Result LapseLegalHold(DateTimeOffset now)
    {
        if (!LegalHold || LegalHoldUntil is null || LegalHoldUntil > now)
        {
            return Refused("lapse_legal_hold");
        }

        (LegalHold, LegalHoldUntil) = (false, null);
        Record(ReportAction.LegalHoldLifted, State, Actor.System, now);
        return Result.Success;
    }

    /// <summary>Ends every request to preserve, such as one of a client that is there no more.</summary>
    public Result LiftLegalHold(Actor supervisor, string reason, DateTimeOffset now)
    {
        if (!LegalHold)
        {
            return ReportErrors.NotPreserved;
        }

        EndPreservations(_ => true, now);
        notes.Add(new Note(Guid.CreateVersion7(now), supervisor.Kind, supervisor.Id, reason, now));
        Hold(ReportAction.LegalHoldLifted, supervisor, now);
        return Result.Success;
    }

    /// <summary>
    /// Leaves a tombstone: reference, dates, codes. Everything that a person wrote goes, so all parts of the report must be
    /// loaded; files and what else hangs on them are the caller's to remove.
    /// </summary>
    public Result Purge(DateTimeOffset now)
    {
        if (!ReportStates.Purgeable.Contains(State))
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
        followUps.Clear();
        (EvidenceCount, FirstVoterId, Held, UndoUntil) = (0, null, null, null);
        Record(ReportAction.Purged, ReportState.Purged, Actor.System, now);
        return Result.Success;
    }

    private bool EndPreservations(Predicate<FollowUp> which, DateTimeOffset now)
    {
        var ended = followUps.FindAll(f => f.Kind is FollowUpKind.Preservation && f.EndedAt is null && which(f));
        ended.ForEach(f => f.EndedAt = now);
        return ended.Count > 0;
    }

    private void Hold(ReportAction action, Actor actor, DateTimeOffset now)
    {
        var inForce = followUps.FindAll(f => f.PreservesAt(now));
        LegalHold = inForce.Count > 0;
        LegalHoldUntil = inForce.Exists(f => f.Until is null) ? null : inForce.Max(f => f.Until);
        Record(action, State, actor, now, ("inForce", inForce.Count.ToString(System.Globalization.CultureInfo.InvariantCulture)));
    }
}

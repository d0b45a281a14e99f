using ReportIntake.Domain.Results;
using ReportIntake.Domain.Triage;

namespace ReportIntake.Domain.Reports;

/// <summary>
/// A decision stands at once for those who work here, and may be undone by the person who made it until the outside
/// (police and reporter) is told of it.
/// </summary>
public sealed partial class Report
{
    /// <summary>True while a decision is made that will be held: what it raises is not told yet.</summary>
    private bool holding;

    /// <summary>The decision that may still be undone; null where none is.</summary>
    public HeldDecision? Held { get; private set; }

    /// <summary>Until when it may be undone; it is released from then on. Null where none is held.</summary>
    public DateTimeOffset? UndoUntil { get; private set; }

    /// <summary>The tier as last decided here: the police see it once it is released.</summary>
    public Tier? DecidedTier => Held?.Tier ?? Tier;

    /// <summary>What was written with <see cref="DecidedTier"/>.</summary>
    public string? DecidedTierReason => Held?.Tier is null ? TierReason : Held.TierReason;

    /// <summary>
    /// Makes a decision that can be undone for <paramref name="window"/>, or at once one that cannot where that is zero.
    /// What leaves the house waits for <see cref="TellOutside"/>.
    /// </summary>
    public Result Decide(TimeSpan window, DateTimeOffset now, Func<Report, Result> decision)
    {
        if (Held is { IsProposal: false })
        {
            if (UndoUntil > now)
            {
                // Refuses itself: the report has left the state that it needs, or is retriaged one after the other.
                return decision(this);
            }

            TellOutside(now);
        }

        var earlier = (Held, UndoUntil);
        (Held, UndoUntil) = (null, null);
        var decided = window <= TimeSpan.Zero ? decision(this) : DecideHeld(now + window, decision);
        if (!decided.IsSuccess)
        {
            (Held, UndoUntil) = earlier;
        }

        return decided;
    }

    /// <summary>
    /// Takes the decision back: state, claim and open votes are what they were; what was written with it goes. Messages, notes
    /// and votes must be loaded.
    /// </summary>
    public Result Undo(Actor actor, DateTimeOffset now)
    {
        if (Held is not { } held || UndoUntil <= now)
        {
            return ReportErrors.UndoTooLate;
        }

        if (held.Decided.Actor.Id != actor.Id)
        {
            return ReportErrors.UndoByAnother;
        }

        Restore(held);
        (Held, UndoUntil) = (null, null);
        if (!held.IsRetriage)
        {
            (ClaimedBy, ClaimedUntil) = (actor.Id, now + ClaimLease);
        }

        Record(ReportAction.DecisionUndone, held.IsRetriage ? State : held.Before.State, actor, now, (ReportEvent.Undone, held.Decided.Action.Name()));
        return Result.Success;
    }

    /// <summary>The time to undo is over: police and reporter are told. What hangs on it elsewhere is the caller's.</summary>
    public Result TellOutside(DateTimeOffset now)
    {
        if (Held is not { } held || UndoUntil > now)
        {
            return Refused("tell_outside");
        }

        (Held, UndoUntil) = (null, null);
        if (held.IsProposal)
        {
            return Result.Success;
        }

        if (held.Decided.Action is ReportAction.Retriaged)
        {
            (Tier, TierReason) = (held.Tier, held.TierReason);
        }

        // Whoever asks for what changed since their last look was not shown it then.
        UpdatedAt = NotBefore(now);
        Place();
        if (!held.IsRetriage || WithPolice)
        {
            events.Add(held.Decided with { Told = Telling.TheOutsideOnly });
        }

        return Result.Success;
    }

    /// <summary>For a copy that is shown to the outside and never kept: as if the held decision had not been made.</summary>
    public void HideHeldDecision()
    {
        if (Held is { IsProposal: false } held)
        {
            Restore(held);
            (State, EndedAt) = held.IsRetriage ? (State, EndedAt) : (held.Before.State, null);
            UpdatedAt = held.Before.UpdatedAt;
            Place();
        }
    }

    private Result DecideHeld(DateTimeOffset until, Func<Report, Result> decision)
    {
        var before = new StateBefore(
            State, Category, ChildSafety, Tier, TierReason, Disposition, Returned, CanonicalReportId, AwaitingSecondReview, FirstVoterId, DeadlineAt, UpdatedAt,
            [.. votes.Where(v => v.Pending).Select(v => v.Id)]);
        var (message, note, vote, raised) = (messages.Count, notes.Count, votes.Count, events.Count);
        (holding, UndoUntil) = (true, until);
        var decided = decision(this);
        holding = false;
        if (!decided.IsSuccess || events.Count == raised)
        {
            // Refused, or nothing that anybody is told of.
            UndoUntil = null;
            return decided;
        }

        Held = new HeldDecision(
            events[^1], before, [.. messages.Skip(message).Select(m => m.Id)], [.. notes.Skip(note).Select(n => n.Id)], [.. votes.Skip(vote).Select(v => v.Id)],
            null, null);
        if (Held.Decided.Action is ReportAction.Retriaged)
        {
            Held = Held with { Tier = Tier, TierReason = TierReason };
            (Tier, TierReason) = (before.Tier, before.TierReason);
        }

        Place();
        return decided;
    }

    /// <summary>Somebody outside, or a second reviewer, has taken the report further: there is no way back, and nothing more to tell than that.</summary>
    private void ForgetHeldWhereMoved(ReportState to, ReportAction action)
    {
        if (!holding && Held is { IsRetriage: false } held && (to != held.Decided.To || action is ReportAction.Claimed))
        {
            (Held, UndoUntil) = (null, null);
        }
    }

    private void Restore(HeldDecision held)
    {
        var before = held.Before;
        messages.RemoveAll(m => held.Messages.Contains(m.Id));
        notes.RemoveAll(n => held.Notes.Contains(n.Id));
        votes.RemoveAll(v => held.Votes.Contains(v.Id));
        foreach (var vote in votes.Where(v => before.OpenVotes.Contains(v.Id)))
        {
            vote.Open();
        }

        if (!held.IsRetriage)
        {
            (Category, ChildSafety, Tier, TierReason) = (before.Category, before.ChildSafety, before.Tier, before.TierReason);
            (Disposition, Returned, CanonicalReportId, DeadlineAt) = (before.Disposition, before.Returned, before.CanonicalReportId, before.DeadlineAt);
            (AwaitingSecondReview, FirstVoterId) = (before.AwaitingSecondReview, before.FirstVoterId);
        }
    }
}

using ReportIntake.Domain.Results;
using ReportIntake.Domain.Triage;

namespace ReportIntake.Domain.Reports;

/// <summary>What moderators and supervisors do.</summary>
public sealed partial class Report
{
    /// <summary>How long a claim lasts unless it is renewed.</summary>
    public static readonly TimeSpan ClaimLease = TimeSpan.FromMinutes(30);

    /// <summary>
    /// How long it lasts once its page was left. A browser cannot tell leaving from reloading or from going on to the
    /// next page of the same report: that page renews within this time.
    /// </summary>
    public static readonly TimeSpan LeaveGrace = TimeSpan.FromSeconds(90);

    /// <summary>Takes the report for one moderator alone, or renews that moderator's claim.</summary>
    public Result Claim(Actor moderator, DateTimeOffset now)
    {
        if (State is ReportState.UnderVerification && ClaimedBy is not null)
        {
            if (ClaimedUntil > now && ClaimedBy != moderator.Id)
            {
                return ReportErrors.ClaimedByAnother;
            }

            if (ClaimedUntil > now)
            {
                // Not a new version: an open page renews all the time, and its own decision must not be refused as stale for it.
                ClaimedUntil = now + ClaimLease;
                return Result.Success;
            }

            LapseClaim(now);
        }

        if (!InQueue)
        {
            return Refused("claim");
        }

        if (AwaitingSecondReview && FirstVoterId == moderator.Id)
        {
            return ReportErrors.SecondVoteBySamePerson;
        }

        (ClaimedBy, ClaimedUntil) = (moderator.Id, now + ClaimLease);
        Record(ReportAction.Claimed, ReportState.UnderVerification, moderator, now);
        return Result.Success;
    }

    /// <summary>Gives the claim back. A supervisor may release another's.</summary>
    public Result Release(Actor moderator, DateTimeOffset now)
    {
        if (State is not ReportState.UnderVerification || ClaimedBy is null)
        {
            return Refused("release");
        }

        if (ClaimedBy != moderator.Id && moderator.Kind is not ActorKind.Supervisor)
        {
            return ReportErrors.ClaimedByAnother;
        }

        GiveClaimBack(ReportAction.Released, moderator, now);
        return Result.Success;
    }

    /// <summary>The page that held the claim was left: unless it is renewed, the claim lapses after <see cref="LeaveGrace"/>.</summary>
    public Result Leave(Actor moderator, DateTimeOffset now)
    {
        if (State is not ReportState.UnderVerification || ClaimedBy is null)
        {
            return Refused("leave");
        }

        if (ClaimedBy != moderator.Id)
        {
            return ReportErrors.ClaimedByAnother;
        }

        ClaimedUntil = ClaimedUntil < now + LeaveGrace ? ClaimedUntil : now + LeaveGrace;
        return Result.Success;
    }

    /// <summary>The lease has run out.</summary>
    public Result LapseClaim(DateTimeOffset now)
    {
        if (State is not ReportState.UnderVerification || ClaimedBy is null || ClaimedUntil > now)
        {
            return Refused("lapse_claim");
        }

        GiveClaimBack(ReportAction.ClaimLapsed, Actor.System, now);
        return Result.Success;
    }

    /// <summary>Asks the reporter something; the question is read with the receipt.</summary>
    /// <param name="deadline">When the report goes back to the queue unanswered: 10 working days on.</param>
    public Result RequestInformation(Actor moderator, string text, DateTimeOffset deadline, DateTimeOffset now)
    {
        if (ClaimRefusal("request_information", moderator, now) is { } refusal)
        {
            return refusal;
        }

        SettleVotes();
        messages.Add(new Message(Guid.CreateVersion7(now), MessageFrom.Moderator, text, now));
        (ClaimedBy, ClaimedUntil, DeadlineAt) = (null, null, deadline);
        Record(ReportAction.InformationRequested, ReportState.NeedsInformation, moderator, now);
        return Result.Success;
    }

    /// <summary>Nobody answered for 10 working days: back to the queue, never rejected for it.</summary>
    public Result ReturnFromSilence(DateTimeOffset now)
    {
        if (State is not ReportState.NeedsInformation || DeadlineAt > now)
        {
            return Refused("return_from_silence");
        }

        DeadlineAt = null;
        Record(ReportAction.InformationOverdue, ReportState.Received, Actor.System, now);
        return Result.Success;
    }

    /// <summary>The report is what it says: it goes to the police. One person is enough, whatever the tier and any first vote.</summary>
    public Result Verify(Actor moderator, string category, bool childSafety, Tier tier, string? reason, DateTimeOffset now)
    {
        if (ClaimRefusal("verify", moderator, now) is { } refusal)
        {
            return refusal;
        }

        SettleVotes();
        (Category, ChildSafety, Tier, TierReason) = (category, childSafety, tier, reason);
        (ClaimedBy, ClaimedUntil, Returned, Disposition) = (null, null, false, null);
        Record(ReportAction.Verified, ReportState.Verified, moderator, now, ("category", category), ("tier", tier.Name()));
        return Result.Success;
    }

    /// <summary>
    /// Not for the police. Two people where children or an immediate danger may be concerned: the first vote gives
    /// the claim back and leaves the state.
    /// </summary>
    public Result Reject(Actor moderator, Disposition disposition, string? note, DateTimeOffset now)
    {
        if (ClaimRefusal("reject", moderator, now) is { } refusal)
        {
            return refusal;
        }

        if ((ChildSafety || ProvisionalTier is Triage.Tier.Immediate) && !AwaitingSecondReview)
        {
            votes.Add(new Vote(moderator, disposition, null, note, now));
            (ClaimedBy, ClaimedUntil, AwaitingSecondReview, FirstVoterId) = (null, null, true, moderator.Id);
            Record(ReportAction.RejectionProposed, ReportState.UnderVerification, moderator, now);
            return Result.Success;
        }

        SettleVotes();
        if (note is not null)
        {
            notes.Add(new Note(Guid.CreateVersion7(now), moderator.Kind, moderator.Id, note, now));
        }

        (ClaimedBy, ClaimedUntil, Returned, Disposition) = (null, null, false, disposition);
        Record(ReportAction.Rejected, ReportState.Rejected, moderator, now, ("disposition", disposition.Name()));
        return Result.Success;
    }

    /// <summary>The same as another report, which must be one that help can still come from. Its evidence counts for that one now.</summary>
    public Result MarkDuplicate(Actor moderator, Report canonical, DateTimeOffset now)
    {
        if (ClaimRefusal("mark_duplicate", moderator, now) is { } refusal)
        {
            return refusal;
        }

        if (canonical.Id == Id)
        {
            return ReportErrors.DuplicateOfItself;
        }

        if (canonical.State is ReportState.Duplicate)
        {
            return ReportErrors.DuplicateOfDuplicate;
        }

        if (canonical.State is ReportState.Rejected or ReportState.Withdrawn or ReportState.Purged)
        {
            return ReportErrors.DuplicateOfInactive(canonical.State);
        }

        SettleVotes();
        (ClaimedBy, ClaimedUntil, Returned, CanonicalReportId) = (null, null, false, canonical.Id);
        if (!holding)
        {
            canonical.ReceiveDuplicate(this, moderator, now);
        }

        Record(ReportAction.MarkedDuplicate, ReportState.Duplicate, moderator, now, ("canonical", canonical.Reference));
        return Result.Success;
    }

    /// <summary>Another report was found to be the same as this one: its files count here, and it never lowers the tier. With a decision that is held this waits for the release.</summary>
    public void ReceiveDuplicate(Report duplicate, Actor moderator, DateTimeOffset now)
    {
        EvidenceCount += duplicate.EvidenceCount;
        if (duplicate.Assessment.Tier < ProvisionalTier)
        {
            (Assessment, ProvisionalTier) = (duplicate.Assessment, duplicate.Assessment.Tier);
        }

        Record(ReportAction.DuplicateReceived, State, moderator, now, ("duplicate", duplicate.Reference), ("evidence", $"{duplicate.EvidenceCount}"));
    }

    /// <summary>A duplicate of this report was opened again and has taken its files back.</summary>
    public void LoseEvidence(int count)
    {
        EvidenceCount -= count;
        Version++;
    }

    /// <summary>Opens an ended report again.</summary>
    public Result Reopen(Actor supervisor, string reason, DateTimeOffset now)
    {
        if (!CanBeReopened)
        {
            return Refused("reopen");
        }

        if (UndoUntil > now)
        {
            return ReportErrors.DecisionHeld;
        }

        notes.Add(new Note(Guid.CreateVersion7(now), supervisor.Kind, supervisor.Id, reason, now));
        BackToQueue(ReportAction.Reopened, supervisor, now);
        return Result.Success;
    }

    /// <summary>
    /// Another tier for a report that is with the police. Leaving <see cref="Triage.Tier.Immediate"/> needs two
    /// people; if they name different tiers, the more pressing one stands.
    /// </summary>
    public Result Retriage(Actor actor, Tier tier, string reason, DateTimeOffset now)
    {
        if (State is not (ReportState.Verified or ReportState.InFollowUp))
        {
            return Refused("retriage");
        }

        if (Held is { IsProposal: false })
        {
            return ReportErrors.DecisionHeld;
        }

        (Held, UndoUntil) = (null, holding ? UndoUntil : null);

        var pending = votes.Find(v => v.Pending && v.Tier is not null);
        if (pending is not null && pending.VoterId == actor.Id)
        {
            return ReportErrors.SecondVoteBySamePerson;
        }

        if (tier == Tier)
        {
            if (pending is null)
            {
                return ReportErrors.TierUnchanged;
            }

            // The second person keeps it immediate: the vote for less is over, and nothing changes for the police.
            pending.Settle();
            (UpdatedAt, TierReason) = (NotBefore(now), reason);
            Version++;
            return Result.Success;
        }

        if (Tier is Triage.Tier.Immediate)
        {
            if (pending is null)
            {
                votes.Add(new Vote(actor, null, tier, reason, now));
                Record(ReportAction.RetriageProposed, State, actor, now);
                return Result.Success;
            }

            tier = pending.Tier!.Value < tier ? pending.Tier.Value : tier;
        }

        SettleVotes();
        var previous = Tier;
        (Tier, TierReason) = (tier, reason);
        Record(ReportAction.Retriaged, State, actor, now, [("tier", tier.Name()), .. previous is { } before ? [(ReportEvent.PreviousTier, before.Name())] : Array.Empty<(string, string)>()]);
        return Result.Success;
    }

    /// <summary>True where a first person has voted for a less pressing tier and a second one is awaited.</summary>
    public bool AwaitingSecondRetriage => votes.Exists(v => v.Pending && v.Tier is not null);

    /// <summary>Adds an internal remark, in any state but purged.</summary>
    public Result AddNote(Actor author, string text, DateTimeOffset now)
    {
        if (State is ReportState.Purged)
        {
            return Refused("add_note");
        }

        notes.Add(new Note(Guid.CreateVersion7(now), author.Kind, author.Id, text, now));
        Record(ReportAction.NoteAdded, State, author, now);
        return Result.Success;
    }

    private bool CanBeReopened => State is ReportState.Rejected or ReportState.Duplicate or ReportState.Resolved or ReportState.Closed;

    private Error? ClaimRefusal(string action, Actor moderator, DateTimeOffset now) => this switch
    {
        { State: not ReportState.UnderVerification } => Refused(action),
        { ClaimedBy: null } => AwaitingSecondReview && FirstVoterId == moderator.Id ? ReportErrors.SecondVoteBySamePerson : ReportErrors.ClaimRequired,
        _ when ClaimedBy != moderator.Id => ReportErrors.ClaimedByAnother,
        _ when ClaimedUntil <= now => ReportErrors.ClaimExpired,
        _ => null,
    };

    private void GiveClaimBack(ReportAction action, Actor actor, DateTimeOffset now)
    {
        (ClaimedBy, ClaimedUntil) = (null, null);

        // A first vote stays: the report still waits for its second reviewer.
        Record(action, AwaitingSecondReview ? ReportState.UnderVerification : ReportState.Received, actor, now);
    }

    private void BackToQueue(ReportAction action, Actor actor, DateTimeOffset now, params (string, string)[] details)
    {
        SettleVotes();
        (CanonicalReportId, Disposition, DeadlineAt, ClaimedBy, ClaimedUntil) = (null, null, null, null, null);
        ClockStartedAt = NotBefore(now);
        Record(action, ReportState.Received, actor, now, details);
    }

    private void SettleVotes()
    {
        foreach (var vote in votes)
        {
            vote.Settle();
        }

        (AwaitingSecondReview, FirstVoterId) = (false, null);
    }
}

using ReportIntake.Domain.Results;

namespace ReportIntake.Domain.Reports;

/// <summary>What the reporter does with the receipt.</summary>
public sealed partial class Report
{
    public bool AllowsWithdrawal => IsWithdrawable && !LegalHold;

    public bool AllowsMessage => State is not (ReportState.Withdrawn or ReportState.Purged or ReportState.Rejected or ReportState.Closed);

    public bool AllowsEvidence => State is not (ReportState.Withdrawn or ReportState.Purged) && !(CanBeReopened && ReopenedByReporter);

    /// <summary>A message of the reporter. Where information was asked for, this is the answer: the report takes its place in the queue again.</summary>
    public Result AddMessage(string text, DateTimeOffset now)
    {
        if (!AllowsMessage)
        {
            return Refused("add_message");
        }

        messages.Add(new Message(Guid.CreateVersion7(now), MessageFrom.Reporter, text, now));
        Record(ReportAction.MessageAdded, State, Actor.Reporter, now);
        SupplyInformation(now);
        return Result.Success;
    }

    /// <summary>More files. An ended report is reopened by them, once.</summary>
    public Result AddEvidence(int count, DateTimeOffset now)
    {
        if (State is ReportState.Withdrawn or ReportState.Purged)
        {
            return Refused("add_evidence");
        }

        if (CanBeReopened && ReopenedByReporter)
        {
            return ReportErrors.ReporterReopenedAlready;
        }

        EvidenceCount += count;
        Record(ReportAction.EvidenceAdded, State, Actor.Reporter, now, ("evidence", $"{count}"));
        if (CanBeReopened)
        {
            ReopenedByReporter = true;
            BackToQueue(ReportAction.Reopened, Actor.Reporter, now);
        }

        SupplyInformation(now);
        return Result.Success;
    }

    public Result Withdraw(DateTimeOffset now)
    {
        if (!IsWithdrawable)
        {
            return Refused("withdraw");
        }

        if (LegalHold)
        {
            return ReportErrors.UnderLegalHold;
        }

        SettleVotes();
        (ClaimedBy, ClaimedUntil, DeadlineAt) = (null, null, null);
        Record(ReportAction.Withdrawn, ReportState.Withdrawn, Actor.Reporter, now);
        return Result.Success;
    }

    private bool IsWithdrawable => State is ReportState.Received or ReportState.UnderVerification or ReportState.NeedsInformation;

    private void SupplyInformation(DateTimeOffset now)
    {
        if (State is ReportState.NeedsInformation)
        {
            DeadlineAt = null;
            Record(ReportAction.InformationSupplied, ReportState.Received, Actor.Reporter, now);
        }
    }
}

using ReportIntake.Domain.Results;

namespace ReportIntake.Domain.Reports;

/// <summary>Every refusal of the report aggregate, with its permanent code.</summary>
public static class ReportErrors
{
    public static readonly Error NotFound = new("report_not_found", ErrorKind.NotFound, "No such report.");
    public static readonly Error ReceiptNotFound = new("receipt_not_found", ErrorKind.NotFound, "No report has this receipt code.");
    public static readonly Error Empty = Error.Validation("description", "report_empty", "A description, an account or a file is needed.");
    public static readonly Error Changed = new("report_changed", ErrorKind.Conflict, "The report has changed meanwhile. Load it again.");
    public static readonly Error StaleVersion = new("version_stale", ErrorKind.PreconditionFailed, "The report is at another version than If-Match says.");
    public static readonly Error ClaimedByAnother = new("claimed_by_another", ErrorKind.Conflict, "Another moderator has claimed the report.");
    public static readonly Error ClaimRequired = new("claim_required", ErrorKind.Conflict, "Claim the report first.");
    public static readonly Error ClaimExpired = new("claim_expired", ErrorKind.Conflict, "The claim has expired. Claim the report again.");
    public static readonly Error SecondVoteBySamePerson = new("second_vote_by_same_person", ErrorKind.Forbidden, "The second vote must be another person's.");
    public static readonly Error DecisionHeld = new("decision_held", ErrorKind.Conflict, "The last decision can still be undone; try again in a moment.");
    public static readonly Error UndoTooLate = new("undo_too_late", ErrorKind.Conflict, "It can no longer be undone: its time is over, or somebody has taken the report further.");
    public static readonly Error UndoByAnother = new("undo_by_another", ErrorKind.Forbidden, "Only the person who decided can undo it.");
    public static readonly Error ReporterReopenedAlready = new("reopened_already", ErrorKind.Conflict, "The report has been reopened once with new evidence; it cannot be again.");
    public static readonly Error DuplicateOfItself = Error.Validation("of", "duplicate_of_itself", "A report cannot be a duplicate of itself.");
    public static readonly Error DuplicateOfDuplicate = Error.Validation("of", "duplicate_of_duplicate", "Name the canonical report, not one of its duplicates.");
    public static readonly Error TierUnchanged = new("tier_unchanged", ErrorKind.Conflict, "The report has this tier already.");
    public static readonly Error UnderLegalHold = new("legal_hold", ErrorKind.Conflict, "The report is under legal hold.");
    public static readonly Error NotPreserved = new("not_preserved", ErrorKind.Conflict, "No request of yours to preserve the report is in force.");
    public static readonly Error DeskTaskNotFound = new("desk_task_not_found", ErrorKind.NotFound, "The police have not asked for that.");
    public static readonly Error DeskTaskSettled = new("desk_task_settled", ErrorKind.Conflict, "It was passed on or declined already.");

    public static Error DuplicateOfInactive(ReportState state) =>
        new("duplicate_of_inactive", ErrorKind.Conflict, $"The report named is {state.Name()}: nobody works on it any more.")
        {
            Arguments = new Dictionary<string, string> { ["state"] = state.Name() },
        };

    /// <summary>The state does not allow the action; <c>state</c> and <c>action</c> are among the arguments.</summary>
    public static Error TransitionRefused(string action, ReportState state) =>
        new("transition_refused", ErrorKind.Conflict, $"A report that is {state.Name()} does not allow '{action}'.")
        {
            Arguments = new Dictionary<string, string> { ["action"] = action, ["state"] = state.Name() },
        };
}

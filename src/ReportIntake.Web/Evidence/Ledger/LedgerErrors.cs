using ReportIntake.Domain.Results;

namespace ReportIntake.Web.Evidence.Ledger;

/// <summary>What whoever asks the ledger for proofs may be refused with.</summary>
public static class LedgerErrors
{
    public static readonly Error Damaged = new("ledger_damaged", ErrorKind.Internal, "The custody ledger is not what was written. The operator must run ledger verify.");
    public static readonly Error EntryNotFound = new("ledger_entry_not_found", ErrorKind.NotFound, "No such published entry.");
    public static readonly Error TreeHeadNotFound = new("tree_head_not_found", ErrorKind.NotFound, "No head of that size was signed.");
    public static readonly Error KeyNotFound = new("signing_key_not_found", ErrorKind.NotFound, "No such signing key.");

    /// <param name="field">The query parameter.</param>
    public static Error SizeInvalid(string field) => Error.Validation(field, "tree_size_invalid", "The log never had that size.");
}

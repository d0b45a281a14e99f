namespace ReportIntake.Web.Features.Administration.Ledger;

/// <summary>What is wrong with the log.</summary>
public enum LedgerFlaw
{
    /// <summary>The entry's content is not what was hashed when it was written.</summary>
    EntryEdited,

    /// <summary>No entry has this position, though later ones exist.</summary>
    EntryMissing,

    /// <summary>The log was longer: this and all later entries are gone.</summary>
    CutOff,

    /// <summary>An entry stands where none belongs.</summary>
    EntryInserted,

    /// <summary>Entries within the range were exchanged, or rewritten together with their hashes.</summary>
    RangeRewritten,

    /// <summary>A signed head's signature does not verify, or its key is not known.</summary>
    TreeHeadForged,

    /// <summary>The record of how far the log goes is damaged.</summary>
    StateDamaged,
}

/// <summary>The first thing that is wrong.</summary>
/// <param name="Position">The entry; of a range its first; of a head its size. Null for an entry that has no position yet.</param>
/// <param name="LastPosition">The last entry of a range, where the flaw cannot be told more precisely.</param>
/// <param name="EntryId">The entry's id, where it still exists.</param>
public sealed record LedgerFinding(LedgerFlaw Flaw, long? Position, long? LastPosition, Guid? EntryId)
{
    /// <summary>One English sentence for operators.</summary>
    public string Message => Flaw switch
    {
        LedgerFlaw.EntryEdited when Position is null => $"Unpublished entry {EntryId} was edited.",
        LedgerFlaw.EntryEdited => $"Entry {Position} ({EntryId?.ToString() ?? "unreadable"}) was edited.",
        LedgerFlaw.EntryMissing => $"Entry {Position} was deleted.",
        LedgerFlaw.CutOff => $"The log is cut off: entry {Position} and all after it are gone.",
        LedgerFlaw.EntryInserted => $"Entry {EntryId} was inserted at position {Position}.",
        LedgerFlaw.RangeRewritten => $"Entries {Position} to {LastPosition} were exchanged or rewritten.",
        LedgerFlaw.TreeHeadForged => $"The signature of the tree head of size {Position} is wrong.",
        LedgerFlaw.StateDamaged => "The record of the log's size is damaged.",
        _ => Flaw.ToString(),
    };
}

/// <summary>The outcome of a verification.</summary>
/// <param name="Entries">Published entries that are in order, up to the first flaw.</param>
/// <param name="Root">RFC 9162 root over those, in hex.</param>
/// <param name="Unpublished">Entries still without a position, which were checked too.</param>
/// <param name="TreeHeads">Signed heads the log was compared with.</param>
public sealed record LedgerVerdict(long Entries, string Root, int Unpublished, int TreeHeads, LedgerFinding? FirstFlaw)
{
    public bool IsIntact => FirstFlaw is null;
}

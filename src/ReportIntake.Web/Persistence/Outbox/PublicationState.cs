namespace ReportIntake.Web.Persistence.Outbox;

/// <summary>
/// The one row that says how far ledger and feed are numbered. The transaction that numbers holds its lock from the first
/// statement on, so positions have no gaps and two publishers cannot interleave; the lease keeps the others from trying.
/// </summary>
public sealed class PublicationState
{
    public const int OnlyId = 1;

    public required int Id { get; init; }

    /// <summary>Police events that have a position, which is the newest position too.</summary>
    public long PoliceEvents { get; set; }

    /// <summary>Events up to this position are kept no longer.</summary>
    public long PoliceEventsPruned { get; set; }

    /// <summary>The Merkle log's right edge (<see cref="Domain.Custody.MerkleFrontier.ToBytes"/>); its size is the next ledger position.</summary>
    public required byte[] LedgerFrontier { get; set; }

    public Guid? LeasedBy { get; set; }

    public DateTimeOffset? LeasedUntil { get; set; }
}

namespace ReportIntake.Web.Persistence.Outbox;

/// <summary>
/// The one row that says how far ledger and feed are numbered. Whoever numbers changes it, and only as it was read: so
/// positions have no gaps and two publishers cannot interleave; the lease keeps the others from trying.
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

    public Guid? LeasedBy { get; private set; }

    public DateTimeOffset? LeasedUntil { get; private set; }

    /// <summary>False while it is another's.</summary>
    public bool TakeLease(Guid publisher, DateTimeOffset now, DateTimeOffset until)
    {
        if (LeasedBy is not null && LeasedBy != publisher && LeasedUntil > now)
        {
            return false;
        }

        (LeasedBy, LeasedUntil) = (publisher, until);
        return true;
    }
}

using Microsoft.EntityFrameworkCore;
using ReportIntake.Domain.Custody;
using ReportIntake.Web.Persistence;
using ReportIntake.Web.Persistence.Outbox;

namespace ReportIntake.Web.Jobs.Sequencing;

/// <summary>
/// Numbers what was committed: ledger entries 0, 1, … and police events 1, 2, …, each by (time, id), a batch in one
/// transaction together with the Merkle log's right edge. A transaction that commits late finds lower numbers given and
/// gets the next ones; readers see only what has a number, so they never pass anything by. All is read and reckoned before
/// that transaction, which is refused where another has numbered meanwhile.
/// </summary>
/// <remarks>
/// On SQL Server reads must see committed versions instead of waiting for open transactions
/// (<c>READ_COMMITTED_SNAPSHOT</c>, which EF turns on in databases that it creates): otherwise one slow transaction holds up
/// the publication of all that came after it. Nothing would be skipped without it, but the order of one report's events
/// could turn round: a locking scan that has passed an earlier key's place, before that row was there, may still meet the
/// later one. A statement that reads one snapshot sees no event without those that it follows.
/// </remarks>
public sealed class Publisher(IServiceScopeFactory scopes, TimeProvider clock, PublishedSignal published)
{
    /// <summary>Rows of each kind in one transaction: on SQLite, which has one writer, all others wait for it.</summary>
    public const int Batch = 500;

    /// <summary>How long the others stand back after the last batch: as long nothing is published when the publisher dies.</summary>
    public static readonly TimeSpan Lease = TimeSpan.FromSeconds(5);

    private readonly Guid self = Guid.NewGuid();

    /// <summary>Publishes one batch. True where there may be more at once.</summary>
    public async Task<bool> PublishAsync(CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var database = scope.ServiceProvider.GetRequiredService<ReportIntakeDbContext>();

        // Two looks into almost empty indexes, so that idle nodes take no locks.
        if (!await database.Ledger.AnyAsync(e => e.Position == null, cancellationToken)
            && !await database.PoliceEvents.AnyAsync(e => e.Position == null, cancellationToken))
        {
            return false;
        }

        await database.FlushBeforeOthersSeeAsync(cancellationToken);
        var now = clock.GetUtcNow();
        var state = await database.PublicationState.SingleAsync(cancellationToken);
        if (!state.TakeLease(self, now, now + Lease))
        {
            return false;
        }

        var (entries, events) = await NumberAsync(database, state, cancellationToken);
        try
        {
            await database.SaveChangesAsync(cancellationToken);
        }
        catch (DbUpdateException other) when (other is DbUpdateConcurrencyException || UniqueIndex.Refused(other))
        {
            return false; // another node has the lease by now, and has given these numbers
        }

        if (events > 0)
        {
            published.Set();
        }

        return entries == Batch || events == Batch;
    }

    private static async Task<(int Entries, int Events)> NumberAsync(ReportIntakeDbContext database, PublicationState state, CancellationToken cancellationToken)
    {
        var entries = await database.Ledger.Where(e => e.Position == null).OrderBy(e => e.At).ThenBy(e => e.Id).Take(Batch).ToListAsync(cancellationToken);
        if (entries.Count > 0)
        {
            var frontier = MerkleFrontier.Parse(state.LedgerFrontier);
            foreach (var entry in entries)
            {
                entry.PlaceAt(frontier.Append(entry.LeafHash));
            }

            state.LedgerFrontier = frontier.ToBytes();
        }

        var events = await database.PoliceEvents.Where(e => e.Position == null).OrderBy(e => e.At).ThenBy(e => e.Id).Take(Batch).ToListAsync(cancellationToken);
        foreach (var policeEvent in events)
        {
            policeEvent.Position = ++state.PoliceEvents;
        }

        return (entries.Count, events.Count);
    }
}

using Microsoft.EntityFrameworkCore;
using ReportIntake.Domain.Custody;
using ReportIntake.Web.Persistence;
using ReportIntake.Web.Security;

namespace ReportIntake.Web.Evidence.Ledger;

/// <summary>Signs the custody log's head.</summary>
public sealed class TreeHeads(ReportIntakeDbContext database, SigningKeys keys, TimeProvider clock)
{
    /// <summary>The head of the log as it is now; signed once for each size.</summary>
    public async Task<TreeHead> SignAsync(CancellationToken cancellationToken)
    {
        var key = await keys.CurrentAsync(cancellationToken);
        var bytes = await database.PublicationState.AsNoTracking().Select(s => s.LedgerFrontier).SingleAsync(cancellationToken);
        var log = MerkleFrontier.Parse(bytes);
        if (await FindAsync(log.Size, cancellationToken) is { } known)
        {
            return known;
        }

        var head = TreeHead.Of(log.Size, log.Root, clock.GetUtcNow(), key.KeyId, key.Sign);
        database.TreeHeads.Add(head);
        try
        {
            await database.SaveChangesAsync(cancellationToken);
            return head;
        }
        catch (DbUpdateException conflict)
        {
            database.Entry(head).State = EntityState.Detached;
            return await FindAsync(log.Size, cancellationToken)
                ?? throw new InvalidOperationException("The tree head cannot be kept.", conflict);
        }
    }

    /// <summary>The signed head of that size, or null where none was signed.</summary>
    public Task<TreeHead?> FindAsync(long size, CancellationToken cancellationToken) =>
        database.TreeHeads.AsNoTracking().SingleOrDefaultAsync(h => h.Size == size, cancellationToken);
}

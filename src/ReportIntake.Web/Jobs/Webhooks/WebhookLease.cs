using Microsoft.EntityFrameworkCore;
using ReportIntake.Domain.Webhooks;
using ReportIntake.Web.Persistence;

namespace ReportIntake.Web.Jobs.Webhooks;

/// <summary>
/// The right to send to one webhook, for one turn. Every step is one conditional update whose row count decides: of several
/// nodes one gets it, and a turn that has lost it, or that began before its client changed something, keeps nothing.
/// </summary>
public sealed class WebhookLease
{
    private readonly ReportIntakeDbContext database;
    private readonly TimeProvider clock;
    private readonly TimeSpan length;
    private readonly Guid? turn;
    private DateTimeOffset? until;
    private bool released;

    private WebhookLease(ReportIntakeDbContext database, TimeProvider clock, TimeSpan length, Guid? turn, DateTimeOffset? until, Webhook webhook) =>
        (this.database, this.clock, this.length, this.turn, this.until, Webhook) = (database, clock, length, turn, until, webhook);

    /// <summary>As it was when the lease was taken; what the turn does to it is written by <see cref="KeepAsync"/>.</summary>
    public Webhook Webhook { get; }

    /// <summary>The receiver is back: with the next <see cref="KeepAsync"/> everything that failed is due.</summary>
    public bool PendingAreDue { get; set; }

    public static async Task<WebhookLease?> TakeAsync(ReportIntakeDbContext database, Guid webhookId, TimeSpan length, TimeProvider clock, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        Guid? taker = Guid.CreateVersion7(now);
        DateTimeOffset? end = now + length;
        var taken = await database.Webhooks
            .Where(w => w.Id == webhookId && w.State == WebhookState.Active)
            .Where(w => (w.PausedUntil == null || w.PausedUntil <= now) && (w.LeasedUntil == null || w.LeasedUntil <= now))
            .ExecuteUpdateAsync(row => row.SetProperty(w => w.LeasedBy, taker).SetProperty(w => w.LeasedUntil, end), CancellationToken.None);
        var webhook = taken == 0 ? null : await database.Webhooks.AsNoTracking().SingleOrDefaultAsync(w => w.Id == webhookId && w.LeasedBy == taker, ct);
        return webhook is null ? null : new WebhookLease(database, clock, length, taker, end, webhook);
    }

    /// <summary>Time to <see cref="KeepAsync"/>, which renews: the next call must end within the other half.</summary>
    public bool IsHalfOver(DateTimeOffset now) => until - now < length / 2;

    /// <summary>
    /// Writes the webhook's state and every tracked change in one transaction, and renews or, with the same write, ends. False where the lease is lost or
    /// the client has changed the webhook: then nothing is written, and what was sent since is sent again.
    /// </summary>
    public async Task<bool> KeepAsync(bool release)
    {
        var kept = await database.Database.CreateExecutionStrategy().ExecuteAsync(async () =>
        {
            await using var transaction = await database.Database.BeginTransactionAsync();
            if (!await WriteAsync(release))
            {
                return false;
            }

            await database.SaveChangesAsync(acceptAllChangesOnSuccess: false);
            await transaction.CommitAsync();
            return true;
        });
        if (kept)
        {
            database.ChangeTracker.AcceptAllChanges();
            (PendingAreDue, released) = (false, release);
        }
        else
        {
            database.ChangeTracker.Clear();
        }

        return kept;
    }

    /// <summary>Where no <see cref="KeepAsync"/> has done it.</summary>
    public Task ReleaseAsync() => released ? Task.CompletedTask : database.Webhooks.Where(w => w.Id == Webhook.Id && w.LeasedBy == turn).ExecuteUpdateAsync(
        row => row.SetProperty(w => w.LeasedBy, (Guid?)null).SetProperty(w => w.LeasedUntil, (DateTimeOffset?)null), CancellationToken.None);

    private async Task<bool> WriteAsync(bool release)
    {
        var (id, now, w) = (Webhook.Id, clock.GetUtcNow(), Webhook);
        Guid? holder = release ? null : turn;
        DateTimeOffset? renewed = release ? null : now + length;
        var written = await database.Webhooks.Where(x => x.Id == id && x.LeasedBy == turn && x.Version == w.Version).ExecuteUpdateAsync(row => row
            .SetProperty(x => x.LeasedBy, holder)
            .SetProperty(x => x.LeasedUntil, renewed)
            .SetProperty(x => x.Position, w.Position)
            .SetProperty(x => x.State, w.State)
            .SetProperty(x => x.DisabledAt, w.DisabledAt)
            .SetProperty(x => x.DisabledReason, w.DisabledReason)
            .SetProperty(x => x.FailuresInARow, w.FailuresInARow)
            .SetProperty(x => x.FailingSince, w.FailingSince)
            .SetProperty(x => x.PausedUntil, w.PausedUntil)
            .SetProperty(x => x.LastDeliveredAt, w.LastDeliveredAt));
        if (written == 1 && PendingAreDue)
        {
            DateTimeOffset? due = now;
            await database.WebhookDeliveries.Where(d => d.WebhookId == id && d.State == WebhookDeliveryState.Pending)
                .ExecuteUpdateAsync(row => row.SetProperty(d => d.NextAttemptAt, due));
        }

        until = renewed;
        return written == 1;
    }
}

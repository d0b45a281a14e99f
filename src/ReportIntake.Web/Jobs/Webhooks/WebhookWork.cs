using Microsoft.EntityFrameworkCore;
using ReportIntake.Domain.Webhooks;
using ReportIntake.Web.Features.Police.ChangeFeed;
using ReportIntake.Web.Features.Police.Webhooks;
using ReportIntake.Web.Persistence;

namespace ReportIntake.Web.Jobs.Webhooks;

/// <summary>Which webhooks have something to send now. Reads only, so that idle nodes take no locks.</summary>
public sealed class WebhookWork(ReportIntakeDbContext database, FeedReader feed, TimeProvider clock)
{
    /// <summary>A webhook whose client may see none of so many new events gets a turn all the same, which keeps how far was looked.</summary>
    private const int MostUnseen = 1_000;

    /// <param name="passed">How far in the feed this node has looked for a webhook at that position and found nothing for it.</param>
    public async Task<List<Guid>> FindAsync(IDictionary<Guid, (long Position, long LookedTo)> passed, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        var webhooks = await database.Webhooks.AsNoTracking()
            .Where(w => w.State == WebhookState.Active && (w.PausedUntil == null || w.PausedUntil <= now) && (w.LeasedUntil == null || w.LeasedUntil <= now))
            .Select(w => new { w.Id, w.ClientId, w.Position, WasPaused = w.PausedUntil != null })
            .ToListAsync(ct);
        if (webhooks.Count == 0)
        {
            return [];
        }

        var due = await database.WebhookDeliveries
            .Where(d => d.State == WebhookDeliveryState.Pending && d.NextAttemptAt <= now)
            .Select(d => d.WebhookId).Distinct().ToListAsync(ct);
        var clients = await database.ReceivingAsync([.. webhooks.Select(w => w.ClientId).Distinct()], ct);
        var head = (await feed.BoundsAsync(ct)).Head;
        var found = new List<Guid>();
        foreach (var webhook in webhooks)
        {
            if (!clients.TryGetValue(webhook.ClientId, out var client))
            {
                continue;
            }

            if (webhook.WasPaused || due.Contains(webhook.Id))
            {
                found.Add(webhook.Id);
                continue;
            }

            var from = passed.TryGetValue(webhook.Id, out var known) && known.Position == webhook.Position ? known.LookedTo : webhook.Position;
            if (from >= head)
            {
                continue;
            }

            var (events, lookedTo) = await feed.ReadAsync(client, from, head, 1, ct);
            if (events.Count > 0 || lookedTo - webhook.Position > MostUnseen)
            {
                found.Add(webhook.Id);
            }
            else
            {
                passed[webhook.Id] = (webhook.Position, lookedTo);
            }
        }

        return found;
    }
}

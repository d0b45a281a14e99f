using Microsoft.EntityFrameworkCore;
using ReportIntake.Domain.Webhooks;
using ReportIntake.Web.Persistence;

namespace ReportIntake.Web.Features.Police.Webhooks;

/// <summary>A webhook as its client sees it.</summary>
/// <param name="FailingSince">The first failure since the last success.</param>
/// <param name="PausedUntil">Nothing is sent before.</param>
/// <param name="Pending">Events that failed and are to be tried again; those that were not tried yet are not counted.</param>
public sealed record WebhookView(
    Guid Id,
    string Url,
    WebhookState State,
    DateTimeOffset CreatedAt,
    DateTimeOffset? DisabledAt,
    WebhookDisabledReason? DisabledReason,
    DateTimeOffset? FailingSince,
    DateTimeOffset? PausedUntil,
    DateTimeOffset? LastDeliveredAt,
    int Pending,
    IReadOnlyList<WebhookView.Secret> Secrets)
{
    /// <param name="ExpiresAt">Null for the newest.</param>
    public sealed record Secret(Guid Id, DateTimeOffset CreatedAt, DateTimeOffset? ExpiresAt);

    /// <summary>The webhooks of a client, in order of creation; or one of them.</summary>
    public static async Task<List<WebhookView>> OfClientAsync(ReportIntakeDbContext database, Guid clientId, DateTimeOffset now, CancellationToken ct, Guid? only = null)
    {
        var webhooks = await database.Webhooks.AsNoTracking()
            .Where(w => w.ClientId == clientId && (only == null || w.Id == only))
            .OrderBy(w => w.CreatedAt).ThenBy(w => w.Id)
            .Select(w => new
            {
                Webhook = w,
                Pending = database.WebhookDeliveries.Count(d => d.WebhookId == w.Id && d.State == WebhookDeliveryState.Pending),
            })
            .ToListAsync(ct);
        var ids = webhooks.ConvertAll(w => w.Webhook.Id);
        var secrets = await database.WebhookSecrets.AsNoTracking()
            .Where(s => ids.Contains(s.WebhookId) && (s.ExpiresAt == null || s.ExpiresAt > now)).OrderByDescending(s => s.CreatedAt)
            .Select(s => new { s.WebhookId, Secret = new Secret(s.Id, s.CreatedAt, s.ExpiresAt) })
            .ToListAsync(ct);
        return webhooks.ConvertAll(w => new WebhookView(
            w.Webhook.Id, w.Webhook.Url, w.Webhook.State, w.Webhook.CreatedAt, w.Webhook.DisabledAt, w.Webhook.DisabledReason,
            w.Webhook.FailingSince, w.Webhook.PausedUntil, w.Webhook.LastDeliveredAt, w.Pending,
            [.. secrets.Where(s => s.WebhookId == w.Webhook.Id).Select(s => s.Secret)]));
    }
}

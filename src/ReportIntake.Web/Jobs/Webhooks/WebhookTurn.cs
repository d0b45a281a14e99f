using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using ReportIntake.Domain;
using ReportIntake.Domain.Webhooks;
using ReportIntake.Web.Features.Police.ChangeFeed;
using ReportIntake.Web.Features.Police.Webhooks;
using ReportIntake.Web.Persistence;
using ReportIntake.Web.Persistence.Outbox;
using ReportIntake.Web.Security;
using ReportIntake.Web.Telemetry;
using JsonOptions = Microsoft.AspNetCore.Http.Json.JsonOptions;

namespace ReportIntake.Web.Jobs.Webhooks;

/// <summary>
/// One webhook's turn: what is due again, then what is new, one call after the other in the order of the feed. An event that
/// fails is put aside to be tried again and the next one goes out, until the circuit opens. What was sent is written down
/// at short intervals: a node that dies sends that little again, which receivers know by the event's id.
/// </summary>
public sealed partial class WebhookTurn(
    ReportIntakeDbContext database, FeedReader feed, WebhookSender sender, WebhookSecrets secrets, OutboxSignal outbox,
    IOptions<WebhookOptions> options, IOptions<JsonOptions> json, TimeProvider clock, ILogger<WebhookTurn> logger)
{
    private const int Batch = 100;

    /// <summary>After this the others may have the hand; there is another turn at once.</summary>
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan KeepEvery = TimeSpan.FromMilliseconds(250);

    private Webhook webhook = null!;
    private PoliceClientAccess client = null!;
    private List<byte[]> keys = [];
    private WebhookLease lease = null!;
    private long keptAt;
    private bool lost;

    /// <summary>True where there may be more to send at once.</summary>
    public async Task<bool> RunAsync(Guid webhookId, CancellationToken ct)
    {
        if (await WebhookLease.TakeAsync(database, webhookId, options.Value.Lease, clock, ct) is not { } taken)
        {
            return false; // another node's, or paused or gone meanwhile
        }

        (lease, webhook, keptAt) = (taken, taken.Webhook, clock.GetTimestamp());
        try
        {
            return await LoadAsync(ct) && await SendAsync(ct);
        }
        finally
        {
            await lease.ReleaseAsync();
        }
    }

    /// <summary>False where the client may receive nothing any more: all stays as it is.</summary>
    private async Task<bool> LoadAsync(CancellationToken ct)
    {
        if (!(await database.ReceivingAsync([webhook.ClientId], ct)).TryGetValue(webhook.ClientId, out var access))
        {
            return false;
        }

        client = access;
        keys = await secrets.OpenAsync(database, webhook.Id, clock.GetUtcNow(), ct);
        return true;
    }

    private async Task<bool> SendAsync(CancellationToken ct)
    {
        var start = clock.GetTimestamp();
        webhook.Resume();
        while (clock.GetElapsedTime(start) < Longest)
        {
            var sent = await SendDueAsync(ct) || await SendNewAsync(ct);
            if (lost || !sent || !webhook.MaySend)
            {
                await KeepAsync(release: true);
                return lost;
            }
        }

        await KeepAsync(release: true);
        return true;
    }

    /// <summary>What failed and is due; while the circuit is half open the oldest one alone, due or not. False where there is none.</summary>
    private async Task<bool> SendDueAsync(CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        var (id, probing) = (webhook.Id, webhook.IsProbing);
        var due = await database.WebhookDeliveries
            .Where(d => d.WebhookId == id && d.State == WebhookDeliveryState.Pending && (probing || d.NextAttemptAt <= now))
            .OrderBy(d => d.Position).Take(probing ? 1 : Batch).ToListAsync(ct);
        var ids = due.ConvertAll(d => d.EventId);
        var events = await database.PoliceEvents.AsNoTracking().Where(e => ids.Contains(e.Id)).ToDictionaryAsync(e => e.Id, ct);
        foreach (var delivery in due)
        {
            if (events.TryGetValue(delivery.EventId, out var known) && client.Covers(known))
            {
                await SendAsync(known, delivery, ct);
            }
            else
            {
                var none = new WebhookAttempt(now, null, WebhookFailure.NotAvailable, 0);
                delivery.Failed(none, receiverDisabled: false, now, random: 0);
            }

            if (lost || !webhook.MaySend)
            {
                break;
            }
        }

        if (due.Count > 0)
        {
            await KeepAsync(); // before they are asked for again
            database.ChangeTracker.Clear();
        }

        return due.Count > 0;
    }

    /// <summary>What was published since. False where there is nothing.</summary>
    private async Task<bool> SendNewAsync(CancellationToken ct)
    {
        var head = (await feed.BoundsAsync(ct)).Head;
        var (events, lookedTo) = await feed.ReadAsync(client, webhook.Position, head, webhook.IsProbing ? 1 : Batch, ct);
        var (id, ids) = (webhook.Id, events.ConvertAll(e => e.Id));

        // Known already where the webhook went back in the feed.
        var known = await database.WebhookDeliveries.Where(d => d.WebhookId == id && ids.Contains(d.EventId)).ToDictionaryAsync(d => d.EventId, ct);
        foreach (var e in events)
        {
            if (known.GetValueOrDefault(e.Id) is not { } delivery)
            {
                delivery = WebhookDelivery.Of(id, e.Id, e.Type, e.ReportId, e.Position!.Value, clock.GetUtcNow());
                database.WebhookDeliveries.Add(delivery);
            }

            await SendAsync(e, delivery, ct);
            if (lost || !webhook.MaySend)
            {
                return true;
            }
        }

        webhook.Pass(lookedTo);
        if (events.Count == Batch)
        {
            await KeepAsync();
            database.ChangeTracker.Clear();
        }

        return events.Count > 0;
    }

    private async Task SendAsync(PoliceEvent e, WebhookDelivery delivery, CancellationToken ct)
    {
        var body = JsonSerializer.SerializeToUtf8Bytes(CloudEvent.Of(e, client), json.Value.SerializerOptions);
        WebhookAnswer answer;
        try
        {
            answer = await sender.SendAsync(webhook.Url, keys, e.Id, body, ct);
        }
        catch (OperationCanceledException)
        {
            if (database.Entry(delivery).State is EntityState.Added)
            {
                database.Entry(delivery).State = EntityState.Detached; // not known to have happened: sent again
            }

            await KeepAsync();
            throw;
        }

        webhook.Pass(e.Position!.Value);
        var now = clock.GetUtcNow();
        if (answer.Attempt.Failure is null)
        {
            delivery.Delivered(answer.Attempt);
            Signals.Delivered(now - e.At);
            lease.PendingAreDue |= webhook.Delivered(now);
        }
        else
        {
            Failed(delivery, answer, now);
        }

        if (answer.Attempt.Failure is not null || clock.GetElapsedTime(keptAt) >= KeepEvery || lease.IsHalfOver(clock.GetUtcNow()))
        {
            await KeepAsync();
        }
    }

    private void Failed(WebhookDelivery delivery, WebhookAnswer answer, DateTimeOffset now)
    {
        webhook.Failed(answer.IsGone, answer.RetryAfter, now, Random.Shared.NextDouble());
        var disabled = webhook.State is WebhookState.Disabled;
        delivery.Failed(answer.Attempt, disabled, now, Random.Shared.NextDouble());
        LogFailed(logger, webhook.Id, answer.Attempt.Failure!.Value, answer.Attempt.Status, webhook.FailuresInARow);
        if (disabled)
        {
            var reason = webhook.DisabledReason!.Value.Name();
            database.Ledger.Add(WebhookLedger.Entry(Actor.System, "webhook_disabled", webhook.Id, webhook.ClientId, now, ("reason", reason)));
            LogDisabled(logger, webhook.Id, reason);
        }
    }

    private async Task KeepAsync(bool release = false)
    {
        lost = lost || !await lease.KeepAsync(release);
        keptAt = clock.GetTimestamp();
        if (webhook.State is WebhookState.Disabled)
        {
            outbox.Set(); // for the ledger
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Webhook {Webhook}: {Failure}, status {Status}; {Failures} failures in a row")]
    private static partial void LogFailed(ILogger logger, Guid webhook, WebhookFailure failure, int? status, int failures);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Webhook {Webhook} is disabled: {Reason}")]
    private static partial void LogDisabled(ILogger logger, Guid webhook, string reason);
}

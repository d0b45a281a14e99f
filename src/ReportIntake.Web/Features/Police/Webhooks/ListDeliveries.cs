using System.ComponentModel;
using System.Globalization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;
using ReportIntake.Domain;
using ReportIntake.Domain.Reports;
using ReportIntake.Domain.Results;
using ReportIntake.Domain.Webhooks;
using ReportIntake.Web.Persistence;

namespace ReportIntake.Web.Features.Police.Webhooks;

/// <summary>What became of the events at one webhook, the newest first.</summary>
public sealed class ListDeliveries(ReportIntakeDbContext database, SealedCursors cursors)
{
    public const int DefaultLimit = 50;
    public const int MaxLimit = 200;

    public sealed record Query(
        [property: FromQuery(Name = "state"), Description("pending, delivered or given_up.")] string? State,
        [property: FromQuery(Name = "limit"), Description("1 to 200, 50 if not given.")] int? Limit,
        [property: FromQuery(Name = "cursor"), Description("nextCursor of the page before, with the same filter.")] string? Cursor);

    public sealed record Page(IReadOnlyList<Item> Items, string? NextCursor);

    /// <param name="NextAttemptAt">Set while pending.</param>
    /// <param name="Attempts">Oldest first, the last 20.</param>
    public sealed record Item(
        Guid EventId, PoliceEventType EventType, Guid ReportId, WebhookDeliveryState State, DateTimeOffset CreatedAt, DateTimeOffset? NextAttemptAt, IReadOnlyList<WebhookAttempt> Attempts);

    public async Task<Result<Page>> ReadAsync(Guid clientId, Guid webhookId, Query query, CancellationToken ct)
    {
        if (!await database.Webhooks.AnyAsync(w => w.Id == webhookId && w.ClientId == clientId, ct))
        {
            return WebhookErrors.NotFound;
        }

        if (query.Limit is < 1 or > MaxLimit)
        {
            return Error.Validation([PageLimit.Refusal(MaxLimit)]);
        }

        var deliveries = database.WebhookDeliveries.AsNoTracking().Where(d => d.WebhookId == webhookId);
        if (query.State is not null)
        {
            if (!EnumNames.TryParse<WebhookDeliveryState>(query.State, out var state))
            {
                return Error.Validation("state", "unknown_code", "The code is not known here.");
            }

            deliveries = deliveries.Where(d => d.State == state);
        }

        var purpose = $"deliveries/{webhookId}/{query.State}";
        if (query.Cursor is not null)
        {
            var opened = cursors.Open(clientId, purpose, query.Cursor);
            if (!opened.IsSuccess)
            {
                return opened.Error;
            }

            var parts = opened.Value.Split(' ');
            var (before, beforeId) = (new DateTimeOffset(long.Parse(parts[0], CultureInfo.InvariantCulture), TimeSpan.Zero), Guid.Parse(parts[1]));
            deliveries = deliveries.Where(d => d.CreatedAt <= before && (d.CreatedAt < before || d.Id < beforeId));
        }

        var limit = query.Limit ?? DefaultLimit;
        var found = await deliveries.OrderByDescending(d => d.CreatedAt).ThenByDescending(d => d.Id).Take(limit + 1).ToListAsync(ct);
        var page = found.Take(limit).ToList();
        var next = found.Count > limit ? cursors.Seal(clientId, purpose, string.Create(CultureInfo.InvariantCulture, $"{page[^1].CreatedAt.UtcTicks} {page[^1].Id}")) : null;
        return new Page([.. page.Select(d => new Item(d.EventId, d.EventType, d.ReportId, d.State, d.CreatedAt, d.NextAttemptAt, d.Attempts))], next);
    }
}

using FluentValidation;
using MediatR;
using Microsoft.EntityFrameworkCore;
using ReportIntake.Domain.Results;
using ReportIntake.Domain.Webhooks;
using ReportIntake.Web.Features.Police.ChangeFeed;
using ReportIntake.Web.Persistence;
using ReportIntake.Web.Persistence.Outbox;
using ReportIntake.Web.Pipeline;
using ReportIntake.Web.Security;

namespace ReportIntake.Web.Features.Police.Webhooks;

/// <summary>Events once more: some by id, those of a time, or all after a place in the feed. Receivers know them by their ids.</summary>
public static class ReplayEvents
{
    /// <summary>Events that one call takes by id or by time; more of them by a cursor.</summary>
    public const int MaxEvents = 1_000;

    /// <summary>One of three: ids, a cursor, or a time.</summary>
    /// <param name="FromCursor">Of the feed: everything after it.</param>
    /// <param name="From">Events of this time and later, to <paramref name="To"/>.</param>
    /// <param name="To">Now if not given.</param>
    public sealed record Body(IReadOnlyList<Guid>? EventIds, string? FromCursor, DateTimeOffset? From, DateTimeOffset? To);

    public sealed record Command(PoliceClientAccess Client, Guid WebhookId, IReadOnlyList<Guid>? EventIds, string? FromCursor, DateTimeOffset? From, DateTimeOffset? To)
        : ICommand<Result<Answer>>;

    /// <param name="Queued">Events that are due again; null where the webhook went back in the feed and sends whatever follows.</param>
    public sealed record Answer(int? Queued);

    public sealed class Validator : AbstractValidator<Command>
    {
        public Validator()
        {
            RuleFor(c => c.EventIds).Must((c, _) => new[] { c.EventIds is not null, c.FromCursor is not null, c.From is not null }.Count(given => given) == 1)
                .WithErrorCode("replay_one_of").WithMessage("Give one of eventIds, fromCursor and from.");
            RuleFor(c => c.EventIds).Must(ids => ids is null || ids.Count is > 0 and <= MaxEvents)
                .WithErrorCode("replay_too_large").WithMessage($"1 to {MaxEvents} events at a time; more by fromCursor.");
            RuleFor(c => c.To).Must((c, to) => to is null || c.From is { } from && from <= to)
                .WithErrorCode("replay_range_invalid").WithMessage("The end of the time must come after its beginning.");
        }
    }

    public sealed class Handler(ReportIntakeDbContext database, FeedCursors cursors, TimeProvider clock) : IRequestHandler<Command, Result<Answer>>
    {
        public async Task<Result<Answer>> Handle(Command request, CancellationToken cancellationToken)
        {
            if (!await database.Webhooks.AnyAsync(w => w.Id == request.WebhookId && w.ClientId == request.Client.ClientId, cancellationToken))
            {
                return WebhookErrors.NotFound;
            }

            return request.FromCursor is { } cursor
                ? await GoBackAsync(request, cursor, cancellationToken)
                : await QueueAsync(request, cancellationToken);
        }

        private async Task<Result<Answer>> GoBackAsync(Command request, string cursor, CancellationToken ct)
        {
            var position = await cursors.OpenAsync(request.Client.ClientId, cursor, ct);
            if (!position.IsSuccess)
            {
                return position.Error;
            }

            await database.Webhooks.Where(w => w.Id == request.WebhookId && w.Position > position.Value).ExecuteUpdateAsync(
                row => row.SetProperty(w => w.Position, position.Value).SetProperty(w => w.Version, w => w.Version + 1), ct);
            return new Answer(null);
        }

        private async Task<Result<Answer>> QueueAsync(Command request, CancellationToken ct)
        {
            var events = database.PoliceEvents.AsNoTracking().Where(e => e.Position != null).Where(request.Client.CoversEvent());
            var (ids, from, to) = (request.EventIds?.Distinct().ToList(), request.From, request.To);
            events = ids is not null ? events.Where(e => ids.Contains(e.Id)) : events.Where(e => e.At >= from && (to == null || e.At <= to));
            var chosen = await events.OrderBy(e => e.Position).Take(MaxEvents + 1).ToListAsync(ct);
            if (ids is not null && chosen.Count < ids.Count)
            {
                return Error.Validation("eventIds", "event_unknown", "One of the events is not known, or is not yours.");
            }

            if (chosen.Count > MaxEvents)
            {
                return Error.Validation("from", "replay_too_large", $"1 to {MaxEvents} events at a time; more by fromCursor.");
            }

            await AddAsync(request.WebhookId, chosen, ct);
            return new Answer(chosen.Count);
        }

        private async Task AddAsync(Guid webhookId, List<PoliceEvent> chosen, CancellationToken ct)
        {
            // A turn of deliveries that is under way must not write over what is set here.
            await database.Webhooks.Where(w => w.Id == webhookId).ExecuteUpdateAsync(row => row.SetProperty(w => w.Version, w => w.Version + 1), ct);
            var (now, ids) = (clock.GetUtcNow(), chosen.ConvertAll(e => e.Id));
            var known = await database.WebhookDeliveries.Where(d => d.WebhookId == webhookId && ids.Contains(d.EventId)).ToDictionaryAsync(d => d.EventId, ct);
            foreach (var e in chosen)
            {
                if (known.TryGetValue(e.Id, out var delivery))
                {
                    delivery.Replay(now);
                }
                else
                {
                    database.WebhookDeliveries.Add(WebhookDelivery.Of(webhookId, e.Id, e.Type, e.ReportId, e.Position!.Value, now));
                }
            }

            await database.SaveChangesAsync(ct);
        }
    }
}

using FluentValidation;
using MediatR;
using Microsoft.EntityFrameworkCore;
using ReportIntake.Domain;
using ReportIntake.Domain.Results;
using ReportIntake.Domain.Webhooks;
using ReportIntake.Web.Features.Police.ChangeFeed;
using ReportIntake.Web.Persistence;
using ReportIntake.Web.Pipeline;

namespace ReportIntake.Web.Features.Police.Webhooks;

/// <summary>A new address to push to, from now on or from a place in the feed. Its secret is answered this once.</summary>
public static class AddWebhook
{
    /// <param name="Url">https; http only where the operator allows it.</param>
    /// <param name="After">A cursor of the feed; from now on if not given.</param>
    public sealed record Body(string? Url, string? After);

    public sealed record Command(Guid ClientId, string? Url, string? After) : ICommand<Result<Answer>>;

    /// <param name="Secret"><c>whsec_…</c>; it cannot be read again.</param>
    public sealed record Answer(Guid Id, string Url, string Secret);

    public sealed class Validator : AbstractValidator<Command>
    {
        public Validator(ReceiverUrl url) => url.Rules(RuleFor(c => c.Url).Cascade(CascadeMode.Stop));
    }

    public sealed class Handler(ReportIntakeDbContext database, FeedReader feed, FeedCursors cursors, WebhookSecrets secrets, TimeProvider clock)
        : IRequestHandler<Command, Result<Answer>>
    {
        public async Task<Result<Answer>> Handle(Command request, CancellationToken cancellationToken)
        {
            if (await database.Webhooks.CountAsync(w => w.ClientId == request.ClientId, cancellationToken) >= Webhook.MostOfOneClient)
            {
                return WebhookErrors.TooMany;
            }

            Result<long> position = request.After is null
                ? (await feed.BoundsAsync(cancellationToken)).Head
                : await cursors.OpenAsync(request.ClientId, request.After, cancellationToken);
            if (!position.IsSuccess)
            {
                return position.Error;
            }

            var now = clock.GetUtcNow();
            var webhook = Webhook.Add(request.ClientId, ReceiverUrl.Parse(request.Url)!.AbsoluteUri, position.Value, now);
            var (secret, text) = secrets.Create(webhook.Id, now);
            database.Webhooks.Add(webhook);
            database.WebhookSecrets.Add(secret);
            database.Ledger.Add(WebhookLedger.Entry(Actor.Police(request.ClientId), "webhook_added", webhook.Id, request.ClientId, now));
            await database.SaveChangesAsync(cancellationToken);
            return new Answer(webhook.Id, webhook.Url, text);
        }
    }
}

using FluentValidation;
using MediatR;
using Microsoft.EntityFrameworkCore;
using ReportIntake.Domain;
using ReportIntake.Domain.Results;
using ReportIntake.Domain.Webhooks;
using ReportIntake.Web.Persistence;
using ReportIntake.Web.Pipeline;

namespace ReportIntake.Web.Features.Police.Webhooks;

/// <summary>A new secret. Until the older ones expire, every call carries a signature of each.</summary>
public static class RotateSecret
{
    public const int DefaultOverlapHours = 24;
    public const int MaxOverlapHours = 168;

    /// <param name="OverlapHours">How long the older secrets stay valid, 0 to 168; 24 if not given. 0 where one is known to others.</param>
    public sealed record Body(int? OverlapHours);

    public sealed record Command(Guid ClientId, Guid WebhookId, int? OverlapHours) : ICommand<Result<Answer>>;

    /// <param name="Secret"><c>whsec_…</c>; it cannot be read again.</param>
    public sealed record Answer(string Secret, DateTimeOffset OlderExpireAt);

    public sealed class Validator : AbstractValidator<Command>
    {
        public Validator() => RuleFor(c => c.OverlapHours).InclusiveBetween(0, MaxOverlapHours).When(c => c.OverlapHours is not null)
            .WithErrorCode("overlap_invalid").WithMessage($"Older secrets stay valid for 0 to {MaxOverlapHours} hours.");
    }

    public sealed class Handler(ReportIntakeDbContext database, WebhookSecrets secrets, TimeProvider clock) : IRequestHandler<Command, Result<Answer>>
    {
        public async Task<Result<Answer>> Handle(Command request, CancellationToken cancellationToken)
        {
            if (!await database.Webhooks.AnyAsync(w => w.Id == request.WebhookId && w.ClientId == request.ClientId, cancellationToken))
            {
                return WebhookErrors.NotFound;
            }

            var now = clock.GetUtcNow();
            var expireAt = now.AddHours(request.OverlapHours ?? DefaultOverlapHours);
            var older = await WebhookSecrets.Valid(database, request.WebhookId, now).ToListAsync(cancellationToken);
            if (older.Count >= Webhook.MostSecrets && expireAt > now)
            {
                return WebhookErrors.TooManySecrets;
            }

            foreach (var secret in older.Where(s => s.ExpiresAt is null || s.ExpiresAt > expireAt))
            {
                secret.ExpiresAt = expireAt;
            }

            var (added, text) = secrets.Create(request.WebhookId, now);
            database.WebhookSecrets.Add(added);
            database.Ledger.Add(WebhookLedger.Entry(Actor.Police(request.ClientId), "webhook_secret_added", request.WebhookId, request.ClientId, now));
            await database.SaveChangesAsync(cancellationToken);
            return new Answer(text, expireAt);
        }
    }
}

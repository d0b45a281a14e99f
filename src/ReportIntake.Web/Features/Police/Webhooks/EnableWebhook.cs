using MediatR;
using Microsoft.EntityFrameworkCore;
using ReportIntake.Domain;
using ReportIntake.Domain.Results;
using ReportIntake.Domain.Webhooks;
using ReportIntake.Web.Persistence;
using ReportIntake.Web.Pipeline;

namespace ReportIntake.Web.Features.Police.Webhooks;

/// <summary>
/// The receiver is back: a disabled webhook goes on where it stopped, and one that is paused does not wait any longer.
/// What is pending is due at once. To enable one that is active is no mistake.
/// </summary>
public static class EnableWebhook
{
    public sealed record Command(Guid ClientId, Guid WebhookId) : ICommand<Result>;

    public sealed class Handler(ReportIntakeDbContext database, TimeProvider clock) : IRequestHandler<Command, Result>
    {
        public async Task<Result> Handle(Command request, CancellationToken cancellationToken)
        {
            var (id, now) = (request.WebhookId, clock.GetUtcNow());
            var state = await database.Webhooks.Where(w => w.Id == id && w.ClientId == request.ClientId)
                .Select(w => (WebhookState?)w.State).SingleOrDefaultAsync(cancellationToken);
            if (state is null)
            {
                return WebhookErrors.NotFound;
            }

            await database.Webhooks.Where(w => w.Id == id).ExecuteUpdateAsync(
                row => row
                    .SetProperty(w => w.State, WebhookState.Active)
                    .SetProperty(w => w.DisabledAt, (DateTimeOffset?)null)
                    .SetProperty(w => w.DisabledReason, (WebhookDisabledReason?)null)
                    .SetProperty(w => w.FailuresInARow, 0)
                    .SetProperty(w => w.FailingSince, (DateTimeOffset?)null)
                    .SetProperty(w => w.PausedUntil, (DateTimeOffset?)null)
                    .SetProperty(w => w.Version, w => w.Version + 1),
                cancellationToken);
            await database.WebhookDeliveries.Where(d => d.WebhookId == id && d.State == WebhookDeliveryState.Pending).ExecuteUpdateAsync(
                row => row.SetProperty(d => d.NextAttemptAt, (DateTimeOffset?)now).SetProperty(d => d.FirstFailedAt, (DateTimeOffset?)null), cancellationToken);
            if (state is WebhookState.Disabled)
            {
                database.Ledger.Add(WebhookLedger.Entry(Actor.Police(request.ClientId), "webhook_enabled", id, request.ClientId, now));
                await database.SaveChangesAsync(cancellationToken);
            }

            return Result.Success;
        }
    }
}

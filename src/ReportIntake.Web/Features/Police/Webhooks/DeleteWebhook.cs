using MediatR;
using Microsoft.EntityFrameworkCore;
using ReportIntake.Domain;
using ReportIntake.Domain.Results;
using ReportIntake.Domain.Webhooks;
using ReportIntake.Web.Persistence;
using ReportIntake.Web.Pipeline;

namespace ReportIntake.Web.Features.Police.Webhooks;

/// <summary>Ends a webhook with its secrets and its log. A call that is under way just now may still arrive.</summary>
public static class DeleteWebhook
{
    public sealed record Command(Guid ClientId, Guid WebhookId) : ICommand<Result>;

    public sealed class Handler(ReportIntakeDbContext database, TimeProvider clock) : IRequestHandler<Command, Result>
    {
        public async Task<Result> Handle(Command request, CancellationToken cancellationToken)
        {
            // The row first: that takes its lock, so that no turn of deliveries writes between the next statements.
            var found = await database.Webhooks.Where(w => w.Id == request.WebhookId && w.ClientId == request.ClientId)
                .ExecuteUpdateAsync(row => row.SetProperty(w => w.Version, w => w.Version + 1), cancellationToken);
            if (found == 0)
            {
                return WebhookErrors.NotFound;
            }

            await database.WebhookDeliveries.Where(d => d.WebhookId == request.WebhookId).ExecuteDeleteAsync(cancellationToken);
            await database.WebhookSecrets.Where(s => s.WebhookId == request.WebhookId).ExecuteDeleteAsync(cancellationToken);
            await database.Webhooks.Where(w => w.Id == request.WebhookId).ExecuteDeleteAsync(cancellationToken);
            database.Ledger.Add(WebhookLedger.Entry(
                Actor.Police(request.ClientId), "webhook_deleted", request.WebhookId, request.ClientId, clock.GetUtcNow()));
            await database.SaveChangesAsync(cancellationToken);
            return Result.Success;
        }
    }
}

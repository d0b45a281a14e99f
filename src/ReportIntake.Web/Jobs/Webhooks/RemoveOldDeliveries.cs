using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using ReportIntake.Domain.Webhooks;
using ReportIntake.Web.Features.Police.Webhooks;
using ReportIntake.Web.Persistence;

namespace ReportIntake.Web.Jobs.Webhooks;

/// <summary>The log of deliveries ends; what is pending stays, however old.</summary>
public sealed class RemoveOldDeliveries(ReportIntakeDbContext database, IOptions<WebhookOptions> options, TimeProvider clock) : IRecurringJob
{
    public async Task ExecuteAsync(CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var before = now - options.Value.KeepLog;
        await database.WebhookDeliveries.Where(d => d.CreatedAt < before && d.State != WebhookDeliveryState.Pending).ExecuteDeleteAsync(cancellationToken);
        await database.WebhookSecrets.Where(s => s.ExpiresAt <= now).ExecuteDeleteAsync(cancellationToken);
    }
}

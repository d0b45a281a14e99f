using Microsoft.EntityFrameworkCore;
using ReportIntake.Web.Persistence;
using ReportIntake.Web.Security;

namespace ReportIntake.Web.Features.Police.Webhooks;

/// <summary>Who is pushed to: what a client may receive is what it might read from the feed itself.</summary>
public static class WebhookClients
{
    /// <summary>What the client may see, by its id; missing where it is revoked or may not read reports or have webhooks.</summary>
    public static async Task<Dictionary<Guid, PoliceClientAccess>> ReceivingAsync(this ReportIntakeDbContext database, IReadOnlyCollection<Guid> clientIds, CancellationToken ct)
    {
        var clients = await database.PoliceClients.AsNoTracking().Where(c => clientIds.Contains(c.Id) && c.RevokedAt == null).ToListAsync(ct);
        return clients
            .Where(c => c.Scopes.Contains(PoliceScopes.ReadReports) && c.Scopes.Contains(PoliceScopes.ManageWebhooks))
            .ToDictionary(c => c.Id, PoliceClientAccess.Of);
    }
}

using Microsoft.EntityFrameworkCore;
using ReportIntake.Web.Persistence;

namespace ReportIntake.Web.Features.Administration.Clients;

/// <summary>The police systems, by name; for API and page.</summary>
public static class ClientList
{
    public sealed record Item(Guid Id, string Name, string KeyPrefix, IReadOnlyList<string> Scopes, IReadOnlyList<string> Areas, IReadOnlyList<string> Categories, IReadOnlyList<string> Tiers, DateTimeOffset CreatedAt, DateTimeOffset? RevokedAt);

    public static async Task<IReadOnlyList<Item>> ReadAsync(ReportIntakeDbContext database, CancellationToken cancellationToken) =>
        await database.PoliceClients.OrderBy(c => c.Name).ThenBy(c => c.CreatedAt)
            .Select(c => new Item(c.Id, c.Name, c.KeyPrefix, c.Scopes, c.Areas, c.Categories, c.Tiers, c.CreatedAt, c.RevokedAt))
            .ToListAsync(cancellationToken);
}

using Microsoft.EntityFrameworkCore;
using ReportIntake.Web.Persistence;
using ReportIntake.Web.Security;

namespace ReportIntake.Web.Features.Administration.Clients;

/// <summary>The police systems, by name; for API and page.</summary>
public static class ClientList
{
    /// <param name="Keys">The newest first, those that no longer count too.</param>
    /// <param name="RateLimit">Its own rate limit; null where the default counts.</param>
    public sealed record Item(
        Guid Id,
        string Name,
        IReadOnlyList<string> Scopes,
        IReadOnlyList<string> Areas,
        IReadOnlyList<string> Categories,
        IReadOnlyList<string> Tiers,
        IReadOnlyList<string> Networks,
        IReadOnlyList<string> Certificates,
        string? Issuer,
        string? ExternalId,
        ClientTerms.Rate? RateLimit,
        IReadOnlyList<Key> Keys,
        DateTimeOffset CreatedAt,
        DateTimeOffset? RevokedAt)
    {
        internal static Item Of(PoliceClient client) => new(
            client.Id, client.Name, client.Scopes, client.Areas, client.Categories, client.Tiers, client.Networks, client.Certificates, client.Issuer, client.ExternalId,
            client is { Burst: { } burst, PerMinute: { } perMinute } ? new ClientTerms.Rate(burst, perMinute) : null,
            [.. client.Keys.OrderByDescending(k => k.CreatedAt).Select(k => new Key(k.Id, k.Prefix, k.CreatedAt, k.ExpiresAt, k.LastUsedAt, k.RevokedAt))],
            client.CreatedAt, client.RevokedAt);
    }

    /// <param name="Prefix">Its first characters, to recognise it by.</param>
    /// <param name="LastUsedAt">To the minute; null where it never was.</param>
    public sealed record Key(Guid Id, string Prefix, DateTimeOffset CreatedAt, DateTimeOffset? ExpiresAt, DateTimeOffset? LastUsedAt, DateTimeOffset? RevokedAt);

    public static async Task<IReadOnlyList<Item>> ReadAsync(ReportIntakeDbContext database, CancellationToken cancellationToken)
    {
        var clients = await database.PoliceClients.AsNoTracking().Include(c => c.Keys).OrderBy(c => c.Name).ThenBy(c => c.CreatedAt).ToListAsync(cancellationToken);
        return [.. clients.Select(Item.Of)];
    }
}

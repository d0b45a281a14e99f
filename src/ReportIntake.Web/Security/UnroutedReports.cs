using Microsoft.EntityFrameworkCore;
using ReportIntake.Domain.Reports;
using ReportIntake.Domain.Triage;
using ReportIntake.Web.Persistence;

namespace ReportIntake.Web.Security;

/// <summary>Verified reports that no police client sees: they would wait for ever. Codes and counts only.</summary>
public sealed class UnroutedReports(ReportIntakeDbContext database)
{
    /// <param name="Area">Null: the report names none, and only a national client sees it.</param>
    public sealed record Group(string? Area, string Category, Tier? Tier, int Count);

    /// <summary>Looks at what waits to be acknowledged, which is little where police systems work.</summary>
    public async Task<IReadOnlyList<Group>> FindAsync(CancellationToken cancellationToken)
    {
        var clients = (await database.PoliceClients.AsNoTracking().Where(c => c.RevokedAt == null).ToListAsync(cancellationToken))
            .Where(c => c.Scopes.Contains(PoliceScopes.ReadReports)).Select(PoliceClientAccess.Of).ToList();
        if (clients.Exists(c => c.CoversAll))
        {
            return [];
        }

        var waiting = await database.Reports.Where(r => r.State == ReportState.Verified)
            .GroupBy(r => new { r.Incident.AreaCode, r.Category, r.Tier })
            .Select(g => new { g.Key.AreaCode, g.Key.Category, g.Key.Tier, Count = g.Count() })
            .ToListAsync(cancellationToken);
        return
        [
            .. waiting.Where(g => !clients.Exists(c => c.Covers(g.AreaCode, g.Category, g.Tier)))
                .OrderBy(g => g.AreaCode, StringComparer.Ordinal).ThenBy(g => g.Category, StringComparer.Ordinal).ThenBy(g => g.Tier)
                .Select(g => new Group(g.AreaCode, g.Category, g.Tier, g.Count)),
        ];
    }
}

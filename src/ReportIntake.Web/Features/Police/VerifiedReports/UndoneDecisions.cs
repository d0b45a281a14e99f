using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using ReportIntake.Domain;
using ReportIntake.Domain.Reports;
using ReportIntake.Web.Persistence;

namespace ReportIntake.Web.Features.Police.VerifiedReports;

/// <summary>Decisions that were taken back before anybody outside was told: the ledger keeps them, the police's history never had them.</summary>
internal static class UndoneDecisions
{
    /// <summary>Ids of the ledger entries of a report's undone decisions.</summary>
    public static async Task<IReadOnlySet<Guid>> EntriesAsync(ReportIntakeDbContext database, Guid reportId, CancellationToken ct)
    {
        var name = ReportAction.DecisionUndone.Name();
        var found = new HashSet<Guid>();
        foreach (var undoing in await database.Ledger.AsNoTracking().Where(e => e.ReportId == reportId && e.Action == name).ToListAsync(ct))
        {
            var action = JsonSerializer.Deserialize<Dictionary<string, string>>(undoing.Details)![ReportEvent.Undone];
            found.Add(await database.Ledger.Where(e => e.ReportId == reportId && e.Action == action && e.At < undoing.At)
                .OrderByDescending(e => e.At).Select(e => e.Id).FirstAsync(ct));
        }

        return found;
    }
}

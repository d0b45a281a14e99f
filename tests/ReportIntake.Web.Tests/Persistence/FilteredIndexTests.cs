using Microsoft.EntityFrameworkCore;
using ReportIntake.Domain.Reports;
using ReportIntake.Testing;
using ReportIntake.Web.Persistence;

namespace ReportIntake.Web.Tests.Persistence;

/// <summary>An index that leaves rows out serves a query only where the database can see that none of those is asked for.</summary>
public sealed class FilteredIndexTests
{
    [Fact]
    public async Task Sqlite_EveryFilteredIndex_ServesWhatItIsFor()
    {
        await using var host = new EmbeddedHost();
        var (served, filtered) = await host.WithDatabaseAsync(async database =>
        {
            await database.Database.OpenConnectionAsync();
            var plans = new List<string>();
            foreach (var query in Queries(database))
            {
                plans.Add(await PlanAsync(database, query));
            }

            var names = database.Model.GetEntityTypes().SelectMany(e => e.GetIndexes()).Where(i => i.GetFilter() is not null).Select(i => i.GetDatabaseName()!);
            return (plans, names.ToList());
        });

        Assert.True(filtered.Count >= 15);
        Assert.Equal([], filtered.Where(index => !served.Exists(plan => plan.Contains($" INDEX {index} ", StringComparison.Ordinal))));
        Assert.Equal([], served.Where(plan => plan.Contains("SCAN", StringComparison.Ordinal) && !plan.Contains("USING", StringComparison.Ordinal)));
    }

    /// <summary>As they stand in jobs and features.</summary>
    private static IEnumerable<IQueryable> Queries(ReportIntakeDbContext database)
    {
        var now = TimeProvider.System.GetUtcNow();
        var id = Guid.NewGuid();
        var state = ReportState.Resolved;
        byte[] hash = [1, 2, 3];
        long from = 5, to = 9;
        Guid?[] ids = [id];
        var name = "name";
        return
        [
            database.Reports.Where(r => r.ClaimedUntil <= now).OrderBy(r => r.ClaimedUntil),
            database.Reports.Where(r => r.EscalatesAt <= now).OrderBy(r => r.EscalatesAt),
            database.Reports.Where(r => r.UndoUntil <= now).OrderBy(r => r.UndoUntil),
            database.Reports.Where(r => r.State == state && r.DeadlineAt <= now).OrderBy(r => r.DeadlineAt),
            database.Reports.Where(r => r.State == state && r.EndedAt <= now).OrderBy(r => r.EndedAt),
            database.Reports.Where(r => r.LegalHoldUntil <= now).OrderBy(r => r.LegalHoldUntil),
            database.Reports.Where(r => r.CanonicalReportId == id),
            database.Evidence.Where(e => e.ReportId == id).OrderBy(e => e.Id),
            database.Evidence.Where(e => e.OriginReportId == id),
            database.Evidence.Where(e => e.Sha256 == hash),
            database.Evidence.Where(e => new[] { hash }.Contains(e.Md5)),
            database.Evidence.Where(e => e.ReportId == null && e.ExpiresAt <= now).OrderBy(e => e.ExpiresAt),
            database.Ledger.Where(e => e.EvidenceId != null && ids.Contains(e.EvidenceId.Value)),
            database.Ledger.Where(e => e.Position >= from && e.Position < to).OrderBy(e => e.Position),
            database.Ledger.Where(e => e.Position == null).OrderBy(e => e.At).ThenBy(e => e.Id),
            database.PoliceEvents.Where(e => e.Position > from && e.Position <= to).OrderBy(e => e.Position),
            database.PoliceEvents.Where(e => e.Position == null).OrderBy(e => e.At).ThenBy(e => e.Id),
            database.Jobs.Where(j => j.LeasedBy == id),
            database.PoliceClients.Where(c => c.Name == name && c.RevokedAt == null),
            database.PoliceClients.Where(c => c.Issuer == name && c.ExternalId == name && c.RevokedAt == null),
            database.Set<ReportIntake.Web.Evidence.Recognition.HashListEntry>().Where(e => e.HashListId == id && e.SearchedAt == null),
        ];
    }

    private static async Task<string> PlanAsync(ReportIntakeDbContext database, IQueryable query)
    {
        await using var command = query.CreateDbCommand();
        command.CommandText = "EXPLAIN QUERY PLAN " + command.CommandText;
        await using var rows = await command.ExecuteReaderAsync();
        var steps = new List<string>();
        while (await rows.ReadAsync())
        {
            steps.Add(rows.GetString(3) + " ");
        }

        return string.Join('\n', steps);
    }
}

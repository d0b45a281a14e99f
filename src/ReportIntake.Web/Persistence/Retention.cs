using Microsoft.EntityFrameworkCore;
using ReportIntake.Domain.Reports;

namespace ReportIntake.Web.Persistence;

/// <summary>Which reports retention ends: one answer for the purge and for the admin who asks beforehand.</summary>
public static class Retention
{
    /// <summary>Days by state, for all of <see cref="ReportStates.Purgeable"/>; null where nothing is purged.</summary>
    public static async Task<SortedDictionary<ReportState, int?>> PeriodsAsync(ReportIntakeDbContext database, CancellationToken cancellationToken)
    {
        var periods = new SortedDictionary<ReportState, int?>(RetentionPeriod.Defaults.ToDictionary());
        foreach (var set in await database.RetentionPeriods.AsNoTracking().ToListAsync(cancellationToken))
        {
            periods[set.State] = set.Days;
        }

        return periods;
    }

    /// <summary>Past their time and under nobody's hold; a hold covers what was joined with the report too, in either direction.</summary>
    public static IQueryable<Report> PastRetention(this ReportIntakeDbContext database, ReportState state, int days, DateTimeOffset now) =>
        Past(database, state, days, now).Where(r => !r.LegalHold
            && !database.Reports.Any(o => o.LegalHold && (o.Id == r.CanonicalReportId || o.CanonicalReportId == r.Id)));

    /// <summary>Past their time, and kept for a hold.</summary>
    public static IQueryable<Report> HeldPastRetention(this ReportIntakeDbContext database, ReportState state, int days, DateTimeOffset now) =>
        Past(database, state, days, now).Where(r => r.LegalHold
            || database.Reports.Any(o => o.LegalHold && (o.Id == r.CanonicalReportId || o.CanonicalReportId == r.Id)));

    private static IQueryable<Report> Past(ReportIntakeDbContext database, ReportState state, int days, DateTimeOffset now)
    {
        var limit = now.AddDays(-days);
        return database.Reports.Where(r => r.State == state && r.EndedAt <= limit);
    }
}

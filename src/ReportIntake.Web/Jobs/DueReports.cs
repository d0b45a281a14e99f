using System.Linq.Expressions;
using Microsoft.EntityFrameworkCore;
using ReportIntake.Domain.Reports;
using ReportIntake.Domain.Results;
using ReportIntake.Web.Persistence;

namespace ReportIntake.Web.Jobs;

/// <summary>Reports on which the system acts by itself: each in a transaction of its own; what a person changed first is left to them.</summary>
public sealed class DueReports(ReportIntakeDbContext database, OutboxSignal signal)
{
    private const int Batch = 1_000;

    /// <param name="due">Answered by an index. What is left over after one batch is due at the next run.</param>
    /// <param name="since">The time that index ends with: in any other order SQLite would rather walk all reports in it.</param>
    public async Task ForEachAsync(
        Expression<Func<Report, bool>> due, Expression<Func<Report, DateTimeOffset?>> since, Func<Report, Result> act, CancellationToken cancellationToken)
    {
        var ids = await database.Reports.Where(due).OrderBy(since).Select(r => r.Id).Take(Batch).ToListAsync(cancellationToken);
        foreach (var id in ids)
        {
            cancellationToken.ThrowIfCancellationRequested();
            database.ChangeTracker.Clear();
            var report = await database.Reports.FindAsync([id], cancellationToken);
            if (report is null || !act(report).IsSuccess)
            {
                continue;
            }

            try
            {
                await database.SaveChangesAsync(cancellationToken);
                signal.Set();
            }
            catch (DbUpdateConcurrencyException)
            {
                // Somebody was faster; the report is no longer due, or is at the next run.
            }
        }
    }
}

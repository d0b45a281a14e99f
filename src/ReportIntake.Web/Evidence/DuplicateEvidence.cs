using Microsoft.EntityFrameworkCore;
using ReportIntake.Domain.Reports;
using ReportIntake.Web.Persistence;

namespace ReportIntake.Web.Evidence;

/// <summary>A duplicate's evidence counts for the canonical report, and comes back when the duplicate is opened again.</summary>
public static class DuplicateEvidence
{
    /// <summary>After <see cref="Report.MarkDuplicate"/>.</summary>
    public static async Task MoveToCanonicalAsync(ReportIntakeDbContext database, Report duplicate, CancellationToken cancellationToken)
    {
        foreach (var item in await database.Evidence.Where(e => e.ReportId == duplicate.Id).ToListAsync(cancellationToken))
        {
            item.CountFor(duplicate.CanonicalReportId!.Value);
        }
    }

    /// <summary>After <paramref name="report"/>, a duplicate of <paramref name="canonicalId"/> until now, was opened again.</summary>
    public static async Task TakeBackAsync(ReportIntakeDbContext database, Report report, Guid canonicalId, CancellationToken cancellationToken)
    {
        var canonical = await database.Reports.SingleAsync(r => r.Id == canonicalId, cancellationToken);
        var items = await database.Evidence.Where(e => e.OriginReportId == report.Id && e.ReportId == canonicalId).ToListAsync(cancellationToken);
        foreach (var item in items)
        {
            item.CountFor(report.Id);
        }

        canonical.LoseEvidence(items.Count);
    }
}

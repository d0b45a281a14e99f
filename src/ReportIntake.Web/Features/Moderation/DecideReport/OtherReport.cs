using Microsoft.EntityFrameworkCore;
using ReportIntake.Domain.Reports;
using ReportIntake.Web.Persistence;

namespace ReportIntake.Web.Features.Moderation.DecideReport;

/// <summary>A report that a moderator names, by reference or id.</summary>
internal static class OtherReport
{
    public static Task<Report?> FindAsync(ReportIntakeDbContext database, string named, CancellationToken cancellationToken)
    {
        var reference = named.Trim().ToUpperInvariant();
        return Guid.TryParse(named, out var id)
            ? database.Reports.SingleOrDefaultAsync(r => r.Id == id, cancellationToken)
            : database.Reports.SingleOrDefaultAsync(r => r.Reference == reference, cancellationToken);
    }
}

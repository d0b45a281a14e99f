using Microsoft.EntityFrameworkCore;
using ReportIntake.Domain.Reports;
using ReportIntake.Domain.Results;
using ReportIntake.Web.Features.Shared;
using ReportIntake.Web.Persistence;

namespace ReportIntake.Web.Features.Moderation.ServePolice;

/// <summary>What the police ask of the moderators' desk.</summary>
internal static class DeskReport
{
    /// <summary>The report with its votes and follow-ups, at the version that <paramref name="ifMatch"/> names.</summary>
    public static async Task<Result<Report>> LoadAsync(ReportIntakeDbContext database, Guid id, string? ifMatch, CancellationToken cancellationToken)
    {
        var report = await database.Reports.Include(r => r.Votes).Include(r => r.FollowUps).AsSplitQuery().SingleOrDefaultAsync(r => r.Id == id, cancellationToken);
        return report is null ? ReportErrors.NotFound
            : !ExpectedVersion.Allows(ifMatch, report.Version) ? ReportErrors.StaleVersion
            : report;
    }
}

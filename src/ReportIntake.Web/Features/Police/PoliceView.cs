using Microsoft.EntityFrameworkCore;
using ReportIntake.Domain.Reports;
using ReportIntake.Domain.Results;
using ReportIntake.Web.Features.Police.FollowUp;
using ReportIntake.Web.Features.Shared;
using ReportIntake.Web.Persistence;
using ReportIntake.Web.Security;

namespace ReportIntake.Web.Features.Police;

/// <summary>What of all reports a client sees: those with the police, of its areas. The rest does not exist for it.</summary>
public static class PoliceView
{
    public static IQueryable<Report> VisibleTo(this IQueryable<Report> reports, PoliceClientAccess client)
    {
        // A parameter, because a bare column as condition, which EF makes of a constant, is one for which SQLite takes no index.
        var visible = true;
        return reports.Where(r => r.WithPolice == visible).Where(client.CoversReport());
    }

    /// <summary>A report to be changed, with its votes and follow-ups, where the client sees it and <c>If-Match</c> allows its version.</summary>
    public static async Task<Result<Report>> FindForFollowUpAsync(
        this ReportIntakeDbContext database, FollowUpTarget target, CancellationToken ct)
    {
        var report = await database.Reports.VisibleTo(target.Client).Include(r => r.Votes).Include(r => r.FollowUps).AsSplitQuery()
            .SingleOrDefaultAsync(r => r.Id == target.ReportId, ct);
        return report switch
        {
            null => ReportErrors.NotFound,
            _ when !ExpectedVersion.Allows(target.IfMatch, report.Version) => ReportErrors.StaleVersion,
            _ => report,
        };
    }
}

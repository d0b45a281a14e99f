using Microsoft.EntityFrameworkCore;
using ReportIntake.Domain.Reports;
using ReportIntake.Domain.Results;
using ReportIntake.Web.Features.Shared;
using ReportIntake.Web.Persistence;

namespace ReportIntake.Web.Features.Moderation;

/// <summary>
/// What every action on a report answers. <paramref name="AwaitingSecondReview"/>: a first vote stands and a second
/// person must decide; how the first one voted is told to nobody.
/// </summary>
public sealed record ReportChanged(Guid Id, ReportState State, int Version, bool AwaitingSecondReview);

/// <summary>The first and the last beat of every action on a report.</summary>
internal static class ReportChange
{
    /// <summary>The report with its votes, at the version that <paramref name="ifMatch"/> names; refused as <c>report_not_found</c> or <c>version_stale</c>.</summary>
    public static async Task<Result<Report>> LoadAsync(ReportIntakeDbContext database, Guid id, string? ifMatch, CancellationToken cancellationToken)
    {
        var report = await database.Reports.Include(r => r.Votes).SingleOrDefaultAsync(r => r.Id == id, cancellationToken);
        return report is null ? ReportErrors.NotFound
            : !ExpectedVersion.Allows(ifMatch, report.Version) ? ReportErrors.StaleVersion
            : report;
    }

    /// <summary>Keeps what the aggregate agreed to, and answers; or hands its refusal on.</summary>
    public static async Task<Result<ReportChanged>> SaveAsync(ReportIntakeDbContext database, Report report, Result outcome, CancellationToken cancellationToken)
    {
        if (!outcome.IsSuccess)
        {
            return outcome.Error;
        }

        await database.SaveChangesAsync(cancellationToken);
        return new ReportChanged(report.Id, report.State, report.Version, report.AwaitingSecondReview || report.AwaitingSecondRetriage);
    }
}

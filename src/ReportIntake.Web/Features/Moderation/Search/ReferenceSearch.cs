using Microsoft.EntityFrameworkCore;
using ReportIntake.Domain.Results;
using ReportIntake.Web.Persistence;

namespace ReportIntake.Web.Features.Moderation.Search;

/// <summary>The report of a number, in either case.</summary>
public sealed class ReferenceSearch(ReportIntakeDbContext database)
{
    internal async Task<Result<SearchReports.Response>> FindAsync(string typed, CancellationToken cancellationToken)
    {
        var reference = typed.Trim().ToUpperInvariant();
        var found = await database.Reports.Where(r => r.Reference == reference).Select(r => r.Id).ToListAsync(cancellationToken);
        return new SearchReports.Response(await FoundReport.ReadAsync(database, found, null, cancellationToken), null);
    }
}

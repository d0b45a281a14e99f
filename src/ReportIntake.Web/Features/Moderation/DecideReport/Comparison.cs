using ReportIntake.Domain.Results;
using ReportIntake.Web.Features.Moderation.ReadReport;
using ReportIntake.Web.Persistence;

namespace ReportIntake.Web.Features.Moderation.DecideReport;

/// <summary>The report that another one may be a duplicate of, to be read beside it before anybody says so.</summary>
public sealed class Comparison(ReportIntakeDbContext database, ReportReader reader)
{
    /// <param name="of">Reference or id, as typed.</param>
    public async Task<Result<ReportView>> ReadAsync(string? of, CancellationToken cancellationToken) =>
        string.IsNullOrWhiteSpace(of) || await OtherReport.FindAsync(database, of.Trim(), cancellationToken) is not { } other
            ? MarkDuplicate.CanonicalNotFound
            : await reader.ReadAsync(other.Id, cancellationToken);
}

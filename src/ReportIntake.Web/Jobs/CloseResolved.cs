using ReportIntake.Domain;
using ReportIntake.Domain.Reports;

namespace ReportIntake.Web.Jobs;

/// <summary>A resolved report whose deadline has passed is closed.</summary>
public sealed class CloseResolved(DueReports reports, TimeProvider clock) : IRecurringJob
{
    public Task ExecuteAsync(CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        return reports.ForEachAsync(
            r => r.State == ReportState.Resolved && r.DeadlineAt <= now, r => r.DeadlineAt, r => r.Close(Actor.System, now), cancellationToken);
    }
}

using ReportIntake.Domain.Reports;

namespace ReportIntake.Web.Jobs;

/// <summary>A question that nobody answered within its deadline: the report goes back to the queue, never rejected for it.</summary>
public sealed class ReturnSilentQuestions(DueReports reports, TimeProvider clock) : IRecurringJob
{
    public Task ExecuteAsync(CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        return reports.ForEachAsync(
            r => r.State == ReportState.NeedsInformation && r.DeadlineAt <= now, r => r.DeadlineAt, r => r.ReturnFromSilence(now), cancellationToken);
    }
}

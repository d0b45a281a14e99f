namespace ReportIntake.Web.Jobs;

/// <summary>A legal hold whose time has passed is over: retention counts again.</summary>
public sealed class LapseLegalHolds(DueReports reports, TimeProvider clock) : IRecurringJob
{
    public Task ExecuteAsync(CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        return reports.ForEachAsync(r => r.LegalHoldUntil <= now, r => r.LegalHoldUntil, r => r.LapseLegalHold(now), cancellationToken);
    }
}

namespace ReportIntake.Web.Jobs;

/// <summary>A moderator who walked away loses the claim: the report goes back to the queue.</summary>
public sealed class LapseClaims(DueReports reports, TimeProvider clock) : IRecurringJob
{
    public Task ExecuteAsync(CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        return reports.ForEachAsync(r => r.ClaimedUntil <= now, r => r.ClaimedUntil, r => r.LapseClaim(now), cancellationToken);
    }
}

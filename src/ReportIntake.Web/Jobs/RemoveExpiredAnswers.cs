using Microsoft.EntityFrameworkCore;
using ReportIntake.Web.Persistence;

namespace ReportIntake.Web.Jobs;

/// <summary>Answers kept for repetition go when their time is over: they may hold a receipt code.</summary>
public sealed class RemoveExpiredAnswers(ReportIntakeDbContext database, TimeProvider clock) : IRecurringJob
{
    public Task ExecuteAsync(CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        return database.IdempotentAnswers.Where(a => a.ExpiresAt <= now).ExecuteDeleteAsync(cancellationToken);
    }
}

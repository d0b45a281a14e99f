using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using ReportIntake.Web.Persistence;
using ReportIntake.Web.Persistence.Outbox;

namespace ReportIntake.Web.Jobs;

/// <summary>
/// Who may run which outbox row. Every step is one conditional update whose row count decides, so that it works the same
/// on every database, without lock hints: of several nodes exactly one takes a row, and who has lost a lease changes nothing.
/// </summary>
public sealed class OutboxLeases(IServiceScopeFactory scopes, TimeProvider clock, IOptions<JobsOptions> options)
{
    /// <summary>Takes up to <paramref name="count"/> due rows of some urgencies, the most pressing first, and counts the attempt.</summary>
    public Task<List<OutboxJob>> TakeAsync(
        int count, CancellationToken cancellationToken, JobUrgency first = JobUrgency.Delivery, JobUrgency last = JobUrgency.Housekeeping) => WithDatabaseAsync(async database =>
    {
        var now = clock.GetUtcNow();
        var due = database.Jobs.Where(j => !j.Dead && j.Urgency >= first && j.Urgency <= last && j.RunAt <= now && (j.LeasedUntil == null || j.LeasedUntil <= now));
        var ids = await due.OrderBy(j => j.Urgency).ThenBy(j => j.RunAt).ThenBy(j => j.Id).Select(j => j.Id).Take(count).ToListAsync(cancellationToken);
        if (ids.Count == 0)
        {
            return [];
        }

        // The condition stands here again: another node may have read the same ids a moment ago.
        Guid? lease = Guid.CreateVersion7(now);
        var until = now + options.Value.Lease;
        var taken = await due.Where(j => ids.Contains(j.Id)).ExecuteUpdateAsync(
            row => row.SetProperty(j => j.LeasedBy, lease).SetProperty(j => j.LeasedUntil, until).SetProperty(j => j.Attempts, j => j.Attempts + 1),
            cancellationToken);
        return taken == 0
            ? []
            : await database.Jobs.AsNoTracking().Where(j => j.LeasedBy == lease).OrderBy(j => j.Urgency).ThenBy(j => j.RunAt).ToListAsync(cancellationToken);
    });

    /// <summary>False where the lease is lost: the row is another's, done or gone.</summary>
    public Task<bool> RenewAsync(OutboxJob job, CancellationToken cancellationToken)
    {
        var until = clock.GetUtcNow() + options.Value.Lease;
        return UpdateAsync(job, rows => rows.ExecuteUpdateAsync(row => row.SetProperty(j => j.LeasedUntil, until), cancellationToken));
    }

    /// <summary>Done: the row goes.</summary>
    public Task<bool> CompleteAsync(OutboxJob job) => UpdateAsync(job, rows => rows.ExecuteDeleteAsync());

    /// <summary>Not run to its end through no fault of its own: free for any node at once, and the attempt does not count.</summary>
    public Task<bool> GiveBackAsync(OutboxJob job) => UpdateAsync(job, rows => rows.ExecuteUpdateAsync(row => row
        .SetProperty(j => j.LeasedBy, (Guid?)null).SetProperty(j => j.LeasedUntil, (DateTimeOffset?)null)
        .SetProperty(j => j.Attempts, j => j.Attempts - 1)));

    /// <summary>Failed: later again, or dead.</summary>
    public Task<bool> FailAsync(OutboxJob job, string error, bool dead, TimeSpan wait)
    {
        var runAt = clock.GetUtcNow() + wait;
        return UpdateAsync(job, rows => rows.ExecuteUpdateAsync(row => row
            .SetProperty(j => j.LeasedBy, (Guid?)null).SetProperty(j => j.LeasedUntil, (DateTimeOffset?)null)
            .SetProperty(j => j.RunAt, runAt).SetProperty(j => j.Dead, dead).SetProperty(j => j.LastError, error)));
    }

    private Task<bool> UpdateAsync(OutboxJob job, Func<IQueryable<OutboxJob>, Task<int>> update) =>
        WithDatabaseAsync(async database => await update(database.Jobs.Where(j => j.Id == job.Id && j.LeasedBy == job.LeasedBy)) == 1);

    private async Task<T> WithDatabaseAsync<T>(Func<ReportIntakeDbContext, Task<T>> work)
    {
        await using var scope = scopes.CreateAsyncScope();
        return await work(scope.ServiceProvider.GetRequiredService<ReportIntakeDbContext>());
    }
}

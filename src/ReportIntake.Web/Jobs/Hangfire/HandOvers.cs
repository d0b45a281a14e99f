using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using ReportIntake.Web.Persistence;
using ReportIntake.Web.Persistence.Outbox;

namespace ReportIntake.Web.Jobs.Hangfire;

/// <summary>
/// Outbox rows on their way to Hangfire and back. A row is reserved for one entry of Hangfire's: a lease that counts no
/// attempt. When the entry's turn comes, the reservation becomes the lease that runs the row. An entry that Hangfire lost is
/// made again when its reservation has run out; one whose reservation ran out before its turn finds the row another's, and does nothing.
/// </summary>
/// <remarks>Each step is one conditional update, as in <see cref="OutboxLeases"/>, and the embedded engine may work on the same rows.</remarks>
public sealed class HandOvers(IServiceScopeFactory scopes, TimeProvider clock, IOptions<JobsOptions> options)
{
    /// <summary>Of what there is something due, most pressing first.</summary>
    public Task<List<JobUrgency>> DueAsync(CancellationToken cancellationToken) => WithDatabaseAsync(database =>
        Due(database).Select(j => j.Urgency).Distinct().OrderBy(u => u).ToListAsync(cancellationToken));

    /// <summary>Reserves up to <paramref name="count"/> due rows, the longest due first; they carry the reservation in <see cref="OutboxJob.LeasedBy"/>.</summary>
    public Task<List<OutboxJob>> ReserveAsync(JobUrgency urgency, int count, CancellationToken cancellationToken) => WithDatabaseAsync(async database =>
    {
        var due = Due(database).Where(j => j.Urgency == urgency);
        var ids = await due.OrderBy(j => j.RunAt).ThenBy(j => j.Id).Select(j => j.Id).Take(count).ToListAsync(cancellationToken);
        var now = clock.GetUtcNow();
        Guid? reservation = Guid.CreateVersion7(now);
        var until = now + options.Value.Lease;
        return await due.Where(j => ids.Contains(j.Id)).ExecuteUpdateAsync(
            row => row.SetProperty(j => j.LeasedBy, reservation).SetProperty(j => j.LeasedUntil, until), cancellationToken) == 0
            ? []
            : await database.Jobs.AsNoTracking().Where(j => j.LeasedBy == reservation).OrderBy(j => j.RunAt).ThenBy(j => j.Id).ToListAsync(cancellationToken);
    });

    /// <summary>Hangfire did not take them: due for any node at once.</summary>
    public Task<int> ReleaseAsync(Guid reservation, IReadOnlyList<Guid> ids) => WithDatabaseAsync(database =>
        database.Jobs.Where(j => j.LeasedBy == reservation && ids.Contains(j.Id)).ExecuteUpdateAsync(
            row => row.SetProperty(j => j.LeasedBy, (Guid?)null).SetProperty(j => j.LeasedUntil, (DateTimeOffset?)null)));

    /// <summary>Takes the row for a run and counts the attempt. Null where it is done, dead, not due yet, or another's by now.</summary>
    public Task<OutboxJob?> TakeAsync(Guid id, Guid reservation) => WithDatabaseAsync(async database =>
    {
        var now = clock.GetUtcNow();
        Guid? lease = Guid.CreateVersion7(now);
        var until = now + options.Value.Lease;
        var mine = database.Jobs.Where(j => j.Id == id && !j.Dead && j.RunAt <= now && (j.LeasedBy == reservation || j.LeasedUntil == null || j.LeasedUntil <= now));
        return await mine.ExecuteUpdateAsync(row => row
            .SetProperty(j => j.LeasedBy, lease).SetProperty(j => j.LeasedUntil, until).SetProperty(j => j.Attempts, j => j.Attempts + 1)) == 0
            ? null
            : await database.Jobs.AsNoTracking().SingleOrDefaultAsync(j => j.LeasedBy == lease);
    });

    /// <summary>
    /// How the run of a row that was taken ended, where it failed: dead, or to be tried again by the same entry, for which it is
    /// reserved until well after its time. Null where it is done, or was given back.
    /// </summary>
    public Task<OutboxJob?> FailedAsync(OutboxJob taken, Guid reservation) => WithDatabaseAsync(async database =>
    {
        var row = await database.Jobs.AsNoTracking().SingleOrDefaultAsync(j => j.Id == taken.Id);
        if (row is null || (!row.Dead && (row.LeasedBy is not null || row.Attempts != taken.Attempts)))
        {
            return null;
        }

        if (!row.Dead)
        {
            Guid? retry = reservation;
            var until = row.RunAt + options.Value.Lease;
            await database.Jobs.Where(j => j.Id == row.Id && j.LeasedBy == null && !j.Dead).ExecuteUpdateAsync(
                update => update.SetProperty(j => j.LeasedBy, retry).SetProperty(j => j.LeasedUntil, until));
        }

        return row;
    });

    /// <summary>A dead row, asked for once more by an operator: all attempts again.</summary>
    public Task<int> ReviveAsync(Guid id) => WithDatabaseAsync(database =>
    {
        var now = clock.GetUtcNow();
        return database.Jobs.Where(j => j.Id == id && j.Dead).ExecuteUpdateAsync(row => row
            .SetProperty(j => j.Dead, false).SetProperty(j => j.Attempts, 0).SetProperty(j => j.RunAt, now)
            .SetProperty(j => j.LeasedBy, (Guid?)null).SetProperty(j => j.LeasedUntil, (DateTimeOffset?)null));
    });

    private IQueryable<OutboxJob> Due(ReportIntakeDbContext database)
    {
        var now = clock.GetUtcNow();
        return database.Jobs.Where(j => !j.Dead && j.RunAt <= now && (j.LeasedUntil == null || j.LeasedUntil <= now));
    }

    private async Task<T> WithDatabaseAsync<T>(Func<ReportIntakeDbContext, Task<T>> work)
    {
        await using var scope = scopes.CreateAsyncScope();
        return await work(scope.ServiceProvider.GetRequiredService<ReportIntakeDbContext>());
    }
}

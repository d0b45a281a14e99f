using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using ReportIntake.Web.Features.Police.ChangeFeed;
using ReportIntake.Web.Persistence;

namespace ReportIntake.Web.Jobs;

/// <summary>
/// Takes the oldest events off the feed when their time is over: always a whole beginning of it, and where it now begins is
/// kept in the same transaction, so that no reader passes a gap without being told.
/// </summary>
public sealed class RemoveOldEvents(ReportIntakeDbContext database, IOptions<FeedOptions> options, TimeProvider clock) : IRecurringJob
{
    private const int Batch = 5_000;

    public async Task ExecuteAsync(CancellationToken cancellationToken)
    {
        var before = clock.GetUtcNow() - options.Value.KeepEvents;
        while (await RemoveAsync(before, cancellationToken) == Batch)
        {
        }
    }

    private Task<int> RemoveAsync(DateTimeOffset before, CancellationToken cancellationToken) =>
        database.Database.CreateExecutionStrategy().ExecuteAsync(async () =>
        {
            // Positions are in order of commit and times nearly so: the first event that is young enough ends the run.
            var oldest = await database.PoliceEvents.Where(e => e.Position != null).OrderBy(e => e.Position).Take(Batch)
                .Select(e => new { e.Position, e.At }).ToListAsync(cancellationToken);
            var old = oldest.TakeWhile(e => e.At < before).ToList();
            if (old.Count == 0)
            {
                return 0;
            }

            var last = old[^1].Position!.Value;
            await using var transaction = await database.Database.BeginTransactionAsync(cancellationToken);
            await database.PublicationState.ExecuteUpdateAsync(row => row.SetProperty(s => s.PoliceEventsPruned, last), cancellationToken);
            await database.PoliceEvents.Where(e => e.Position <= last).ExecuteDeleteAsync(cancellationToken);
            await transaction.CommitAsync(CancellationToken.None);
            return old.Count;
        });
}

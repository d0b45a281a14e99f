using Microsoft.EntityFrameworkCore;
using ReportIntake.Web.Persistence;

namespace ReportIntake.Web.Features.Intake.SubmitReport;

/// <summary>
/// Numbers of references, drawn from the database some at a time: one drawn in a submission's own transaction keeps every other
/// submission, on every node, waiting until the commit. None is given twice. They rise, but several nodes draw in turns, and a
/// process that ends leaves the rest of its numbers unused: that nothing was removed is shown by the ledger, not by them.
/// </summary>
public sealed class ReferenceNumbers(IServiceScopeFactory scopes) : IDisposable
{
    /// <summary>Numbers drawn at once.</summary>
    private const int Block = 100;

    private readonly SemaphoreSlim turn = new(1);
    private int year;
    private long next;
    private int left;

    public async Task<long> NextAsync(int ofYear, CancellationToken cancellationToken)
    {
        await turn.WaitAsync(cancellationToken);
        try
        {
            if (left == 0 || year != ofYear)
            {
                var last = await DrawAsync($"reference-{ofYear}", cancellationToken);
                (year, next, left) = (ofYear, last - Block + 1, Block);
            }

            left--;
            return next++;
        }
        finally
        {
            turn.Release();
        }
    }

    public void Dispose() => turn.Dispose();

    /// <summary>The last of the block. Where two nodes draw a year's first at once, one is refused by the primary key; its command runs again.</summary>
    private async Task<long> DrawAsync(string name, CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var database = scope.ServiceProvider.GetRequiredService<ReportIntakeDbContext>();
        return await database.Database.CreateExecutionStrategy().ExecuteAsync(async () =>
        {
            database.ChangeTracker.Clear();
            await using var transaction = await database.Database.BeginTransactionAsync(cancellationToken);
            if (await database.Counters.Where(c => c.Name == name).ExecuteUpdateAsync(c => c.SetProperty(x => x.Value, x => x.Value + Block), cancellationToken) == 0)
            {
                database.Counters.Add(new Counter { Name = name, Value = Block });
                await database.SaveChangesAsync(cancellationToken);
            }

            var last = await database.Counters.Where(c => c.Name == name).Select(c => c.Value).SingleAsync(cancellationToken);
            await transaction.CommitAsync(cancellationToken);
            return last;
        });
    }
}

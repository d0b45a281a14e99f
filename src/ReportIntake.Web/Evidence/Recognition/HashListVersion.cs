using Microsoft.EntityFrameworkCore;
using ReportIntake.Web.Persistence;

namespace ReportIntake.Web.Evidence.Recognition;

/// <summary>Tells every node that a hash list has changed, with the change itself: call it inside its transaction.</summary>
public static class HashListVersion
{
    public static async Task AdvanceAsync(ReportIntakeDbContext database, CancellationToken cancellationToken)
    {
        if (await database.Counters.Where(c => c.Name == HashList.Version).ExecuteUpdateAsync(s => s.SetProperty(c => c.Value, c => c.Value + 1), cancellationToken) == 0)
        {
            database.Counters.Add(new Counter { Name = HashList.Version, Value = 1 });
        }
    }
}

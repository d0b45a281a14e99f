using Microsoft.EntityFrameworkCore.Update;
using Microsoft.EntityFrameworkCore.Update.Internal;

namespace ReportIntake.Web.Persistence.Sqlite;

/// <summary>
/// Writes all statements of a save before its transaction begins. Entity Framework writes each when its turn comes, and
/// with SQLite every other writer waits for that. No row may refer to another whose key the database is still to give.
/// </summary>
#pragma warning disable EF1001 // internal, but what ICommandBatchPreparer is there to be replaced by
public sealed class PreparedBatches(CommandBatchPreparerDependencies dependencies) : CommandBatchPreparer(dependencies)
{
    public override IEnumerable<ModificationCommandBatch> BatchCommands(IList<IUpdateEntry> entries, IUpdateAdapter updateAdapter) =>
        [.. base.BatchCommands(entries, updateAdapter)];
}
#pragma warning restore EF1001

using Microsoft.Data.SqlClient;
using Microsoft.EntityFrameworkCore;

namespace ReportIntake.Web.Persistence.SqlServer;

/// <summary>
/// <c>READ_COMMITTED_SNAPSHOT</c>: readers see the last committed row instead of waiting for whoever writes it, as on SQLite.
/// A database that this program creates has it; one that was handed over by an administrator often has not.
/// </summary>
public static class SnapshotReads
{
    private const int Attempts = 5;

    private static readonly TimeSpan Retry = TimeSpan.FromSeconds(1);

    /// <summary>Two statements, because some engines that speak SQL Server's protocol refuse to parse the second.</summary>
    /// <exception cref="SqlException">The account may not change the database: its owner runs the statement once.</exception>
    public static async Task SwitchOnAsync(ReportIntakeDbContext database, CancellationToken cancellationToken)
    {
        for (var attempt = 1; attempt <= Attempts && await IsOffAsync(database, cancellationToken); attempt++)
        {
            try
            {
                // Waits for no other connection: their transactions are rolled back, and retried by whoever ran them.
                await database.Database.ExecuteSqlRawAsync("ALTER DATABASE CURRENT SET READ_COMMITTED_SNAPSHOT ON WITH ROLLBACK IMMEDIATE", cancellationToken);
            }
            catch (SqlException) when (attempt < Attempts)
            {
                // Another node does the same at the same moment, and has thrown this one out.
                await Task.Delay(Retry, cancellationToken);
            }
        }
    }

    private static async Task<bool> IsOffAsync(ReportIntakeDbContext database, CancellationToken cancellationToken) =>
        await database.Database.SqlQueryRaw<bool>("SELECT is_read_committed_snapshot_on AS Value FROM sys.databases WHERE name = DB_NAME()").SingleAsync(cancellationToken) is false;
}

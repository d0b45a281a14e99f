using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using ReportIntake.Web.Persistence.Sqlite;
using ReportIntake.Web.Persistence.SqlServer;

namespace ReportIntake.Web.Persistence;

public static class SafeMigration
{
    private static readonly TimeSpan Retry = TimeSpan.FromMilliseconds(100);

    /// <summary>
    /// Applies missing migrations; of several processes one works and the others wait. SQL Server's lock dies with its
    /// connection. EF's lock for SQLite is a row, which a killed process leaves behind, and all later migrations would wait
    /// for ever: there a file beside the database is locked, which the operating system frees, and a row left over is
    /// removed under it.
    /// </summary>
    public static async Task MigrateSafelyAsync(this ReportIntakeDbContext database, CancellationToken cancellationToken = default)
    {
        if (database is not SqliteReportIntakeDbContext)
        {
            await database.Database.MigrateAsync(cancellationToken);
            await SnapshotReads.SwitchOnAsync(database, cancellationToken);
            return;
        }

        var file = new SqliteConnectionStringBuilder(database.Database.GetConnectionString()).DataSource;
        await using var held = await LockAsync(file + ".migrating", cancellationToken);
        if (File.Exists(file))
        {
            await database.Database.ExecuteSqlRawAsync("DROP TABLE IF EXISTS \"__EFMigrationsLock\"", cancellationToken);
        }

        await database.Database.MigrateAsync(cancellationToken);
    }

    private static async Task<FileStream> LockAsync(string path, CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException) when (File.Exists(path))
            {
                await Task.Delay(Retry, cancellationToken);
            }
        }
    }
}

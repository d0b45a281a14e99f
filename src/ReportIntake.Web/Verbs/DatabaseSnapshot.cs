using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using ReportIntake.Domain.Evidence;
using ReportIntake.Web.Persistence.Sqlite;

namespace ReportIntake.Web.Verbs;

/// <summary>The database of one moment, by SQLite's online backup; readers and writers go on meanwhile.</summary>
internal static class DatabaseSnapshot
{
    /// <param name="connectionString">Of the database in use.</param>
    /// <param name="objects">Where the copy goes.</param>
    /// <returns>The copy, and the evidence items whose originals belong to it.</returns>
    /// <exception cref="IOException">The database is damaged.</exception>
    public static async Task<(BackupFile File, List<Guid> Originals)> TakeAsync(string connectionString, BackupObjects objects, CancellationToken cancellationToken)
    {
        var live = new SqliteConnectionStringBuilder(connectionString) { Pooling = false };
        var making = objects.NewPath();
        var ofCopy = new SqliteConnectionStringBuilder { DataSource = making, Pooling = false }.ConnectionString;
        await using (var source = new SqliteConnection(live.ConnectionString))
        await using (var copy = new SqliteConnection(ofCopy))
        {
            await source.OpenAsync(cancellationToken);
            await copy.OpenAsync(cancellationToken);
            source.BackupDatabase(copy);
            await using var wholeInOneFile = copy.CreateCommand();
            wholeInOneFile.CommandText = "PRAGMA journal_mode=DELETE; PRAGMA quick_check";
            await using var checks = await wholeInOneFile.ExecuteReaderAsync(cancellationToken);
            await checks.NextResultAsync(cancellationToken);
            if (!await checks.ReadAsync(cancellationToken) || checks.GetString(0) != "ok")
            {
                throw new IOException("The database is damaged (PRAGMA quick_check): mend it first. The backup that was there is as it was.");
            }
        }

        await using var read = new SqliteReportIntakeDbContext(new DbContextOptionsBuilder<SqliteReportIntakeDbContext>().UseSqlite(ofCopy).Options);
        var originals = await read.Evidence.Where(e => e.Sha256 != null && e.State != EvidenceState.Destroyed).Select(e => e.Id).ToListAsync(cancellationToken);
        var (sha256, size) = await BackupObjects.HashAsync(making, cancellationToken);
        return (objects.Keep(making, new BackupFile(Path.GetFileName(live.DataSource), size, sha256, 0)), originals);
    }
}

using System.Data.Common;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace ReportIntake.Web.Persistence.Sqlite;

/// <summary>
/// Every connection: write-ahead log; a commit that was answered survives the loss of power, by <see cref="GroupCommit"/> in
/// contexts and by <c>synchronous=FULL</c> elsewhere. The log grows to some 16 MB before a writer carries it into the database.
/// What is deleted is overwritten, and what is sorted stays in memory: no page outlives its row, no temporary file is made.
/// </summary>
public sealed class SqlitePragmas : DbConnectionInterceptor
{
    private const string Common = "PRAGMA journal_mode=WAL; PRAGMA foreign_keys=ON; PRAGMA busy_timeout=5000; PRAGMA cache_size=-16000; PRAGMA secure_delete=ON; PRAGMA temp_store=MEMORY; PRAGMA wal_autocheckpoint=4000;";

    /// <summary>Said again at each opening: a pooled connection may come from <see cref="SqliteReportIntakeDbContext.FlushBeforeOthersSeeAsync"/>.</summary>
    private const string OfContext = Common + "PRAGMA synchronous=NORMAL;";

    public override void ConnectionOpened(DbConnection connection, ConnectionEndEventData eventData) => Apply(connection, OfContext);

    /// <summary>For connections that are opened without the context.</summary>
    public static void Apply(DbConnection connection) => Apply(connection, Common + "PRAGMA synchronous=FULL;");

    private static void Apply(DbConnection connection, string pragmas)
    {
        using var command = connection.CreateCommand();
        command.CommandText = pragmas;
        command.ExecuteNonQuery();
    }

    public override async Task ConnectionOpenedAsync(DbConnection connection, ConnectionEndEventData eventData, CancellationToken cancellationToken = default)
    {
        await using var command = connection.CreateCommand();
        command.CommandText = OfContext;
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}

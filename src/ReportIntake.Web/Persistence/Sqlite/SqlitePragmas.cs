using System.Data.Common;
using System.Runtime.CompilerServices;
using Microsoft.Data.Sqlite;
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

    /// <summary>
    /// SQLite's own connections that have them. They outlive ours in the pool, and a context opens one for nearly every statement.
    /// </summary>
    private static readonly ConditionalWeakTable<object, object> Set = [];

    public override void ConnectionOpened(DbConnection connection, ConnectionEndEventData eventData)
    {
        if (!IsSet(connection))
        {
            Apply(connection, Common + "PRAGMA synchronous=NORMAL;");
            Remember(connection);
        }
    }

    public override Task ConnectionOpenedAsync(DbConnection connection, ConnectionEndEventData eventData, CancellationToken cancellationToken = default)
    {
        ConnectionOpened(connection, eventData); // SQLite has nothing asynchronous
        return Task.CompletedTask;
    }

    /// <summary>For connections that are opened without the context.</summary>
    public static void Apply(DbConnection connection)
    {
        Forget(connection);
        Apply(connection, Common + "PRAGMA synchronous=FULL;");
    }

    /// <summary>Whoever opens this connection next gets them again: something was set otherwise.</summary>
    public static void Forget(DbConnection connection)
    {
        if (connection is SqliteConnection { Handle: { } handle })
        {
            Set.Remove(handle);
        }
    }

    private static void Apply(DbConnection connection, string pragmas)
    {
        using var command = connection.CreateCommand();
        command.CommandText = pragmas;
        command.ExecuteNonQuery();
    }

    private static bool IsSet(DbConnection connection) => connection is SqliteConnection { Handle: { } handle } && Set.TryGetValue(handle, out _);

    private static void Remember(DbConnection connection)
    {
        if (connection is SqliteConnection { Handle: { } handle })
        {
            Set.AddOrUpdate(handle, handle);
        }
    }
}

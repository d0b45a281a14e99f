using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using ReportIntake.Web.Tests.Moderation;

namespace ReportIntake.Web.Tests.Persistence;

public sealed class WriteTurnsTests
{
    [Fact]
    public async Task Turn_OfATransactionThatCouldNotBegin_IsTheNextWriters()
    {
        await using var host = new ModerationHost();
        var refused = await host.WithDatabaseAsync(async database =>
        {
            if (!database.Database.IsSqlite())
            {
                return false;
            }

            // Another process, such as a backup or an operator's own tool, holds the lock for longer than anybody waits.
            await using var other = new SqliteConnection(database.Database.GetConnectionString());
            await other.OpenAsync();
            await using var held = other.BeginTransaction(deferred: false);
            await Assert.ThrowsAsync<SqliteException>(() => database.Database.BeginTransactionAsync());
            return true;
        });

        // Less than the half minute after which a writer goes on without a turn.
        Assert.NotNull(refused ? await host.AddAsync().WaitAsync(TimeSpan.FromSeconds(25)) : new object());
    }
}

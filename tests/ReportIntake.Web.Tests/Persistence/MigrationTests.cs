using Microsoft.EntityFrameworkCore;
using ReportIntake.Testing;
using ReportIntake.Web.Persistence;

namespace ReportIntake.Web.Tests.Persistence;

public sealed class MigrationTests
{
    [Fact]
    public void Sqlite_ModelAndMigrations_Agree()
    {
        using var database = new SqliteDesignTime().CreateDbContext([]);

        Assert.False(database.Database.HasPendingModelChanges());
    }

    [Fact]
    public void SqlServer_ModelAndMigrations_Agree()
    {
        using var database = new SqlServerDesignTime().CreateDbContext([]);

        Assert.False(database.Database.HasPendingModelChanges());
    }

    [Fact]
    public async Task Host_FreshDataDirectory_IsMigratedAndAlive()
    {
        await using var host = new IntakeHost();
        using var client = host.Client();

        using var answer = await client.GetAsync("/health/live");

        Assert.True(answer.IsSuccessStatusCode);
        Assert.Empty(await host.WithDatabaseAsync(d => d.Reports.ToListAsync()));
    }
}

using System.Text.RegularExpressions;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Metadata;
using Microsoft.EntityFrameworkCore.Migrations;
using ReportIntake.Testing;
using ReportIntake.Web.Persistence;
using ReportIntake.Web.Persistence.SqlServer;

namespace ReportIntake.Web.Tests.Persistence;

public sealed partial class MigrationTests
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

    /// <summary>Statements of a save are written before any of them runs: <c>PreparedBatches</c>.</summary>
    [Fact]
    public void Sqlite_Model_RefersToNoKeyThatTheDatabaseGives()
    {
        using var database = new SqliteDesignTime().CreateDbContext([]);

        var given = database.Model.GetEntityTypes().SelectMany(e => e.GetForeignKeys()).SelectMany(k => k.PrincipalKey.Properties)
            .Where(p => p.ValueGenerated is ValueGenerated.OnAdd && p.ClrType != typeof(Guid) && p.ClrType != typeof(string) && p.FindFirstPrincipal() is null);

        Assert.Empty(given);
    }

    /// <summary>What an administrator runs who lets no program change the schema: from any version to this one.</summary>
    [Fact]
    public void SqlServer_IdempotentScript_MakesEveryTableOnceOnly()
    {
        using var database = new SqlServerDesignTime().CreateDbContext([]);

        var script = database.GetService<IMigrator>().GenerateScript(options: MigrationsSqlGenerationOptions.Idempotent);

        var tables = database.Model.GetRelationalModel().Tables.Select(t => t.Name).ToList();
        Assert.Equal([], tables.Where(t => !script.Contains($"CREATE TABLE [{t}]", StringComparison.Ordinal)));
        Assert.All(Blocks().Matches(script), block => Assert.StartsWith("IF ", block.Groups["guard"].Value, StringComparison.Ordinal));
        Assert.DoesNotContain("MERGE", script, StringComparison.OrdinalIgnoreCase);
    }

    [SqlServerFact]
    public async Task Migrate_SqlServerTenNodesAtOnce_OneWorksAndTheOthersWait()
    {
        using var server = new SqlServerDatabase();

        await Task.WhenAll(Enumerable.Range(0, 10).Select(async _ =>
        {
            await using var node = NodeOf(server);
            await node.MigrateSafelyAsync();
        }));

        await using var database = NodeOf(server);
        Assert.Equal(database.Database.GetMigrations(), await database.Database.GetAppliedMigrationsAsync());
        Assert.Equal(0, await database.Reports.CountAsync());
    }

    [SqlServerFact(changesDatabases: true)]
    public async Task Migrate_SqlServerWithoutSnapshotReads_SwitchesThemOnOnce()
    {
        using var server = new SqlServerDatabase();
        await using var database = NodeOf(server);
        await database.MigrateSafelyAsync();
        await database.Database.ExecuteSqlRawAsync("ALTER DATABASE CURRENT SET READ_COMMITTED_SNAPSHOT OFF WITH ROLLBACK IMMEDIATE");

        await Task.WhenAll(Enumerable.Range(0, 3).Select(async _ =>
        {
            await using var node = NodeOf(server);
            await node.MigrateSafelyAsync();
        }));

        Assert.True(await database.Database.SqlQueryRaw<bool>("SELECT is_read_committed_snapshot_on AS Value FROM sys.databases WHERE name = DB_NAME()").SingleAsync());
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

    private static SqlServerReportIntakeDbContext NodeOf(SqlServerDatabase server) =>
        new(new DbContextOptionsBuilder<SqlServerReportIntakeDbContext>().UseSqlServer(server.ConnectionString, sql => sql.EnableRetryOnFailure()).Options);

    /// <summary>What stands before each statement of the script that makes or changes something.</summary>
    [GeneratedRegex(@"(?<guard>[^\n]*(?:\n\s*SELECT[^\n]*\n\s*WHERE[^\n]*\n\))?)\s*BEGIN\s+(CREATE|ALTER|DROP|INSERT)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Blocks();
}

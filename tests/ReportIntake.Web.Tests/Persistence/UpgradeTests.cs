using System.Data.Common;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Metadata;
using Microsoft.EntityFrameworkCore.Migrations;
using Microsoft.EntityFrameworkCore.Storage;
using ReportIntake.Testing;
using ReportIntake.Web.Persistence;
using ReportIntake.Web.Persistence.Sqlite;
using ReportIntake.Web.Persistence.SqlServer;

namespace ReportIntake.Web.Tests.Persistence;

/// <summary>From every schema that a service may still have, with a row in each of its tables, to this one.</summary>
public sealed class UpgradeTests
{
    /// <summary>One id for all rows: so each refers to the one that is there.</summary>
    private static readonly Guid Id = Guid.Parse("0197a3c4-5b6e-7d81-9a2b-3c4d5e6f7081");

    [Fact]
    public async Task Migrate_SqliteOfAnEarlierVersion_KeepsEveryValue()
    {
        var directory = Directory.CreateTempSubdirectory("reportintake-upgrade-");
        try
        {
            await using var names = new SqliteDesignTime().CreateDbContext([]);
            foreach (var earlier in EarlierThanNow(names))
            {
                var connection = $"Data Source={Path.Combine(directory.FullName, earlier)}.db;Pooling=False";
                await using var database = new SqliteReportIntakeDbContext(new DbContextOptionsBuilder<SqliteReportIntakeDbContext>().UseSqlite(connection).Options);

                await KeepsEveryValueAsync(database, earlier);
            }
        }
        finally
        {
            directory.Delete(recursive: true);
        }
    }

    [SqlServerFact]
    public async Task Migrate_SqlServerOfAnEarlierVersion_KeepsEveryValue()
    {
        await using var names = new SqlServerDesignTime().CreateDbContext([]);
        foreach (var earlier in EarlierThanNow(names))
        {
            using var server = new SqlServerDatabase();
            await using var database = new SqlServerReportIntakeDbContext(
                new DbContextOptionsBuilder<SqlServerReportIntakeDbContext>().UseSqlServer(server.ConnectionString).Options);

            await KeepsEveryValueAsync(database, earlier);
        }
    }

    private static IEnumerable<string> EarlierThanNow(DbContext database) => database.Database.GetMigrations().SkipLast(1);

    private static async Task KeepsEveryValueAsync(ReportIntakeDbContext database, string earlier)
    {
        await database.GetService<IMigrator>().MigrateAsync(earlier);
        await database.Database.OpenConnectionAsync();
        var tables = TablesOf(database, earlier);
        foreach (var table in tables)
        {
            await FillAsync(database, table);
        }

        var before = await ReadAsync(database, tables);
        await database.MigrateSafelyAsync();

        Assert.False((await database.Database.GetPendingMigrationsAsync()).Any());
        Assert.Equal(before, await ReadAsync(database, tables));
        Assert.True(tables.Count > 30 && before.Length > tables.Count, "There was nothing to lose.");
    }

    /// <summary>Those that others refer to first.</summary>
    private static List<ITable> TablesOf(ReportIntakeDbContext database, string migration)
    {
        var assembly = database.GetService<IMigrationsAssembly>();
        var model = assembly.CreateMigration(assembly.Migrations[migration], database.Database.ProviderName!).TargetModel;
        var waiting = database.GetService<IModelRuntimeInitializer>().Initialize(model).GetRelationalModel().Tables.ToList();
        var ordered = new List<ITable>();
        while (waiting.Count > 0)
        {
            var next = waiting.First(t => t.ForeignKeyConstraints.All(k => k.PrincipalTable == t || ordered.Contains(k.PrincipalTable)));
            waiting.Remove(next);
            ordered.Add(next);
        }

        return ordered;
    }

    private static async Task FillAsync(ReportIntakeDbContext database, ITable table)
    {
        var helper = database.GetService<ISqlGenerationHelper>();
        var columns = table.Columns.Where(c => !c.PropertyMappings.Any(m => SqlServerPropertyExtensions.GetValueGenerationStrategy(m.Property) is SqlServerValueGenerationStrategy.IdentityColumn)).ToList();
        await using var command = database.Database.GetDbConnection().CreateCommand();
        var name = helper.DelimitIdentifier(table.Name);
        command.CommandText = $"DELETE FROM {name}; " // what the migration itself put there
            + $"INSERT INTO {name} ({string.Join(", ", columns.Select(c => helper.DelimitIdentifier(c.Name)))}) "
            + $"VALUES ({string.Join(", ", columns.Select((_, i) => $"@p{i}"))})";
        foreach (var (column, i) in columns.Select((c, i) => (c, i)))
        {
            var parameter = command.CreateParameter();
            (parameter.ParameterName, parameter.Value) = ($"@p{i}", ValueOf(column));
            command.Parameters.Add(parameter);
        }

        await command.ExecuteNonQueryAsync();
    }

    private static object ValueOf(IColumn column) => (Nullable.GetUnderlyingType(column.ProviderClrType) ?? column.ProviderClrType) switch
    {
        _ when column.PropertyMappings.Count == 0 => "{}", // JSON of an owned type
        var t when t == typeof(Guid) => Id,
        var t when t == typeof(string) => "x",
        var t when t == typeof(byte[]) => new byte[] { 1, 2, 3 },
        var t when t == typeof(bool) => true,
        var t when t == typeof(DateTimeOffset) => DateTimeOffset.UnixEpoch,
        var t when t == typeof(DateTime) => DateTime.UnixEpoch,
        var t when t == typeof(DateOnly) => DateOnly.FromDateTime(DateTime.UnixEpoch),
        var t => Convert.ChangeType(1, t, System.Globalization.CultureInfo.InvariantCulture),
    };

    /// <summary>All values of the tables' columns as they were, one line for each.</summary>
    private static async Task<string[]> ReadAsync(ReportIntakeDbContext database, List<ITable> tables)
    {
        var helper = database.GetService<ISqlGenerationHelper>();
        var values = new List<string>();
        foreach (var table in tables)
        {
            await using var command = database.Database.GetDbConnection().CreateCommand();
            command.CommandText = $"SELECT {string.Join(", ", table.Columns.Select(c => helper.DelimitIdentifier(c.Name)))} FROM {helper.DelimitIdentifier(table.Name)}";
            await using var row = await command.ExecuteReaderAsync();
            while (await row.ReadAsync())
            {
                values.AddRange(table.Columns.Select((c, i) => $"{table.Name}.{c.Name} = {Text(row, i)}"));
            }
        }

        return [.. values];
    }

    private static string Text(DbDataReader row, int column) => row.GetValue(column) switch
    {
        byte[] bytes => Convert.ToHexString(bytes),
        var value => FormattableString.Invariant($"{value}"),
    };
}

using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage.ValueConversion;
using ReportIntake.Web.Persistence.Sealing;

namespace ReportIntake.Web.Persistence.Sqlite;

/// <summary>SQLite cannot order by <see cref="DateTimeOffset"/>: times are kept as UTC ticks.</summary>
public sealed class SqliteReportIntakeDbContext : ReportIntakeDbContext
{
    /// <inheritdoc cref="ReportIntakeDbContext(DbContextOptions, ColumnSealer?)"/>
    public SqliteReportIntakeDbContext(DbContextOptions<SqliteReportIntakeDbContext> options, ColumnSealer? sealer = null)
        : base(options, sealer)
    {
        // Each write in a transaction, one row's too: it has its turn by it (WriteTurns).
        Database.AutoTransactionBehavior = AutoTransactionBehavior.Always;
    }

    /// <inheritdoc/>
    public override async Task FlushBeforeOthersSeeAsync(CancellationToken cancellationToken)
    {
        await Database.OpenConnectionAsync(cancellationToken);
        SqlitePragmas.Forget(Database.GetDbConnection());
        await using var command = Database.GetDbConnection().CreateCommand();
        command.CommandText = "PRAGMA synchronous=FULL;";
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    protected override void ConfigureConventions(ModelConfigurationBuilder configurationBuilder)
    {
        base.ConfigureConventions(configurationBuilder);
        configurationBuilder.Properties<DateTimeOffset>().HaveConversion<UtcTicksConverter>();
    }

    private sealed class UtcTicksConverter() : ValueConverter<DateTimeOffset, long>(
        v => v.UtcTicks, v => new DateTimeOffset(v, TimeSpan.Zero));
}

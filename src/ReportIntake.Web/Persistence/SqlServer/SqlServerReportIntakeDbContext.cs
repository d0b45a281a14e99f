using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage.ValueConversion;
using ReportIntake.Web.Persistence.Sealing;

namespace ReportIntake.Web.Persistence.SqlServer;

/// <summary>Times are UTC <c>datetime2(6)</c>: microseconds, as the clock gives them.</summary>
public sealed class SqlServerReportIntakeDbContext(DbContextOptions<SqlServerReportIntakeDbContext> options, ColumnSealer? sealer = null)
    : ReportIntakeDbContext(options, sealer)
{
    protected override void ConfigureConventions(ModelConfigurationBuilder configurationBuilder)
    {
        base.ConfigureConventions(configurationBuilder);
        configurationBuilder.Properties<DateTimeOffset>().HaveConversion<UtcConverter>().HaveColumnType("datetime2(6)");
    }

    private sealed class UtcConverter() : ValueConverter<DateTimeOffset, DateTime>(
        v => v.UtcDateTime, v => new DateTimeOffset(DateTime.SpecifyKind(v, DateTimeKind.Utc)));
}

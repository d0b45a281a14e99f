using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Design;
using ReportIntake.Web.Persistence.Sqlite;
using ReportIntake.Web.Persistence.SqlServer;

namespace ReportIntake.Web.Persistence;

/// <summary>How <c>dotnet ef migrations add NAME --context SqliteReportIntakeDbContext</c> gets its context; no database is opened.</summary>
public sealed class SqliteDesignTime : IDesignTimeDbContextFactory<SqliteReportIntakeDbContext>
{
    public SqliteReportIntakeDbContext CreateDbContext(string[] args) =>
        new(new DbContextOptionsBuilder<SqliteReportIntakeDbContext>().UseSqlite("Data Source=:memory:").Options);
}

/// <summary>The same for <c>SqlServerReportIntakeDbContext</c>.</summary>
public sealed class SqlServerDesignTime : IDesignTimeDbContextFactory<SqlServerReportIntakeDbContext>
{
    public SqlServerReportIntakeDbContext CreateDbContext(string[] args) =>
        new(new DbContextOptionsBuilder<SqlServerReportIntakeDbContext>().UseSqlServer("Server=unused").Options);
}

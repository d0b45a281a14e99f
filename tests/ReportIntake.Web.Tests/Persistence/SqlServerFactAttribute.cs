namespace ReportIntake.Web.Tests.Persistence;

/// <summary>
/// A test that needs a SQL Server: <c>TEST_SQLSERVER</c> is a connection string without a database, of an account that may create
/// one. Skipped visibly without it, unless <c>TEST_DATABASE=sqlserver</c> promises one: then it fails.
/// </summary>
public sealed class SqlServerFactAttribute : FactAttribute
{
    public SqlServerFactAttribute()
    {
        if (string.IsNullOrEmpty(Environment.GetEnvironmentVariable("TEST_SQLSERVER"))
            && !string.Equals(Environment.GetEnvironmentVariable("TEST_DATABASE"), "sqlserver", StringComparison.OrdinalIgnoreCase))
        {
            Skip = "TEST_SQLSERVER is not set: no SQL Server to run on.";
        }
    }
}

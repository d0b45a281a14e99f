using Microsoft.Data.SqlClient;

namespace ReportIntake.Web.Tests.Persistence;

/// <summary>
/// A test that needs a SQL Server: <c>TEST_SQLSERVER</c> is a connection string without a database, of an account that may create
/// one. Skipped visibly without it, unless <c>TEST_DATABASE=sqlserver</c> promises one: then it fails.
/// </summary>
public sealed class SqlServerFactAttribute : FactAttribute
{
    private static readonly Lazy<string> Engine = new(AskVersion);

    /// <param name="changesDatabases">Needs <c>ALTER DATABASE</c>, which other engines of SQL Server's protocol may lack.</param>
    public SqlServerFactAttribute(bool changesDatabases = false)
    {
        if (string.IsNullOrEmpty(Environment.GetEnvironmentVariable("TEST_SQLSERVER")))
        {
            Skip = string.Equals(Environment.GetEnvironmentVariable("TEST_DATABASE"), "sqlserver", StringComparison.OrdinalIgnoreCase)
                ? null : "TEST_SQLSERVER is not set: no SQL Server to run on.";
        }
        else if (changesDatabases && !Engine.Value.StartsWith("Microsoft", StringComparison.Ordinal))
        {
            Skip = $"No ALTER DATABASE on this engine: {Engine.Value}";
        }
    }

    private static string AskVersion()
    {
        using var connection = new SqlConnection(Environment.GetEnvironmentVariable("TEST_SQLSERVER"));
        connection.Open();
        using var command = new SqlCommand("SELECT @@VERSION", connection);
        return ((string)command.ExecuteScalar()).Split('\n')[0];
    }
}

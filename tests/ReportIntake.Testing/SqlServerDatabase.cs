using Microsoft.Data.SqlClient;

namespace ReportIntake.Testing;

/// <summary>
/// An empty database of its own on the SQL Server that <c>TEST_SQLSERVER</c> names (a connection string without a database, of an
/// account that may create one), gone afterwards.
/// </summary>
public sealed class SqlServerDatabase : IDisposable
{
    private const int Attempts = 50;

    private static readonly TimeSpan Retry = TimeSpan.FromMilliseconds(200);

    /// <summary>Some engines of SQL Server's protocol cannot make two databases at once.</summary>
    private static readonly Lock OneAtATime = new();

    private readonly SqlConnectionStringBuilder connection;

    /// <param name="server">Another server than the tests'.</param>
    public SqlServerDatabase(string? server = null)
    {
        server ??= Environment.GetEnvironmentVariable("TEST_SQLSERVER")
            ?? throw new InvalidOperationException("TEST_DATABASE is sqlserver, but TEST_SQLSERVER is not set.");
        connection = new SqlConnectionStringBuilder(server)
        {
            InitialCatalog = "ReportIntakeTest_" + Guid.NewGuid().ToString("N"),
            ApplicationName = "ReportIntake.Tests", // or Entity Framework names its own, and Dispose would not find the pool
        };
        OnServer($"CREATE DATABASE [{connection.InitialCatalog}]");
    }

    /// <summary>Whether the suite runs on SQL Server: <c>TEST_DATABASE=sqlserver</c>.</summary>
    public static bool IsChosen { get; } =
        string.Equals(Environment.GetEnvironmentVariable("TEST_DATABASE"), "sqlserver", StringComparison.OrdinalIgnoreCase);

    public string ConnectionString => connection.ConnectionString;

    public void Dispose()
    {
        using (var pooled = new SqlConnection(ConnectionString))
        {
            SqlConnection.ClearPool(pooled);
        }

        OnServer($"DROP DATABASE [{connection.InitialCatalog}]");
    }

    private void OnServer(string statement)
    {
        var server = new SqlConnectionStringBuilder(ConnectionString) { InitialCatalog = "master" };
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                lock (OneAtATime)
                {
                    using var opened = new SqlConnection(server.ConnectionString);
                    opened.Open();
                    using var command = new SqlCommand(statement, opened);
                    command.ExecuteNonQuery();
                    return;
                }
            }
            catch (SqlException) when (attempt < Attempts)
            {
                // Connections that were closed on this side are still open on that one.
                Thread.Sleep(Retry);
            }
        }
    }
}

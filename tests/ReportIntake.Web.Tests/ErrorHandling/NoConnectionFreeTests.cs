using Microsoft.Data.SqlClient;
using ReportIntake.Testing;
using ReportIntake.Web.ErrorHandling;
using ReportIntake.Web.Tests.Persistence;

namespace ReportIntake.Web.Tests.ErrorHandling;

public sealed class NoConnectionFreeTests
{
    /// <summary>More at once than a node has connections to its SQL Server: that is busy, and no bug.</summary>
    [SqlServerFact]
    public async Task ErrorOf_AllConnectionsInUse_IsDatabaseUnavailable()
    {
        using var server = new SqlServerDatabase();
        var only = new SqlConnectionStringBuilder(server.ConnectionString) { MaxPoolSize = 1, ConnectTimeout = 1 }.ConnectionString;
        await using var inUse = new SqlConnection(only);
        await inUse.OpenAsync();
        await using var waiting = new SqlConnection(only);

        var thrown = await Record.ExceptionAsync(() => waiting.OpenAsync());

        await inUse.CloseAsync();
        SqlConnection.ClearPool(inUse);
        Assert.Equal(ExceptionProblems.DatabaseUnavailable, ExceptionProblems.ErrorOf(thrown!));
    }
}

using System.Data.Common;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace ReportIntake.Web.Persistence.SqlServer;

/// <summary>
/// Has every conditional update and delete say how many rows it changed. Entity Framework switches the count off inside
/// <c>sp_executesql</c> when it saves; SQL Server ends that with the procedure, but engines that only speak its protocol leave it
/// off for the connection, and what asks "was it me who changed the row?" would hear -1.
/// </summary>
internal sealed class RowCounts : DbCommandInterceptor
{
    public override InterceptionResult<int> NonQueryExecuting(DbCommand command, CommandEventData eventData, InterceptionResult<int> result)
    {
        Prepare(command, eventData);
        return result;
    }

    public override ValueTask<InterceptionResult<int>> NonQueryExecutingAsync(DbCommand command, CommandEventData eventData, InterceptionResult<int> result, CancellationToken cancellationToken = default)
    {
        Prepare(command, eventData);
        return new(result);
    }

    private static void Prepare(DbCommand command, CommandEventData eventData)
    {
        if (eventData.CommandSource is CommandSource.ExecuteUpdate or CommandSource.ExecuteDelete)
        {
            command.CommandText = "SET NOCOUNT OFF;\n" + command.CommandText;
        }
    }
}

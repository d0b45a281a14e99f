using Microsoft.Data.SqlClient;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;

namespace ReportIntake.Web.Persistence;

/// <summary>Of two that take the same name at once, a unique index lets one through. The other is to be refused, not to fail.</summary>
public static class UniqueIndex
{
    private const int SqliteUnique = 2067; // SQLITE_CONSTRAINT_UNIQUE
    private const int SqlServerIndex = 2601, SqlServerConstraint = 2627;

    public static bool Refused(DbUpdateException exception) => exception.InnerException
        is SqliteException { SqliteExtendedErrorCode: SqliteUnique }
        or SqlException { Number: SqlServerIndex or SqlServerConstraint };
}

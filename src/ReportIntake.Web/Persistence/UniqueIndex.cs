using Microsoft.Data.SqlClient;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;

namespace ReportIntake.Web.Persistence;

/// <summary>Of two that take the same name or key at once, its index lets one through. The other is to be refused or to look again, not to fail.</summary>
public static class UniqueIndex
{
    private const int SqlitePrimaryKey = 1555, SqliteUnique = 2067; // SQLITE_CONSTRAINT_PRIMARYKEY, SQLITE_CONSTRAINT_UNIQUE
    private const int SqlServerIndex = 2601, SqlServerConstraint = 2627;

    public static bool Refused(DbUpdateException exception) => exception.InnerException
        is SqliteException { SqliteExtendedErrorCode: SqlitePrimaryKey or SqliteUnique }
        or SqlException { Number: SqlServerIndex or SqlServerConstraint };
}

using System.Data.Common;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using ReportIntake.Web.Persistence;

namespace ReportIntake.Web.Health;

/// <summary>The database answers and has every migration of this program.</summary>
public sealed class DatabaseCheck(ReportIntakeDbContext database) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        try
        {
            // Asked first: to ask SQLite for its migrations would make the file anew where it is gone.
            if (!await database.Database.CanConnectAsync(cancellationToken))
            {
                return HealthCheckResult.Unhealthy("The database cannot be reached.");
            }

            var missing = (await database.Database.GetPendingMigrationsAsync(cancellationToken)).Count();
            return missing == 0
                ? HealthCheckResult.Healthy()
                : HealthCheckResult.Unhealthy($"The database lacks {missing} migrations: run the verb migrate.");
        }
        catch (Exception exception) when (exception is DbException or InvalidOperationException)
        {
            return HealthCheckResult.Unhealthy("The database cannot be read.", exception);
        }
    }
}

using System.Data.Common;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;
using ReportIntake.Web.Persistence;

namespace ReportIntake.Web.Health;

/// <summary>
/// Work is done in time and none was given up. Never more than degraded: a node that takes no requests because jobs are
/// late would only make it worse.
/// </summary>
public sealed class JobsCheck(ReportIntakeDbContext database, IOptions<HealthOptions> options, TimeProvider clock) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        try
        {
            var dead = await database.Jobs.CountAsync(j => j.Dead, cancellationToken);
            var now = clock.GetUtcNow();
            var oldest = await database.Jobs.Where(j => !j.Dead && j.RunAt <= now).OrderBy(j => j.RunAt)
                .Select(j => (DateTimeOffset?)j.RunAt).FirstOrDefaultAsync(cancellationToken);
            var late = oldest is { } at && now - at > options.Value.OldestJob;
            return (dead, late) switch
            {
                (0, false) => HealthCheckResult.Healthy(),
                (0, true) => HealthCheckResult.Degraded($"Jobs are late: the oldest was due {(int)(now - oldest!.Value).TotalSeconds} s ago."),
                _ => HealthCheckResult.Degraded($"{dead} jobs failed too often and are dead."),
            };
        }
        catch (Exception exception) when (exception is DbException or InvalidOperationException)
        {
            return HealthCheckResult.Degraded("The jobs cannot be read.", exception);
        }
    }
}

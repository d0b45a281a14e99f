using Microsoft.Extensions.Diagnostics.HealthChecks;
using ReportIntake.Web.Security;

namespace ReportIntake.Web.Health;

/// <summary>Every verified report is seen by some police client.</summary>
public sealed class RoutingCheck(UnroutedReports unrouted) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        var count = (await unrouted.FindAsync(cancellationToken)).Sum(g => g.Count);
        return count == 0
            ? HealthCheckResult.Healthy()
            : HealthCheckResult.Degraded($"No police client sees {count} verified reports: see /api/v1/admin/unrouted, and give a client their area, category and tier.");
    }
}

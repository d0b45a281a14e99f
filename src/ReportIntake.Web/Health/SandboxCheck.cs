using Microsoft.Extensions.Diagnostics.HealthChecks;
using ReportIntake.Web.Evidence.Screening;

namespace ReportIntake.Web.Health;

/// <summary>Files can be screened; see <see cref="SandboxProbe"/>.</summary>
public sealed class SandboxCheck(SandboxProbe probe) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(
            probe.Problem is { } problem ? HealthCheckResult.Unhealthy(problem)
            : MetadataReader.Installed is null ? HealthCheckResult.Degraded(MetadataReader.MissingText)
            : HealthCheckResult.Healthy());
}

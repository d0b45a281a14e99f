using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;
using ReportIntake.Web.Jobs;
using ReportIntake.Web.Security;

namespace ReportIntake.Web.Health;

/// <summary>What an orchestrator asks: is the process alive, and may it be sent requests.</summary>
public static class HealthSetup
{
    public static IServiceCollection AddHealth(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<HealthOptions>().BindConfiguration("Health").ValidateDataAnnotations().ValidateOnStart();
        var checks = services.AddHealthChecks()
            .AddCheck<DatabaseCheck>("database")
            .AddCheck<EvidenceStoreCheck>("evidence_store")
            .AddCheck<JobsCheck>("jobs", HealthStatus.Degraded)
            .AddCheck<RoutingCheck>("routing", HealthStatus.Degraded);
        if (configuration.GetValue("Role", NodeRole.All) is not NodeRole.Web)
        {
            checks.AddCheck<SandboxCheck>("screening").AddCheck<MalwareScannerCheck>("malware_scanner", HealthStatus.Degraded);
        }

        services.AddScoped<UnroutedReports>();
        services.AddOptions<HealthCheckServiceOptions>().Configure<IOptions<HealthOptions>>((registered, options) =>
        {
            foreach (var check in registered.Registrations)
            {
                check.Timeout = options.Value.Timeout;
            }
        });
        return services;
    }

    public static void MapHealth(this IEndpointRouteBuilder routes)
    {
        var health = routes.MapGroup("/health").WithTags("Operations").AllowAnonymous();
        health.MapGet("/live", () => TypedResults.Ok()).WithName("IsLive").WithSummary("The process is running.");
        health.MapGet("/ready", ReadyAsync).WithName("IsReady").WithSummary("Requests can be served: database, evidence store and screening.")
            .Produces<Readiness>().Produces<Readiness>(StatusCodes.Status503ServiceUnavailable);
    }

    /// <param name="Status"><c>ready</c>, <c>degraded</c> (requests are served, something needs an operator) or <c>not_ready</c>.</param>
    /// <param name="Reasons">What is wrong; empty when ready.</param>
    public sealed record Readiness(string Status, IReadOnlyList<Reason> Reasons);

    /// <param name="Check"><c>database</c>, <c>evidence_store</c>, <c>screening</c>, <c>malware_scanner</c>, <c>jobs</c> or <c>routing</c>.</param>
    /// <param name="Status"><c>degraded</c> or <c>not_ready</c>.</param>
    /// <param name="Text">For the operator, in English.</param>
    public sealed record Reason(string Check, string Status, string Text);

    private static async Task<JsonHttpResult<Readiness>> ReadyAsync(HealthCheckService checks, CancellationToken cancellationToken)
    {
        var report = await checks.CheckHealthAsync(cancellationToken);
        var reasons = report.Entries.Where(e => e.Value.Status is not HealthStatus.Healthy).OrderBy(e => e.Key, StringComparer.Ordinal)
            .Select(e => new Reason(e.Key, Name(e.Value.Status), e.Value.Description ?? "The check failed or took too long."));
        return TypedResults.Json(
            new Readiness(Name(report.Status), [.. reasons]),
            statusCode: report.Status is HealthStatus.Unhealthy ? StatusCodes.Status503ServiceUnavailable : StatusCodes.Status200OK);
    }

    private static string Name(HealthStatus status) => status switch
    {
        HealthStatus.Healthy => "ready",
        HealthStatus.Degraded => "degraded",
        _ => "not_ready",
    };
}

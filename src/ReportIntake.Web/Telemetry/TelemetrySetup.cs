using System.Diagnostics;
using MediatR;
using Microsoft.Extensions.Logging.Console;

namespace ReportIntake.Web.Telemetry;

public static class TelemetrySetup
{
    /// <summary>Traces and metrics, sent nowhere unless <see cref="TelemetryExport.Endpoint"/> is set; logs without scopes.</summary>
    public static IServiceCollection AddTelemetry(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddSingleton<DistributedContextPropagator, OwnTraces>();
        services.AddScoped(typeof(IPipelineBehavior<,>), typeof(UseCaseSpans<,>));
        services.AddHostedService<WorkMetrics>();

        // A scope has the request's path, with ids of uploads and reports in it.
        services.PostConfigure<JsonConsoleFormatterOptions>(o => o.IncludeScopes = false);
        services.PostConfigure<SimpleConsoleFormatterOptions>(o => o.IncludeScopes = false);
        services.PostConfigure<ConsoleFormatterOptions>(o => o.IncludeScopes = false);
        if (!string.IsNullOrWhiteSpace(configuration[TelemetryExport.Endpoint]))
        {
            // The first to start and the last to stop: what the others do at both ends is seen.
            services.Insert(0, ServiceDescriptor.Singleton<IHostedService, TelemetryExport>());
        }

        return services;
    }
}

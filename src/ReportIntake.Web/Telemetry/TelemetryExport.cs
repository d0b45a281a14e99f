using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace ReportIntake.Web.Telemetry;

/// <summary>Sends traces and metrics by OTLP, as the standard settings <c>OTEL_*</c> say. What is left is sent at stop.</summary>
public sealed class TelemetryExport(IConfiguration configuration) : IHostedService
{
    public const string Endpoint = "OTEL_EXPORTER_OTLP_ENDPOINT";
    private const string UsualName = "reportintake";

    private static readonly TimeSpan LastWords = TimeSpan.FromSeconds(5);

    private TracerProvider? traces;
    private MeterProvider? metrics;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        // The exporters read the same configuration as everything else, files of secrets included.
        var resource = ResourceBuilder.CreateEmpty().AddService(configuration["OTEL_SERVICE_NAME"] ?? UsualName, autoGenerateServiceInstanceId: true)
            .AddAttributes([new("service.version", typeof(Program).Assembly.GetName().Version?.ToString() ?? "")]);
        traces = Sdk.CreateTracerProviderBuilder().ConfigureServices(s => s.AddSingleton(configuration))
            .SetResourceBuilder(resource)
            .AddSource(Signals.Name, "Microsoft.AspNetCore")
            .AddProcessor(new SpanFilter())
            .AddOtlpExporter()
            .Build();
        metrics = Sdk.CreateMeterProviderBuilder().ConfigureServices(s => s.AddSingleton(configuration))
            .SetResourceBuilder(resource)
            .AddMeter(Signals.Name, "Microsoft.AspNetCore.Hosting", "System.Runtime")
            .AddOtlpExporter()
            .Build();
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.Run(
        () =>
        {
            traces?.Shutdown((int)LastWords.TotalMilliseconds);
            metrics?.Shutdown((int)LastWords.TotalMilliseconds);
            traces?.Dispose();
            metrics?.Dispose();
        },
        CancellationToken.None);
}

using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using ReportIntake.Web.Evidence.Metadata;
using ReportIntake.Web.Evidence.Screening.Malware;
using ReportIntake.Web.Jobs;

namespace ReportIntake.Web.Evidence.Screening;

public static class ScreeningRegistration
{
    /// <summary>Registers <see cref="Screener"/>, <see cref="Sandbox"/> and <see cref="SandboxProbe"/>.</summary>
    public static IServiceCollection AddScreening(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<ScreeningOptions>()
            .Bind(configuration.GetSection(ScreeningOptions.Section))
            .ValidateDataAnnotations()
            .ValidateOnStart();
        services.AddSingleton<IValidateOptions<ScreeningOptions>, ScreeningOptionsValidator>();
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton<Sandbox>();
        services.AddSingleton<Screener>();
        services.AddSingleton<ClamdScanner>();
        services.AddSingleton<MetadataSheets>();
        services.AddSingleton<SandboxProbe>();
        if (configuration.GetValue("Role", NodeRole.All) is not NodeRole.Web)
        {
            services.AddHostedService(provider => provider.GetRequiredService<SandboxProbe>());
        }

        return services;
    }
}

using Hangfire;
using Hangfire.Common;
using Hangfire.InMemory;
using Hangfire.SqlServer;
using Microsoft.Extensions.Options;

namespace ReportIntake.Web.Jobs.Hangfire;

/// <summary>Hangfire without its static defaults, so that hosts in one process do not share them.</summary>
public static class HangfireSetup
{
    /// <summary>What every node needs, web nodes for the dashboard. The storage is opened at first use.</summary>
    public static IServiceCollection AddHangfireStorage(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddSingleton<JobStorage>(provider => provider.GetRequiredService<IOptions<JobsOptions>>().Value.HangfireStorage is HangfireStorageKind.Memory
            ? new InMemoryStorage()
            : new SqlServerStorage(configuration.GetConnectionString("ReportIntake"), new SqlServerStorageOptions()));
        services.AddSingleton<IJobFilterProvider>(new JobFilterCollection { new OutboxStates(), new StatisticsHistoryAttribute() });
        services.AddSingleton<IBackgroundJobClient>(provider => new BackgroundJobClient(
            provider.GetRequiredService<JobStorage>(), provider.GetRequiredService<IJobFilterProvider>()));
        return services;
    }

    /// <summary>What a worker does.</summary>
    public static IServiceCollection AddHangfireEngine(this IServiceCollection services)
    {
        services.AddSingleton<HandOvers>();
        services.AddHostedService<HangfireEngine>();
        return services;
    }
}

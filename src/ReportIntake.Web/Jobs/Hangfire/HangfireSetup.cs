using Hangfire;
using Hangfire.Common;
using Hangfire.InMemory;
using Hangfire.SqlServer;
using Microsoft.Extensions.Options;
using ReportIntake.Web.Persistence;

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

    /// <summary>
    /// Makes or updates Hangfire's tables. Each node does so too when it opens the storage, but Hangfire only logs there that it could not.
    /// </summary>
    /// <exception cref="System.Data.Common.DbException">The database is away, or does not let this account change its schema.</exception>
    public static void PrepareHangfireStorage(this IServiceProvider services)
    {
        if (services.GetRequiredService<IOptions<JobsOptions>>().Value is { Engine: JobEngine.Hangfire, HangfireStorage: HangfireStorageKind.SqlServer })
        {
            using var connection = services.GetRequiredService<NewConnection>()();
            SqlServerObjectsInstaller.Install(connection);
        }
    }

    /// <summary>What a worker does.</summary>
    public static IServiceCollection AddHangfireEngine(this IServiceCollection services)
    {
        services.AddSingleton<HandOvers>();
        services.AddHostedService<HangfireEngine>();
        return services;
    }
}

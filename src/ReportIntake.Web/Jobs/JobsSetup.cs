using System.Reflection;
using ReportIntake.Web.Evidence.Ledger;
using ReportIntake.Web.Evidence.Recognition;
using ReportIntake.Web.Features.Administration.Ledger;
using ReportIntake.Web.Jobs.Embedded;
#if HANGFIRE
using ReportIntake.Web.Jobs.Hangfire;
#endif
using ReportIntake.Web.Jobs.Sequencing;
using ReportIntake.Web.Jobs.Webhooks;
using ReportIntake.Web.Linking;
#if HANGFIRE
using ReportIntake.Web.Persistence;
#endif
using ReportIntake.Web.Security;

namespace ReportIntake.Web.Jobs;

public static class JobsSetup
{
    /// <summary>Every job class of this assembly, the engine that runs them, and the sequencer of ledger and feed.</summary>
    public static IServiceCollection AddJobs(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<JobsOptions>().BindConfiguration("Jobs").ValidateDataAnnotations()
#if HANGFIRE
            .Validate(
                o => o.Engine is not JobEngine.Hangfire || o.HangfireStorage is HangfireStorageKind.Memory || configuration.GetValue("Database:Provider", DatabaseProvider.Sqlite) is DatabaseProvider.SqlServer,
                "Jobs:Engine is Hangfire, whose queues are kept in SQL Server: set Database:Provider, or use Embedded.")
#else
            .Validate(o => o.Engine is not JobEngine.Hangfire, "Jobs:Engine is Hangfire, but this program was built without it: build with -p:Jobs=Hangfire, or use Embedded.")
#endif
            .ValidateOnStart();
        services.AddOptions<LedgerOptions>().BindConfiguration("Ledger").ValidateDataAnnotations().ValidateOnStart();

        services.AddSingleton<OutboxSignal>();
        services.AddSingleton<PublishedSignal>();
        services.AddJobTypes(typeof(JobsSetup).Assembly);
        services.AddLinking();
        services.AddScoped<DueReports>();
        services.AddSingleton<JobTypes>();
        services.AddSingleton<OutboxLeases>();
        services.AddSingleton<OutboxRunner>();
        services.AddSingleton<RecurringJobs>();

        services.AddKeyRing();
        services.AddSingleton<SigningKeys>();
        services.AddScoped<TreeHeads>();
        services.AddSingleton<LedgerBlocks>();
        services.AddScoped<LedgerProofs>();
        services.AddScoped<VerifyLedger>();
        services.AddScoped<VerifyEvidence>();
        services.AddSingleton<Publisher>();
        services.AddSingleton<RecurringScheduler>();
        services.AddSingleton<ReleaseDecisions>();
#if HANGFIRE
        if (UsesHangfire(configuration))
        {
            services.AddHangfireStorage(configuration);
        }

#endif
        return configuration.GetValue("Role", NodeRole.All) is NodeRole.Web ? services : services.AddWork(configuration);
    }

    /// <summary>All that a process does without being asked; a web node leaves it to the workers.</summary>
    private static IServiceCollection AddWork(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddHostedService<Sequencer>();
        services.AddHostedService(provider => provider.GetRequiredService<ReleaseDecisions>());
        services.AddHostedService<DeliverWebhooks>();
        services.AddHostedService<RecognitionWarmUp>();
        services.AddHostedService(provider => provider.GetRequiredService<RecurringScheduler>());
#if HANGFIRE
        if (UsesHangfire(configuration))
        {
            return services.AddHangfireEngine();
        }

#endif
        return services.AddHostedService<EmbeddedEngine>();
    }

    /// <summary>What operators see of the jobs, where the engine has pages: for admins.</summary>
    public static void MapJobs(this WebApplication app)
    {
#if HANGFIRE
        if (UsesHangfire(app.Configuration))
        {
            app.MapJobsDashboard();
        }
#endif
    }

    /// <summary>Makes the engine's own tables, where it has any.</summary>
    public static void PrepareJobStorage(this IServiceProvider services)
    {
#if HANGFIRE
        services.PrepareHangfireStorage();
#endif
    }

#if HANGFIRE
    private static bool UsesHangfire(IConfiguration configuration) => configuration.GetValue("Jobs:Engine", JobEngine.Embedded) is JobEngine.Hangfire;

#endif

    /// <summary>Every job class of an assembly, under its name.</summary>
    /// <exception cref="InvalidOperationException">At first use: two job classes have one name.</exception>
    public static IServiceCollection AddJobTypes(this IServiceCollection services, Assembly assembly)
    {
        foreach (var type in assembly.GetTypes().Where(t => t is { IsClass: true, IsAbstract: false }))
        {
            if (type.IsAssignableTo(typeof(IRecurringJob)))
            {
                services.AddJobType(type, nameof(JobType.OfRecurring), type);
            }
            else if (Array.Find(type.GetInterfaces(), i => i.IsGenericType && i.GetGenericTypeDefinition() == typeof(IJob<>)) is { } contract)
            {
                services.AddJobType(type, nameof(JobType.Of), type, contract.GetGenericArguments()[0]);
            }
        }

        return services;
    }

    private static void AddJobType(this IServiceCollection services, Type type, string factory, params Type[] arguments)
    {
        services.AddScoped(type);
        services.AddSingleton((JobType)typeof(JobType).GetMethod(factory)!.MakeGenericMethod(arguments).Invoke(null, null)!);
    }
}

using Hangfire;
using Hangfire.Storage;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using ReportIntake.Testing;
using ReportIntake.Web.Jobs;
using ReportIntake.Web.Jobs.Hangfire;
using ReportIntake.Web.Persistence.Outbox;

namespace ReportIntake.Web.Tests.Jobs.Hangfire;

/// <summary>
/// A node whose engine is Hangfire, with the test's job classes. Its storage is in memory, or in the database of the host
/// where that is on SQL Server (<c>TEST_DATABASE=sqlserver</c>).
/// </summary>
public sealed class HangfireHost : IntakeHost
{
    private readonly Dictionary<string, string?> settings;
    private readonly HangfireHost? beside;

    /// <param name="beside">Another node, whose database, data directory and queues this one shares.</param>
    public HangfireHost(HangfireHost? beside = null, params (string Name, string Value)[] settings)
    {
        this.beside = beside;
        Runs = beside?.Runs ?? new JobRuns();
        this.settings = new Dictionary<string, string?>
        {
            ["Jobs:Engine"] = "Hangfire",
            ["Jobs:HangfireStorage"] = OnSqlServer ? "SqlServer" : "Memory",
            ["Jobs:Poll"] = "00:00:00.100",
        };
        if (beside is not null)
        {
            this.settings["ReportIntake:DataDirectory"] = beside.DataDirectory;
        }

        foreach (var (name, value) in settings)
        {
            this.settings[name] = value;
        }
    }

    public static bool OnSqlServer { get; } =
        string.Equals(Environment.GetEnvironmentVariable("TEST_DATABASE"), "sqlserver", StringComparison.OrdinalIgnoreCase);

    public JobRuns Runs { get; }

    public IMonitoringApi Seen => Get<JobStorage>().GetMonitoringApi();

    protected override IReadOnlyDictionary<string, string?> Settings => settings;

    protected override IntakeHost? Beside => beside;

    public T Get<T>() where T : notnull => Services.GetRequiredService<T>();

    public HangfireEngine Engine => Services.GetServices<Microsoft.Extensions.Hosting.IHostedService>().OfType<HangfireEngine>().Single();

    public Task EnqueueAsync(params OutboxJob[] jobs) => WithDatabaseAsync(async database =>
    {
        database.Jobs.AddRange(jobs);
        await database.SaveChangesAsync();
        Get<OutboxSignal>().Set();
        return true;
    });

    protected override void ConfigureWebHost(IWebHostBuilder builder)
    {
        base.ConfigureWebHost(builder);
        builder.ConfigureTestServices(services =>
        {
            services.AddSingleton(Runs);
            services.AddJobTypes(typeof(JobsHost).Assembly);
            if (beside is not null && !OnSqlServer)
            {
                services.AddSingleton(beside.Get<JobStorage>());
            }
        });
    }
}

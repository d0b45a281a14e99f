using System.Collections.Concurrent;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using ReportIntake.Domain.Reports;
using ReportIntake.Domain.Triage;
using ReportIntake.Testing;
using ReportIntake.Web.Jobs;
using ReportIntake.Web.Jobs.Embedded;
using ReportIntake.Web.Jobs.Sequencing;
using ReportIntake.Web.Persistence.Outbox;

namespace ReportIntake.Web.Tests.Jobs;

/// <summary>A node with the test's job classes beside the program's own, and a clock to put forward.</summary>
public sealed class JobsHost : IntakeHost
{
    private readonly Dictionary<string, string?> settings;
    private readonly JobsHost? beside;

    /// <param name="beside">Another node, whose database and data directory this one shares.</param>
    public JobsHost(JobsHost? beside = null, params (string Name, string Value)[] settings)
    {
        this.beside = beside;
        this.settings = settings.ToDictionary(s => s.Name, s => (string?)s.Value);
        if (beside is not null)
        {
            this.settings["ReportIntake:DataDirectory"] = beside.DataDirectory;
        }

        Clock = beside?.Clock ?? new ShiftedClock();
        Runs = beside?.Runs ?? new JobRuns();
    }

    public ShiftedClock Clock { get; }

    public JobRuns Runs { get; }

    /// <summary>Neither engine nor sequencer: the test takes every step itself.</summary>
    public bool Quiet { get; init; }

    protected override IReadOnlyDictionary<string, string?> Settings => settings;

    protected override IntakeHost? Beside => beside;

    public T Get<T>() where T : notnull => Services.GetRequiredService<T>();

    public EmbeddedEngine Engine => Services.GetServices<IHostedService>().OfType<EmbeddedEngine>().Single();

    public Task EnqueueAsync(params OutboxJob[] jobs) => WithDatabaseAsync(async database =>
    {
        database.Jobs.AddRange(jobs);
        await database.SaveChangesAsync();
        Get<OutboxSignal>().Set();
        return true;
    });

    /// <summary>Runs a job class once, in a scope of its own.</summary>
    public async Task RunAsync<TJob>() where TJob : IRecurringJob
    {
        await using var scope = Services.CreateAsyncScope();
        await scope.ServiceProvider.GetRequiredService<TJob>().ExecuteAsync(CancellationToken.None);
    }

    public async Task PublishAllAsync()
    {
        while (await Get<Publisher>().PublishAsync(CancellationToken.None))
        {
        }
    }

    /// <summary>A report as <c>Report.Submit</c> makes it, kept.</summary>
    public async Task<Guid> AddReportAsync(Action<Report>? then = null)
    {
        var now = Clock.GetUtcNow();
        var key = Guid.NewGuid().ToByteArray();
        var report = Report.Submit(
            "RI-" + Convert.ToHexString(key)[..12],
            key,
            new ReportFacts { Category = "online_fraud", ChildSafety = false, Description = "Something was sold that was not there." },
            new Assessment(Tier.NonUrgent, "test", [], now),
            0,
            now).Value;
        then?.Invoke(report);
        return await WithDatabaseAsync(async database =>
        {
            database.Reports.Add(report);
            await database.SaveChangesAsync();
            return report.Id;
        });
    }

    /// <summary>Asks until it is so; gives up after half a minute.</summary>
    public static async Task UntilAsync(Func<Task<bool>> condition)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (!await condition())
        {
            await Task.Delay(20, patience.Token);
        }
    }

    protected override void ConfigureWebHost(IWebHostBuilder builder)
    {
        base.ConfigureWebHost(builder);
        builder.ConfigureTestServices(services =>
        {
            services.AddSingleton<TimeProvider>(Clock);
            services.AddSingleton(Runs);
            services.AddJobTypes(typeof(JobsHost).Assembly);
            if (Quiet)
            {
                foreach (var hosted in services.Where(s => s.ServiceType == typeof(IHostedService) && (IsOurs(s.ImplementationType) || s.ImplementationFactory?.Method.DeclaringType?.Assembly == typeof(Publisher).Assembly)).ToList())
                {
                    services.Remove(hosted);
                }
            }
        });
    }

    private static bool IsOurs(Type? type) => type?.Assembly == typeof(Publisher).Assembly;
}

/// <summary>What the test's jobs did, on whatever node.</summary>
public sealed class JobRuns
{
    public ConcurrentDictionary<Guid, int> Counts { get; } = new();

    public TaskCompletionSource Started { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public TaskCompletionSource Release { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public TaskCompletionSource Cancelled { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
}

public sealed class CountRun(JobRuns runs) : IJob<Guid>
{
    public static JobUrgency Urgency => JobUrgency.Delivery;

    public Task ExecuteAsync(Guid argument, CancellationToken cancellationToken)
    {
        runs.Counts.AddOrUpdate(argument, 1, (_, n) => n + 1);
        return Task.CompletedTask;
    }
}

/// <summary>Fails as many times as its argument says.</summary>
public sealed class FailAtFirst(JobRuns runs) : IJob<FailAtFirst.Argument>
{
    public sealed record Argument(Guid Id, int Failures);

    public Task ExecuteAsync(Argument argument, CancellationToken cancellationToken) =>
        runs.Counts.AddOrUpdate(argument.Id, 1, (_, n) => n + 1) <= argument.Failures
            ? throw new InvalidOperationException("Not yet.")
            : Task.CompletedTask;
}

/// <summary>Runs until it is released or cancelled.</summary>
public sealed class RunUntilReleased(JobRuns runs) : IJob<Guid>
{
    public async Task ExecuteAsync(Guid argument, CancellationToken cancellationToken)
    {
        runs.Started.TrySetResult();
        try
        {
            await runs.Release.Task.WaitAsync(cancellationToken);
        }
        catch (OperationCanceledException)
        {
            runs.Cancelled.TrySetResult();
            throw;
        }
    }
}

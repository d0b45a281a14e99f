using System.Diagnostics;
using Microsoft.Extensions.Options;
using ReportIntake.Web.Persistence.Outbox;
using ReportIntake.Web.Telemetry;

namespace ReportIntake.Web.Jobs;

/// <summary>
/// Runs one leased outbox row to its end: done, to be tried again, or dead. Which rows, when and how many at a time is the
/// engine's affair; this is all that another engine has to call.
/// </summary>
public sealed partial class OutboxRunner(
    JobTypes types, OutboxLeases leases, IServiceScopeFactory scopes, IOptions<JobsOptions> options, ILogger<OutboxRunner> logger)
{
    private static readonly TimeSpan LongestWait = TimeSpan.FromHours(1);

    /// <summary>Never throws for what the job does; only for a database that is away, and then the lease runs out by itself.</summary>
    public async Task RunAsync(OutboxJob job, CancellationToken stopping)
    {
        if (job.Attempts > options.Value.Attempts)
        {
            await leases.FailAsync(job, "The process ended during the last attempt.", dead: true, TimeSpan.Zero);
            LogDead(logger, job.Type, job.Id);
            return;
        }

        using var running = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        using var done = new CancellationTokenSource();
        var renewal = RenewAsync(job, running, done.Token);
        try
        {
            await ExecuteAsync(job, running.Token);
            await leases.CompleteAsync(job);
        }
        catch (OperationCanceledException) when (running.IsCancellationRequested)
        {
            // Where the lease was lost this changes nothing.
            await leases.GiveBackAsync(job);
        }
        catch (Exception failure)
        {
            await FailedAsync(job, failure);
        }
        finally
        {
            await done.CancelAsync();
            await renewal;
        }
    }

    /// <summary>The wait after the given failed attempt, counted from 1.</summary>
    public static TimeSpan Backoff(TimeSpan first, int attempt)
    {
        var wait = Math.Min(first.TotalSeconds * Math.Pow(2, attempt - 1), LongestWait.TotalSeconds);
        return TimeSpan.FromSeconds(wait * (1 + (Random.Shared.NextDouble() / 5)));
    }

    private async Task ExecuteAsync(OutboxJob job, CancellationToken cancellationToken)
    {
        using var span = Signals.Traces.StartActivity(job.Type);
        span?.SetTag(SpanFilter.Attempt, job.Attempts);
        try
        {
            await using var scope = scopes.CreateAsyncScope();
            await types[job.Type].ExecuteAsync(scope.ServiceProvider, job.Argument, cancellationToken);
        }
        catch (Exception failure)
        {
            span?.SetStatus(ActivityStatusCode.Error).SetTag("error.type", failure.GetType().Name);
            throw;
        }
    }

    private async Task FailedAsync(OutboxJob job, Exception failure)
    {
        var dead = job.Attempts >= options.Value.Attempts;
        LogFailed(logger, job.Type, job.Id, job.Attempts, failure);
        if (dead)
        {
            LogDead(logger, job.Type, job.Id);
        }

        await leases.FailAsync(job, Describe(failure), dead, Backoff(options.Value.RetryAfter, job.Attempts));
    }

    /// <summary>Renews at a third of the lease, so that two renewals may fail. A lost lease stops the job.</summary>
    private async Task RenewAsync(OutboxJob job, CancellationTokenSource running, CancellationToken done)
    {
        while (true)
        {
            await Task.Delay(options.Value.Lease / 3, done).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (done.IsCancellationRequested)
            {
                return;
            }

            try
            {
                if (!await leases.RenewAsync(job, done))
                {
                    LogLeaseLost(logger, job.Type, job.Id);
                    await running.CancelAsync();
                    return;
                }
            }
            catch (OperationCanceledException) when (done.IsCancellationRequested)
            {
                return;
            }
            catch (Exception failure)
            {
                LogRenewalFailed(logger, job.Type, job.Id, failure);
            }
        }
    }

    private static string Describe(Exception failure)
    {
        var cause = failure.GetBaseException();
        var text = ReferenceEquals(cause, failure)
            ? $"{failure.GetType().Name}: {failure.Message}"
            : $"{failure.GetType().Name}: {failure.Message} ← {cause.GetType().Name}: {cause.Message}";
        return text.Length <= OutboxJob.ErrorMaxLength ? text : text[..OutboxJob.ErrorMaxLength];
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Job {Type} {Id} failed at attempt {Attempt}")]
    private static partial void LogFailed(ILogger logger, string type, Guid id, int attempt, Exception failure);

    [LoggerMessage(Level = LogLevel.Error, Message = "Job {Type} {Id} failed too often and is dead")]
    private static partial void LogDead(ILogger logger, string type, Guid id);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The lease of job {Type} {Id} is lost")]
    private static partial void LogLeaseLost(ILogger logger, string type, Guid id);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The lease of job {Type} {Id} could not be renewed now")]
    private static partial void LogRenewalFailed(ILogger logger, string type, Guid id, Exception failure);
}

using System.Collections.Concurrent;
using Microsoft.Extensions.Options;
using ReportIntake.Web.Features.Police.Webhooks;
using ReportIntake.Web.Jobs.Sequencing;

namespace ReportIntake.Web.Jobs.Webhooks;

/// <summary>
/// Pushes the feed: as soon as something is published, each webhook that has work gets a turn of its own, several at a time.
/// A receiver that hangs or is dead keeps its own turn busy and no other. Several nodes may run it on one database.
/// </summary>
public sealed partial class DeliverWebhooks(
    IServiceScopeFactory scopes, PublishedSignal published, WebhookSignal changed, IOptions<WebhookOptions> options, ILogger<DeliverWebhooks> logger)
    : BackgroundService
{
    /// <summary>What another node has published, or what has become due, is seen after this at the latest.</summary>
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(500);

    /// <summary>By webhook; true where there was new work while its turn was under way.</summary>
    private readonly ConcurrentDictionary<Guid, bool> running = new();
    private readonly Dictionary<Guid, (long Position, long LookedTo)> passed = [];
    private Task wake = Task.CompletedTask;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var turns = new List<Task>();
        try
        {
            while (true)
            {
                // Kept until it has fired, because what waits for a signal that never comes again would pile up.
                wake = wake.IsCompleted ? Task.WhenAny(published.Next, changed.Next) : wake;
                turns.RemoveAll(t => t.IsCompleted);
                turns.AddRange(await StartTurnsAsync(stoppingToken));
                await Signal.WaitAsync(wake, Poll, stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            await Task.WhenAll(turns);
        }
    }

    private async Task<List<Task>> StartTurnsAsync(CancellationToken stopping)
    {
        var started = new List<Task>();
        try
        {
            await using var scope = scopes.CreateAsyncScope();
            foreach (var webhook in await scope.ServiceProvider.GetRequiredService<WebhookWork>().FindAsync(passed, stopping))
            {
                if (running.ContainsKey(webhook))
                {
                    running.TryUpdate(webhook, true, false);
                }
                else if (running.Count < options.Value.Concurrency)
                {
                    running[webhook] = false;
                    started.Add(Task.Run(() => RunAsync(webhook, stopping), CancellationToken.None));
                }
            }
        }
        catch (Exception failure) when (!stopping.IsCancellationRequested)
        {
            // The database is away: the next poll asks again.
            LogUnavailable(logger, failure);
        }

        return started;
    }

    private async Task RunAsync(Guid webhook, CancellationToken stopping)
    {
        var more = false;
        try
        {
            await using var scope = scopes.CreateAsyncScope();
            more = await scope.ServiceProvider.GetRequiredService<WebhookTurn>().RunAsync(webhook, stopping);
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // What was under way is sent again at the next start.
        }
        catch (Exception failure)
        {
            LogTurnFailed(logger, webhook, failure);
        }

        running.TryRemove(webhook, out var again);
        if (more || again || running.Count == options.Value.Concurrency - 1)
        {
            changed.Set();
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "The webhooks cannot be read in the database now")]
    private static partial void LogUnavailable(ILogger logger, Exception failure);

    [LoggerMessage(Level = LogLevel.Error, Message = "A turn of webhook {Webhook} ended early; what it sent may be sent again")]
    private static partial void LogTurnFailed(ILogger logger, Guid webhook, Exception failure);
}

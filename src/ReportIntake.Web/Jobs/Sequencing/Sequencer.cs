using ReportIntake.Web.Security;

namespace ReportIntake.Web.Jobs.Sequencing;

/// <summary>Publishes as soon as something is committed in this process, and looks for what other nodes committed.</summary>
public sealed partial class Sequencer(Publisher publisher, SigningKeys keys, OutboxSignal signal, ILogger<Sequencer> logger) : BackgroundService
{
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(250);

    /// <summary>Between two publications: under many commits a second each would be a transaction more for every one of them.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan PauseAfterFailure = TimeSpan.FromSeconds(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var prepared = false;
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                if (!prepared)
                {
                    // Made here, so that no request makes it inside a transaction of its own, which on SQLite is the only writer.
                    await keys.CurrentAsync(stoppingToken);
                    prepared = true;
                }

                var wake = signal.Next;
                if (!await publisher.PublishAsync(stoppingToken))
                {
                    await Task.Delay(Pause, stoppingToken);
                    await Signal.WaitAsync(wake, Poll, stoppingToken);
                }
            }
            catch (Exception) when (stoppingToken.IsCancellationRequested)
            {
                return; // SqlClient tells by an error of its own that a command was stopped
            }
            catch (Exception failure)
            {
                LogFailed(logger, failure);
                await Task.Delay(PauseAfterFailure, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "Ledger and feed cannot be published now")]
    private static partial void LogFailed(ILogger logger, Exception failure);
}

using System.Collections.Concurrent;

namespace ReportIntake.Web.Features.Intake.UploadEvidence;

/// <summary>
/// One request at a time works on an upload, and the newest wins: it asks the one before to stop, waits until that has stored what it
/// has, and goes on from there. So a phone that comes back on another network need not wait for its dead connection to be noticed.
/// </summary>
/// <remarks>Within this process. Between nodes the row's concurrency token lets one of two writers win.</remarks>
public sealed class UploadTurns
{
    private readonly ConcurrentDictionary<string, Turn> turns = new(StringComparer.Ordinal);

    public async Task<Turn> TakeAsync(UploadId id, CancellationToken ct)
    {
        var mine = new Turn(this, Convert.ToHexString(id.Key()));
        Turn? before = null;
        turns.AddOrUpdate(mine.Key, mine, (_, current) =>
        {
            before = current;
            return mine;
        });
        if (before is not null)
        {
            await before.AskToStopAsync();
            try
            {
                await before.Ended.WaitAsync(ct);
            }
            catch (OperationCanceledException)
            {
                // Whoever waits for this turn now waits for the one before it.
                _ = before.Ended.ContinueWith(_ => mine.Dispose(), CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
                throw;
            }
        }

        return mine;
    }

    public sealed class Turn(UploadTurns owner, string key) : IDisposable
    {
        private readonly TaskCompletionSource ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly CancellationTokenSource stop = new();

        /// <summary>Cancelled when a newer request wants the upload.</summary>
        public CancellationToken Stop => stop.Token;

        internal string Key => key;

        internal Task Ended => ended.Task;

        internal Task AskToStopAsync() => stop.CancelAsync();

        public void Dispose()
        {
            owner.turns.TryRemove(new KeyValuePair<string, Turn>(key, this));
            ended.TrySetResult();
        }
    }
}

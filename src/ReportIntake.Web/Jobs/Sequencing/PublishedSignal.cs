namespace ReportIntake.Web.Jobs.Sequencing;

/// <summary>New police events have a position.</summary>
public sealed class PublishedSignal : Signal
{
    /// <summary>What another node has published is seen after this at the latest.</summary>
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(500);

    /// <summary>For a long poll: looks, and looks again after every publication, until there is something or the time is up.</summary>
    /// <param name="look">Reads the feed; true where it found something. Called once at least.</param>
    /// <returns>Whether there was something.</returns>
    public async Task<bool> WaitForPublishedAsync(
        Func<CancellationToken, Task<bool>> look, TimeSpan wait, TimeProvider clock, CancellationToken cancellationToken)
    {
        var start = clock.GetTimestamp();
        while (true)
        {
            var next = Next;
            if (await look(cancellationToken))
            {
                return true;
            }

            var left = wait - clock.GetElapsedTime(start);
            if (left <= TimeSpan.Zero)
            {
                return false;
            }

            await WaitAsync(next, left < Poll ? left : Poll, cancellationToken);
        }
    }
}

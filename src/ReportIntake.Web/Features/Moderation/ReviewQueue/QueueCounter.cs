using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using ReportIntake.Domain.Reports;
using ReportIntake.Domain.Triage;
using ReportIntake.Web.Persistence;

namespace ReportIntake.Web.Features.Moderation.ReviewQueue;

/// <summary>
/// Counts the queue, once for all who ask: counting walks an index from end to end, so a long queue is not counted more
/// often than a twentieth of the time allows, and nobody waits for it who can have the count before.
/// </summary>
public sealed partial class QueueCounter(IServiceScopeFactory scopes, IOptions<EscalationOptions> escalation, TimeProvider clock, ILogger<QueueCounter> logger) : IDisposable
{
    private const int Share = 20;
    private static readonly TimeSpan WorthWaitingFor = TimeSpan.FromMilliseconds(15);

    private readonly SemaphoreSlim counting = new(1);
    private volatile Counted? last;

    /// <summary>The newest count; null before the first.</summary>
    public QueueCounts? Last => last?.Counts;

    public async Task<QueueCounts> CountAsync(CancellationToken cancellationToken)
    {
        if (last is { } known && (IsFresh(known) || known.Cost > WorthWaitingFor))
        {
            if (!IsFresh(known))
            {
                _ = RefreshAsync();
            }

            return known.Counts;
        }

        await counting.WaitAsync(cancellationToken);
        try
        {
            return last is { } meanwhile && IsFresh(meanwhile) ? meanwhile.Counts : await CountNowAsync(cancellationToken);
        }
        finally
        {
            counting.Release();
        }
    }

    public void Dispose() => counting.Dispose();

    private bool IsFresh(Counted count) => clock.GetElapsedTime(count.Timestamp) < Share * count.Cost;

    private async Task RefreshAsync()
    {
        if (!await counting.WaitAsync(0))
        {
            return;
        }

        try
        {
            await CountNowAsync(CancellationToken.None);
        }
#pragma warning disable CA1031 // nobody awaits this: whoever asks next tries again
        catch (Exception failure)
#pragma warning restore CA1031
        {
            LogFailed(logger, failure);
        }
        finally
        {
            counting.Release();
        }
    }

    private async Task<QueueCounts> CountNowAsync(CancellationToken cancellationToken)
    {
        var start = clock.GetTimestamp();
        await using var scope = scopes.CreateAsyncScope();
        var counts = await CountAsync(scope.ServiceProvider.GetRequiredService<ReportIntakeDbContext>().Reports, cancellationToken);
        last = new Counted(counts, clock.GetTimestamp(), clock.GetElapsedTime(start));
        return counts;
    }

    private async Task<QueueCounts> CountAsync(IQueryable<Report> reports, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var immediate = now + escalation.Value.WarnImmediate;
        var urgent = now + escalation.Value.WarnUrgent;
        var other = now + escalation.Value.WarnNonUrgent;

        // From the index alone where reports are many; those that somebody holds or voted on are few.
        var received = await reports.Where(r => r.State == ReportState.Received).GroupBy(r => r.QueueRank)
            .Select(g => new Row(g.Key, true, g.Count(), g.Count(r => r.DueAt <= now),
                g.Count(r => r.DueAt <= (g.Key < 2 ? immediate : g.Key < 4 ? urgent : other)))).ToListAsync(cancellationToken);
        var underVerification = await reports.Where(r => r.State == ReportState.UnderVerification).GroupBy(r => new { r.QueueRank, r.InQueue })
            .Select(g => new Row(g.Key.QueueRank, g.Key.InQueue, g.Count(), g.Count(r => r.DueAt <= now),
                g.Count(r => r.DueAt <= (g.Key.QueueRank < 2 ? immediate : g.Key.QueueRank < 4 ? urgent : other)))).ToListAsync(cancellationToken);
        var asked = await reports.CountAsync(r => r.State == ReportState.NeedsInformation, cancellationToken);
        var all = received.Concat(underVerification).ToList();
        var waiting = all.Where(r => r.Waiting).ToList();
        var oldest = new Dictionary<Tier, DateTimeOffset>();
        foreach (var rank in waiting.Select(r => r.Rank).Distinct())
        {
            var inQueue = true; // a parameter: SQLite walks no index for a bare boolean column
            var first = await reports.Where(r => r.InQueue == inQueue && r.QueueRank == rank).OrderBy(r => r.DueAt).Select(r => (DateTimeOffset?)r.ClockStartedAt).FirstOrDefaultAsync(cancellationToken);
            if (first is { } at && !(oldest.TryGetValue((Tier)(rank / 2), out var known) && known <= at))
            {
                oldest[(Tier)(rank / 2)] = at;
            }
        }

        return new QueueCounts(
            [.. Enum.GetValues<Tier>().Select(t => new QueueCounts.OfTier(
                t, waiting.Where(r => r.Rank / 2 == (int)t).Sum(r => r.Count), all.Where(r => r.Rank / 2 == (int)t).Sum(r => r.Overdue), oldest.TryGetValue(t, out var at) ? at : null))],
            underVerification.Where(r => r.Waiting).Sum(r => r.Count),
            waiting.Where(r => r.Rank % 2 == 0).Sum(r => r.Count),
            asked,
            underVerification.Where(r => !r.Waiting).Sum(r => r.Count),
            all.Sum(r => r.Warned - r.Overdue),
            all.Sum(r => r.Overdue),
            now);
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The queue could not be counted")]
    private static partial void LogFailed(ILogger logger, Exception failure);

    private sealed record Row(int Rank, bool Waiting, int Count, int Overdue, int Warned);

    private sealed record Counted(QueueCounts Counts, long Timestamp, TimeSpan Cost);
}

using System.Threading.Channels;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using ReportIntake.Web.Persistence;

namespace ReportIntake.Web.Features.Moderation.ReviewQueue;

/// <summary>
/// The one reader of changes for all who listen on this node: it polls, because other nodes write too, and only while
/// somebody listens or measures.
/// </summary>
public sealed partial class QueueWatch(
    IServiceScopeFactory scopes, QueueCounter counter, QueueMetrics metrics, IOptions<QueueStreamOptions> options, IOptions<EscalationOptions> escalation,
    TimeProvider clock, ILogger<QueueWatch> logger) : BackgroundService
{
    private const int MaxChanges = 200;

    /// <summary>What a slow listener may be behind; then it is let go, and comes again.</summary>
    private const int Backlog = 32;

    /// <summary>How far back each look goes: nodes' clocks differ, and a change is seen at its commit, not at its time.</summary>
    private static readonly TimeSpan Overlap = TimeSpan.FromSeconds(10);

    private readonly Lock gate = new();
    private readonly List<Channel<QueueNews>> listeners = [];
    private readonly Dictionary<Guid, DateTimeOffset> told = [];
    private QueueCounts? lastTold;
    private DateTimeOffset since;
    private DateTimeOffset firstHeardAt;

    /// <summary>News from now on, until <paramref name="cancellationToken"/> or, for a reader that is too slow, the end of the channel.</summary>
    public ChannelReader<QueueNews> Listen(CancellationToken cancellationToken)
    {
        var channel = Channel.CreateBounded<QueueNews>(new BoundedChannelOptions(Backlog) { SingleReader = true });
        lock (gate)
        {
            // What happens from here on is news, however long it takes until this is looked at.
            firstHeardAt = listeners.Count == 0 ? clock.GetUtcNow() : firstHeardAt;
            listeners.Add(channel);
        }

        cancellationToken.Register(() =>
        {
            lock (gate)
            {
                listeners.Remove(channel);
            }

            channel.Writer.TryComplete();
        });
        return channel.Reader;
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var listening = false;
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                if (!HasListeners)
                {
                    listening = false;
                    if (metrics.AreRead)
                    {
                        await counter.CountAsync(stoppingToken);
                    }
                }
                else
                {
                    if (!listening)
                    {
                        await BeginAsync(stoppingToken);
                        listening = true;
                    }

                    await TellAsync(stoppingToken);
                }
            }
#pragma warning disable CA1031 // the database may be away for a while; listeners hear nothing until it is back
            catch (Exception failure) when (failure is not OperationCanceledException)
#pragma warning restore CA1031
            {
                LogFailed(logger, failure);
            }

            await Task.Delay(options.Value.Poll, clock, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private bool HasListeners
    {
        get
        {
            lock (gate)
            {
                return listeners.Count > 0;
            }
        }
    }

    /// <summary>What changed before anybody listened is no news.</summary>
    private async Task BeginAsync(CancellationToken cancellationToken)
    {
        lock (gate)
        {
            (since, lastTold) = (firstHeardAt, null);
        }

        told.Clear();
        await ChangesAsync(since - Overlap, upTo: since, cancellationToken);
    }

    private async Task TellAsync(CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var (changes, more) = await ChangesAsync(since - Overlap, upTo: null, cancellationToken);
        since = now;
        var counts = await counter.CountAsync(cancellationToken);
        if (changes.Count == 0 && lastTold?.SaysTheSameAs(counts) is true)
        {
            return;
        }

        lastTold = counts;
        var news = new QueueNews(counts, changes, more);
        lock (gate)
        {
            foreach (var listener in listeners)
            {
                if (!listener.Writer.TryWrite(news))
                {
                    listener.Writer.TryComplete();
                }
            }
        }
    }

    /// <summary>Reports changed since then that were not told yet, and whether there are more.</summary>
    private async Task<(IReadOnlyList<QueueNews.Change> Changes, bool More)> ChangesAsync(DateTimeOffset from, DateTimeOffset? upTo, CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var reports = scope.ServiceProvider.GetRequiredService<ReportIntakeDbContext>().Reports;
        var found = new List<(QueueNews.Change Change, DateTimeOffset At)>();
        var more = false;
        var now = clock.GetUtcNow();

        // Two walks of the index (WithPolice, UpdatedAt, Id), newest first: what is too much is the oldest.
        foreach (var withPolice in new[] { false, true })
        {
            var changed = reports.Where(r => r.WithPolice == withPolice && r.UpdatedAt > from);
            changed = upTo is { } end ? changed.Where(r => r.UpdatedAt <= end) : changed;
            var rows = await changed.OrderByDescending(r => r.UpdatedAt).ThenByDescending(r => r.Id).Take(MaxChanges + 1)
                .Select(r => new { r.Id, r.State, r.ProvisionalTier, r.Tier, r.Category, r.Incident.AreaCode, r.InQueue, r.DueAt, r.UpdatedAt, r.ChildSafety }).ToListAsync(cancellationToken);
            more |= rows.Count > MaxChanges;
            foreach (var row in rows)
            {
                var tier = row.Tier is { } confirmed && confirmed < row.ProvisionalTier ? confirmed : row.ProvisionalTier;
                found.Add((new QueueNews.Change(row.Id, row.State, tier, row.Category, row.AreaCode, row.InQueue, escalation.Value.DueStateOf(row.State, tier, row.DueAt, now), row.ChildSafety), row.UpdatedAt));
            }
        }

        foreach (var (id, _) in told.Where(t => t.Value <= from).ToList())
        {
            told.Remove(id);
        }

        var fresh = found.Where(f => !(told.TryGetValue(f.Change.Id, out var at) && at == f.At)).ToList();
        foreach (var (change, at) in fresh)
        {
            told[change.Id] = at;
        }

        return (fresh.ConvertAll(f => f.Change), more && fresh.Count >= MaxChanges);
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The queue cannot be watched now")]
    private static partial void LogFailed(ILogger logger, Exception failure);
}

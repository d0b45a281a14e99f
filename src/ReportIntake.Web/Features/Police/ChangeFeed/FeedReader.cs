using Microsoft.EntityFrameworkCore;
using ReportIntake.Web.Persistence;
using ReportIntake.Web.Persistence.Outbox;
using ReportIntake.Web.Security;

namespace ReportIntake.Web.Features.Police.ChangeFeed;

/// <summary>Where the feed begins and ends.</summary>
/// <param name="Head">Position of the newest event, 0 before the first.</param>
/// <param name="Pruned">Events up to this position are kept no longer.</param>
public readonly record struct FeedBounds(long Head, long Pruned);

/// <summary>The published events that a client may see, for those who pull and those who are pushed to.</summary>
public sealed class FeedReader(ReportIntakeDbContext database)
{
    /// <summary>Positions that one query looks at, so that none runs long for a client with a small area.</summary>
    private const int ScanAtOnce = 10_000;

    public Task<FeedBounds> BoundsAsync(CancellationToken ct) =>
        database.PublicationState.Select(s => new FeedBounds(s.PoliceEvents, s.PoliceEventsPruned)).SingleAsync(ct);

    /// <summary>
    /// Up to <paramref name="limit"/> events after a position and up to <paramref name="head"/>, in order, and the position
    /// that was looked up to: it also passes the events that the client may not see, so that nobody looks at them twice.
    /// </summary>
    public async Task<(List<PoliceEvent> Events, long Position)> ReadAsync(PoliceClientAccess client, long position, long head, int limit, CancellationToken ct)
    {
        var events = new List<PoliceEvent>();
        while (position < head && events.Count < limit)
        {
            var (after, end) = (position, Math.Min(head, position + ScanAtOnce));
            var found = await database.PoliceEvents.AsNoTracking()
                .Where(e => e.Position > after && e.Position <= end)
                .Where(client.CoversEvent())
                .OrderBy(e => e.Position)
                .Take(limit - events.Count)
                .ToListAsync(ct);
            events.AddRange(found);
            position = events.Count == limit ? found[^1].Position!.Value : end;
        }

        return (events, position);
    }
}

using ReportIntake.Domain;
using ReportIntake.Domain.Reports;
using ReportIntake.Domain.Triage;

namespace ReportIntake.Web.Features.Moderation.ReviewQueue;

/// <summary>
/// A page of the queue as walks of an index, one for each state and run of ranks: each begins where its rows begin, reads
/// them in order and stops at the page's length. So the last page costs what the first one does, at any number of reports;
/// the database merges the few rows of each. One condition with "or" would have it read all before the place, or sort all.
/// </summary>
internal sealed class QueueWalks(IQueryable<Report> reports, QueueReader.Filter filter, DateTimeOffset now, Guid moderator)
{
    private const int LastRank = ((int)Tier.NonUrgent * 2) + 1; // see Report.QueueRank

    /// <summary>Without a state in the filter: what somebody here has to do something about, or will have.</summary>
    private static readonly ReportState[] Open = [ReportState.Received, ReportState.UnderVerification, ReportState.NeedsInformation];

    private readonly DeskQueue? queue = EnumNames.TryParse<DeskQueue>(filter.Queue, out var queue) ? queue : null;

    public IQueryable<Report> Page(int rows, QueuePlace? after)
    {
        var walks = from state in States()
                    from ranks in Ranks(after)
                    select InOrder(Walk(state, ranks.First, ranks.Last, ranks.First == after?.Rank ? after : null)).Take(rows);

        // No walk left: the filter asks for ranks that the place has passed.
        return InOrder(walks.Aggregate((IQueryable<Report>?)null, (all, more) => all is null ? more : all.Concat(more)) ?? reports.Where(r => false)).Take(rows);
    }

    public static IOrderedQueryable<Report> InOrder(IQueryable<Report> reports) =>
        reports.OrderBy(r => r.QueueRank).ThenBy(r => r.DueAt).ThenBy(r => r.Id);

    private IEnumerable<ReportState> States()
    {
        IEnumerable<ReportState> states = EnumNames.TryParse<ReportState>(filter.State, out var state) ? [state] : Open;
        return queue switch
        {
            DeskQueue.Mine or DeskQueue.SecondReview => states.Where(s => s is ReportState.UnderVerification),
            DeskQueue.WaitingForReporter => states.Where(s => s is ReportState.NeedsInformation),
            DeskQueue.Overdue => states.Where(s => s is ReportState.Received or ReportState.UnderVerification),
            _ => states,
        };
    }

    /// <summary>Runs of ranks that one walk can read in order: all, or single ones where something else than the rank comes before its due time.</summary>
    private IEnumerable<(int First, int Last)> Ranks(QueuePlace? after)
    {
        var (first, last) = EnumNames.TryParse<Tier>(filter.Tier, out var tier) ? ((int)tier * 2, ((int)tier * 2) + 1) : (0, LastRank);
        var all = Enumerable.Range(first, last - first + 1).Where(rank => rank >= (after?.Rank ?? 0));
        if (queue is DeskQueue.Overdue or DeskQueue.Returned)
        {
            return all.Where(rank => queue is DeskQueue.Overdue || rank % 2 == 0).Select(rank => (rank, rank));
        }

        return after is { } place && place.Rank >= first
            ? new[] { (place.Rank, place.Rank), (place.Rank + 1, last) }.Where(run => run.Item1 <= run.Item2 && run.Item1 <= last)
            : [(first, last)];
    }

    private IQueryable<Report> Walk(ReportState state, int firstRank, int lastRank, QueuePlace? after)
    {
        var walk = reports.Where(r => r.State == state);
        walk = firstRank == lastRank ? walk.Where(r => r.QueueRank == firstRank) : walk.Where(r => r.QueueRank >= firstRank && r.QueueRank <= lastRank);
        if (after is { } place)
        {
            walk = walk.Where(r => r.DueAt >= place.DueAt && (r.DueAt > place.DueAt || r.Id.CompareTo(place.Id) > 0));
        }

        if (filter.Category is { } category)
        {
            walk = walk.Where(r => r.Category == category);
        }

        if (filter.Area is { } area)
        {
            var province = area.Split('.')[0];
            walk = walk.Where(r => r.Province == province);
            walk = area == province ? walk : walk.Where(r => r.Incident.AreaCode == area);
        }

        return queue switch
        {
            DeskQueue.Mine => walk.Where(r => r.ClaimedBy == moderator && r.ClaimedUntil > now),
            DeskQueue.SecondReview => walk.Where(r => r.AwaitingSecondReview),
            DeskQueue.Overdue => walk.Where(r => r.DueAt <= now),
            _ => walk,
        };
    }
}

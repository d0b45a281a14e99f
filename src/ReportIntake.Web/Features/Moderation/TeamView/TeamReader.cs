using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using ReportIntake.Domain;
using ReportIntake.Domain.Calendar;
using ReportIntake.Domain.Custody;
using ReportIntake.Domain.Reports;
using ReportIntake.Domain.Results;
using ReportIntake.Domain.Triage;
using ReportIntake.Web.Features.Moderation.ReviewQueue;
using ReportIntake.Web.Persistence;

namespace ReportIntake.Web.Features.Moderation.TeamView;

/// <summary>
/// How the desk as a whole is doing: <c>GET /api/v1/moderation/team</c> and the team's page. Never by person: who is slow,
/// and at what, is a conversation and not a table.
/// </summary>
public sealed class TeamReader(ReportIntakeDbContext database, QueueCounter counter, IOptions<ShiftOptions> shifts, WorkingCalendar calendar, TimeProvider clock)
{
    private static readonly IReadOnlyList<string> Moves =
    [
        .. new[]
        {
            ReportAction.Submitted, ReportAction.Returned, ReportAction.Reopened, ReportAction.Verified, ReportAction.Rejected, ReportAction.MarkedDuplicate,
            ReportAction.Withdrawn, ReportAction.InformationRequested, ReportAction.ReportOverdue, ReportAction.DecisionUndone,
        }.Select(a => a.Name()),
    ];

    private static readonly string Undone = ReportAction.DecisionUndone.Name();

    /// <param name="From">RFC 3339; a week before <paramref name="To"/> where it is not said.</param>
    /// <param name="To">RFC 3339, excluded; now where it is not said or still to come.</param>
    public sealed record Filter(string? From = null, string? To = null);

    /// <param name="Queue">As <c>GET …/queue/counts</c> tells it.</param>
    /// <param name="Open">All that is with the desk now, whoever has it.</param>
    /// <param name="DeskTasks">Requests of the police that wait for an answer.</param>
    /// <param name="FirstLook">From filing until somebody took the report for the first time, of those taken in the period.</param>
    /// <param name="Decision">From filing, or coming back, until verified, rejected or joined with another, of those decided in the period.</param>
    /// <param name="Shifts">Those that any part of the period lies in, whole, the earliest first.</param>
    public sealed record Response(
        DateTimeOffset GeneratedAt, DateTimeOffset From, DateTimeOffset To, QueueCounts Queue, IReadOnlyList<OpenOfTier> Open, int DeskTasks,
        IReadOnlyList<Spans> FirstLook, IReadOnlyList<Spans> Decision, IReadOnlyList<ShiftSummary> Shifts);

    /// <param name="InTime">Waiting or held, and there is time left.</param>
    /// <param name="Overdue">Waiting or held, and the time is up.</param>
    /// <param name="WaitingForReporter">The reporter was asked something.</param>
    public sealed record OpenOfTier(Tier Tier, int InTime, int Overdue, int WaitingForReporter)
    {
        public int All => InTime + Overdue + WaitingForReporter;
    }

    public async Task<Result<Response>> ReadAsync(Filter filter, CancellationToken cancellationToken)
    {
        var period = TeamPeriod.Parse(filter.From, filter.To, clock.GetUtcNow());
        return period.IsSuccess ? await ReadAsync(period.Value, cancellationToken) : period.Error;
    }

    public async Task<Response> ReadAsync(TeamPeriod period, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var covering = Shift.Covering(shifts.Value.Times(), period.From, period.To);
        var (start, end) = (covering[0].Start, covering[^1].End < now ? covering[^1].End : now);
        var open = await OpenAsync(now, cancellationToken);
        var steps = await StepsAsync(start, end, cancellationToken);
        var firstLooks = await FirstLooksAsync(start, end, cancellationToken);
        var atEnd = await OpenAtAsync(end, now, open, cancellationToken);
        return new Response(
            now, period.From, period.To, await counter.CountAsync(cancellationToken), open,
            await database.Set<FollowUp>().CountAsync(f => f.Desk == DeskState.Awaiting, cancellationToken),
            ByTier(firstLooks.Where(s => s.At >= period.From && s.At < period.To)),
            ByTier(steps.Where(s => s.At >= period.From && s.At < period.To && s.IsDecision)),
            Summaries(covering, now, steps, firstLooks, atEnd));
    }

    /// <summary>A walk of the ledger's index by time: what it costs grows with the period, not with the ledger.</summary>
    internal static IQueryable<LedgerEntry> MovesIn(ReportIntakeDbContext database, DateTimeOffset from, DateTimeOffset to) =>
        database.Ledger.Where(e => e.At >= from && e.At < to && Moves.Contains(e.Action));

    /// <summary>The same walk; whether a claim is the first of its report, the report's own entries tell.</summary>
    internal static IQueryable<LedgerEntry> FirstClaimsIn(ReportIntakeDbContext database, DateTimeOffset from, DateTimeOffset to)
    {
        var claimed = ReportAction.Claimed.Name();
        return database.Ledger.Where(e => e.At >= from && e.At < to && e.Action == claimed)
            .Where(e => !database.Ledger.Any(earlier => earlier.ReportId == e.ReportId && earlier.At < e.At && earlier.Action == claimed));
    }

    private async Task<IReadOnlyList<OpenOfTier>> OpenAsync(DateTimeOffset now, CancellationToken cancellationToken)
    {
        var rows = await database.Reports
            .Where(r => r.State == ReportState.Received || r.State == ReportState.UnderVerification || r.State == ReportState.NeedsInformation)
            .GroupBy(r => new { r.State, r.QueueRank })
            .Select(g => new { g.Key.State, Tier = g.Key.QueueRank / 2, Count = g.Count(), Overdue = g.Count(r => r.DueAt <= now) })
            .ToListAsync(cancellationToken);
        return [.. Enum.GetValues<Tier>().Select(tier =>
        {
            var own = rows.Where(r => r.Tier == (int)tier).ToLookup(r => r.State is ReportState.NeedsInformation);
            return new OpenOfTier(tier, own[false].Sum(r => r.Count - r.Overdue), own[false].Sum(r => r.Overdue), own[true].Sum(r => r.Count));
        })];
    }

    private async Task<IReadOnlyList<Step>> StepsAsync(DateTimeOffset from, DateTimeOffset to, CancellationToken cancellationToken)
    {
        var rows = await MovesIn(database, from, to)
            .Join(database.Reports, e => e.ReportId, r => (Guid?)r.Id, (e, r) => new { r.Id, e.Action, Details = e.Action == Undone ? e.Details : null, e.At, r.QueueRank, r.SubmittedAt, r.ClockStartedAt, r.Province })
            .OrderBy(x => x.At).ToListAsync(cancellationToken);
        var steps = new List<(Guid Report, Step Step)>();
        foreach (var row in rows)
        {
            // Where the report came back since, what it was decided by then began when it was filed.
            var since = row.ClockStartedAt <= row.At ? row.ClockStartedAt : row.SubmittedAt;
            var step = new Step(UndoneStep.Of(row.Action, row.Details), row.At, (Tier)(row.QueueRank / 2), since, row.Province);
            var undone = row.Details is null ? -1 : steps.FindLastIndex(s => s.Report == row.Id && s.Step.Action == step.Action);
            if (undone >= 0)
            {
                steps.RemoveAt(undone); // as if neither had been
            }
            else if (row.Details is null)
            {
                steps.Add((row.Id, step));
            }
        }

        return steps.ConvertAll(s => s.Step);
    }

    private async Task<IReadOnlyList<Step>> FirstLooksAsync(DateTimeOffset from, DateTimeOffset to, CancellationToken cancellationToken)
    {
        var rows = await FirstClaimsIn(database, from, to)
            .Join(database.Reports, e => e.ReportId, r => (Guid?)r.Id, (e, r) => new { e.At, r.QueueRank, r.SubmittedAt, r.Province })
            .ToListAsync(cancellationToken);
        return [.. rows.Select(r => new Step(ReportAction.Claimed, r.At, (Tier)(r.QueueRank / 2), r.SubmittedAt, r.Province))];
    }

    /// <summary>What the desk had at that moment, by tier: what it has now, less what came and plus what went since.</summary>
    private async Task<int[]> OpenAtAsync(DateTimeOffset moment, DateTimeOffset now, IReadOnlyList<OpenOfTier> open, CancellationToken cancellationToken)
    {
        var since = moment >= now ? [] : await MovesIn(database, moment, now)
            .Join(database.Reports, e => e.ReportId, r => (Guid?)r.Id, (e, r) => new { e.Action, Details = e.Action == Undone ? e.Details : null, r.QueueRank })
            .GroupBy(x => x).Select(g => new { g.Key.Action, g.Key.Details, g.Key.QueueRank, Count = g.Count() }).ToListAsync(cancellationToken);
        var net = ShiftSummary.Net(since.Select(s => (UndoneStep.Of(s.Action, s.Details), (Tier)(s.QueueRank / 2), s.Details is null ? s.Count : -s.Count)));
        return [.. open.Select(o => o.All - net[(int)o.Tier])];
    }

    private IReadOnlyList<Spans> ByTier(IEnumerable<Step> steps)
    {
        var tiers = steps.ToLookup(s => s.Tier);
        return [.. Enum.GetValues<Tier>().Select(t => Spans.Of(t, tiers[t].Select(s => (s.At - s.Since, s.At > calendar.DueAt(t, s.Since, s.Province)))))];
    }

    /// <summary>From the last shift back: what one took over, the one before it handed over.</summary>
    private static List<ShiftSummary> Summaries(
        IReadOnlyList<Shift> covering, DateTimeOffset now, IReadOnlyList<Step> steps, IReadOnlyList<Step> firstLooks, int[] open)
    {
        var summaries = new List<ShiftSummary>();
        foreach (var shift in covering.Reverse())
        {
            var own = steps.Where(s => s.At >= shift.Start && s.At < shift.End).ToList();
            summaries.Add(ShiftSummary.Of(shift, now, own, firstLooks.Count(s => s.At >= shift.Start && s.At < shift.End), open));
            var net = ShiftSummary.Net(own.Select(s => (s.Action, s.Tier, 1)));
            open = [.. open.Select((count, tier) => count - net[tier])];
        }

        summaries.Reverse();
        return summaries;
    }

    /// <summary>Something that happened to a report, of the tier that it has now.</summary>
    /// <param name="Since">When the time began to run that ended here.</param>
    internal sealed record Step(ReportAction Action, DateTimeOffset At, Tier Tier, DateTimeOffset Since, string? Province)
    {
        public bool IsDecision => Action is ReportAction.Verified or ReportAction.Rejected or ReportAction.MarkedDuplicate;
    }
}

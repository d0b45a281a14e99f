using ReportIntake.Domain.Reports;
using ReportIntake.Domain.Triage;

namespace ReportIntake.Web.Features.Moderation.TeamView;

/// <summary>
/// What one shift took over, did and handed over. What it hands over is what it took over and what came in, less what went
/// out: a report that waits for its reporter is still the desk's.
/// </summary>
/// <param name="End">When the next one begins, even if that is still to come.</param>
/// <param name="Running">It is not over: what it hands over is what the desk has now.</param>
/// <param name="CameIn">Filed, given back by the police or opened again.</param>
/// <param name="CameBack">Of <paramref name="CameIn"/>, what was not new.</param>
/// <param name="FirstLooks">Reports that somebody took for the first time.</param>
/// <param name="Asked">Questions to reporters.</param>
/// <param name="RanOutOfTime">Reports whose time was up without a decision.</param>
/// <param name="HandedOverTiers">The same by the tier that the reports have now.</param>
public sealed record ShiftSummary(
    DateTimeOffset Start, DateTimeOffset End, bool Running, int TakenOver, int CameIn, int CameBack, int FirstLooks,
    int Verified, int Rejected, int Duplicates, int Withdrawn, int Asked, int RanOutOfTime, int HandedOver, IReadOnlyList<ShiftSummary.OfTier> HandedOverTiers)
{
    public sealed record OfTier(Tier Tier, int Count);

    public int WentOut => Verified + Rejected + Duplicates + Withdrawn;

    /// <summary>By tier, how many more the desk has for these steps.</summary>
    internal static int[] Net(IEnumerable<(ReportAction Action, Tier Tier, int Count)> steps)
    {
        var net = new int[Enum.GetValues<Tier>().Length];
        foreach (var (action, tier, count) in steps)
        {
            net[(int)tier] += count * Direction(action);
        }

        return net;
    }

    /// <summary>What the shift hands over is known; the rest follows from what happened in it.</summary>
    internal static ShiftSummary Of(Shift shift, DateTimeOffset now, IReadOnlyCollection<TeamReader.Step> steps, int firstLooks, int[] handedOver)
    {
        int Count(ReportAction action) => steps.Count(s => s.Action == action);
        var back = Count(ReportAction.Returned) + Count(ReportAction.Reopened);
        return new ShiftSummary(
            shift.Start, shift.End, shift.End > now,
            handedOver.Sum() - steps.Sum(s => Direction(s.Action)),
            Count(ReportAction.Submitted) + back, back, firstLooks,
            Count(ReportAction.Verified), Count(ReportAction.Rejected), Count(ReportAction.MarkedDuplicate), Count(ReportAction.Withdrawn),
            Count(ReportAction.InformationRequested), Count(ReportAction.ReportOverdue),
            handedOver.Sum(), [.. Enum.GetValues<Tier>().Select(t => new OfTier(t, handedOver[(int)t]))]);
    }

    private static int Direction(ReportAction action) => action switch
    {
        ReportAction.Submitted or ReportAction.Returned or ReportAction.Reopened => 1,
        ReportAction.Verified or ReportAction.Rejected or ReportAction.MarkedDuplicate or ReportAction.Withdrawn => -1,
        _ => 0,
    };
}

using Microsoft.EntityFrameworkCore;
using ReportIntake.Domain.Reports;
using ReportIntake.Web.Persistence;

namespace ReportIntake.Web.Features.Administration.Retention;

/// <summary>How long ended reports are kept, and what the next run would do.</summary>
public sealed record RetentionPlan(IReadOnlyList<RetentionPlan.Item> Periods)
{
    /// <param name="State">rejected, duplicate, withdrawn or closed.</param>
    /// <param name="Days">Since the report came into the state; null: kept until a period is set.</param>
    /// <param name="Due">Reports that the next run would purge.</param>
    /// <param name="Held">Reports past the period that a legal hold keeps.</param>
    public sealed record Item(ReportState State, int? Days, int Due, int Held);

    /// <summary>Counted for these periods, whether they are in force or only asked about.</summary>
    public static async Task<RetentionPlan> OfAsync(
        ReportIntakeDbContext database, IReadOnlyDictionary<ReportState, int?> periods, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var items = new List<Item>();
        foreach (var (state, days) in periods)
        {
            items.Add(days is not { } period ? new Item(state, null, 0, 0) : new Item(
                state,
                period,
                await database.PastRetention(state, period, now).CountAsync(cancellationToken),
                await database.HeldPastRetention(state, period, now).CountAsync(cancellationToken)));
        }

        return new RetentionPlan(items);
    }
}

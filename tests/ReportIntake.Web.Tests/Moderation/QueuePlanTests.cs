using Microsoft.EntityFrameworkCore;
using ReportIntake.Domain;
using ReportIntake.Domain.Triage;
using ReportIntake.Web.Features.Moderation.ReviewQueue;
using ReportIntake.Web.Persistence;

namespace ReportIntake.Web.Tests.Moderation;

/// <summary>Every list of the queue is a walk of an index that begins at its rows and is in their order: what it costs does not grow with the reports.</summary>
public sealed class QueuePlanTests
{
    [Fact]
    public async Task Page_EveryFilter_SortsNothingButTheRowsOfThePage()
    {
        await using var host = new ModerationHost();
        var wrong = await host.WithDatabaseAsync(async database =>
        {
            var plans = new List<string>();
            if (database.Database.IsSqlite())
            {
                await database.Database.OpenConnectionAsync();
                foreach (var filter in Filters())
                {
                    plans.AddRange(await WrongAsync(database, filter, null));
                    plans.AddRange(await WrongAsync(database, filter, new QueuePlace((int)Tier.Urgent * 2, TimeProvider.System.GetUtcNow(), Guid.NewGuid())));
                }
            }

            return plans;
        });

        Assert.True(wrong.Count == 0, string.Join("\n\n", wrong));
    }

    private static IEnumerable<QueueReader.Filter> Filters() =>
    [
        new(), new("urgent"), new(Category: "sextortion"), new(Area: "32"), new(Area: "32.74"), new("urgent", "sextortion", "32"),
        .. Enum.GetValues<DeskQueue>().Select(q => new QueueReader.Filter(Queue: q.Name())),
        .. Enum.GetValues<DeskQueue>().Select(q => new QueueReader.Filter("urgent", Queue: q.Name())),
    ];

    private static async Task<IReadOnlyList<string>> WrongAsync(ReportIntakeDbContext database, QueueReader.Filter filter, QueuePlace? after)
    {
        var page = new QueueWalks(database.Reports, filter, TimeProvider.System.GetUtcNow(), Guid.NewGuid()).Page(51, after).Select(QueueItem.OfReport);
        await using var command = page.CreateDbCommand();
        command.CommandText = "EXPLAIN QUERY PLAN " + command.CommandText;
        await using var rows = await command.ExecuteReaderAsync();
        var steps = new List<string>();
        while (await rows.ReadAsync())
        {
            steps.Add(rows.GetString(3));
        }

        // "SCAN r0" reads what a walk found; the merge sorts the few rows of all walks, once, at the end.
        var searches = steps.Where(s => s.StartsWith("SEARCH", StringComparison.Ordinal)).ToList();
        var walksOnly = searches.Count > 0 && searches.TrueForAll(s => s.Contains("QueueRank", StringComparison.Ordinal))
            && !steps.Exists(s => s is "SCAN r" || s.StartsWith("SCAN r ", StringComparison.Ordinal))
            && steps.Count(s => s.Contains("TEMP B-TREE", StringComparison.Ordinal)) <= 1;
        return walksOnly ? [] : [$"{filter} {(after is null ? "first" : "onwards")}\n{string.Join('\n', steps)}"];
    }
}

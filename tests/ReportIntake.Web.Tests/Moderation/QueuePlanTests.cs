using Microsoft.EntityFrameworkCore;
using ReportIntake.Domain;
using ReportIntake.Domain.Triage;
using ReportIntake.Web.Features.Moderation.ReviewQueue;

namespace ReportIntake.Web.Tests.Moderation;

/// <summary>Every list of the queue is a walk of an index that begins at its rows and is in their order: what it costs does not grow with the reports.</summary>
public sealed class QueuePlanTests
{
    public static TheoryData<string?, string?, string?, string?, bool> Filters
    {
        get
        {
            var filters = new TheoryData<string?, string?, string?, string?, bool>();
            foreach (var onwards in new[] { false, true })
            {
                filters.Add(null, null, null, null, onwards);
                filters.Add("urgent", null, null, null, onwards);
                filters.Add(null, "sextortion", null, null, onwards);
                filters.Add(null, null, "32", null, onwards);
                filters.Add(null, null, "32.74", null, onwards);
                foreach (var queue in Enum.GetValues<DeskQueue>())
                {
                    filters.Add(null, null, null, queue.Name(), onwards);
                }
            }

            return filters;
        }
    }

    [Theory]
    [MemberData(nameof(Filters))]
    public async Task Page_Filter_SortsNothingButTheRowsOfThePage(string? tier, string? category, string? area, string? queue, bool onwards)
    {
        await using var host = new ModerationHost();
        var filter = new QueueReader.Filter(tier, category, area, Queue: queue);
        QueuePlace? after = onwards ? new QueuePlace((int)Tier.Urgent * 2, TimeProvider.System.GetUtcNow(), Guid.NewGuid()) : null;

        var plan = await host.WithDatabaseAsync(async database =>
        {
            if (!database.Database.IsSqlite())
            {
                return null;
            }

            var page = new QueueWalks(database.Reports, filter, TimeProvider.System.GetUtcNow(), Guid.NewGuid()).Page(51, after).Select(QueueItem.OfReport);
            await database.Database.OpenConnectionAsync();
            await using var command = page.CreateDbCommand();
            command.CommandText = "EXPLAIN QUERY PLAN " + command.CommandText;
            await using var rows = await command.ExecuteReaderAsync();
            var steps = new List<string>();
            while (await rows.ReadAsync())
            {
                steps.Add(rows.GetString(3));
            }

            return steps;
        });

        if (plan is not null)
        {
            var text = string.Join('\n', plan);
            Assert.DoesNotContain(plan, s => s.StartsWith("SCAN r", StringComparison.Ordinal));
            var searches = plan.Where(s => s.StartsWith("SEARCH", StringComparison.Ordinal)).ToList();
            Assert.NotEmpty(searches);
            Assert.All(searches, s => Assert.Contains("QueueRank", s, StringComparison.Ordinal));

            // The merge of the walks sorts their few rows, at the end, once; no walk sorts.
            Assert.True(plan.Count(s => s.Contains("TEMP B-TREE", StringComparison.Ordinal)) <= 1, text);
        }
    }
}

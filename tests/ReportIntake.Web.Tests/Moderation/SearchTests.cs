using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using ReportIntake.Domain.Triage;
using ReportIntake.Testing;
using ReportIntake.Web.Jobs;
using ReportIntake.Web.Security;

namespace ReportIntake.Web.Tests.Moderation;

public sealed class SearchTests(ModerationHost host) : IClassFixture<ModerationHost>
{
    private readonly string tag = Guid.NewGuid().ToString("N")[..10];

    [Fact]
    public async Task Search_ByIndicatorInAnySpelling_FindsItsReports()
    {
        var (one, two) = (await host.AddAsync(handle: $"Manis_{tag}"), await host.AddAsync(handle: $"@manis_{tag} "));
        await host.AddAsync(handle: $"manis_{tag}x");
        using var moderator = await host.StaffClientAsync(StaffRoles.Moderator);

        Assert.Equal(new[] { one.Id, two.Id }.Order(), Ids(await FindAsync(moderator, $"indicator=MANIS_{tag}")).Order());
        Assert.Equal(2, Ids(await FindAsync(moderator, $"indicator=michat:manis_{tag}")).Count);
        Assert.Empty(Ids(await FindAsync(moderator, $"indicator=instagram:manis_{tag}")));
        Assert.Equal($"michat:manis_{tag}", (await FindAsync(moderator, $"indicator=manis_{tag}")).GetProperty("items")[0].GetProperty("matched")[0].Text("normalised"));
    }

    [Fact]
    public async Task Search_ByBeginning_PagesThroughAllNewestFirst()
    {
        var now = TimeProvider.System.GetUtcNow().AddHours(-1);
        var added = new List<Guid>();
        for (var i = 0; i < 5; i++)
        {
            added.Add((await host.AddAsync(handle: $"{tag}_{i}", at: now.AddMinutes(i))).Id);
        }

        using var moderator = await host.StaffClientAsync(StaffRoles.Moderator);
        var found = new List<Guid>();
        string? cursor = null;
        do
        {
            var page = await FindAsync(moderator, $"indicator={tag[..7]}*&limit=2{(cursor is null ? "" : "&cursor=" + cursor)}");
            found.AddRange(Ids(page));
            cursor = page.GetProperty("nextCursor").GetString();
        }
        while (cursor is not null);

        added.Reverse();
        Assert.Equal(added, found);
    }

    [Fact]
    public async Task Search_ByReference_FindsTheOne()
    {
        var report = await host.AddAsync();
        using var moderator = await host.StaffClientAsync(StaffRoles.Moderator);

        Assert.Equal([report.Id], Ids(await FindAsync(moderator, $"reference={report.Reference.ToLowerInvariant()}")));
        Assert.Empty(Ids(await FindAsync(moderator, "reference=RI-1999-000001")));
    }

    [Fact]
    public async Task Search_ByWords_FindsReportsThatHaveAll()
    {
        var (one, two) = (await TellAsync($"Lihat kata{tag} di dekat pelabuhan"), await TellAsync($"Ada KATA{tag}, di terminal"));
        using var moderator = await host.StaffClientAsync(StaffRoles.Moderator);

        Assert.Equal([two, one], Ids(await FindAsync(moderator, $"text=kata{tag}")));
        Assert.Equal([one], Ids(await FindAsync(moderator, $"text=pelabuhan yang kata{tag}")));
        var first = await FindAsync(moderator, $"text=kata{tag}&limit=1");
        Assert.Equal([one], Ids(await FindAsync(moderator, $"text=kata{tag}&limit=1&cursor={first.Text("nextCursor")}")));
    }

    [Theory]
    [InlineData("", "search_by_one")]
    [InlineData("indicator=abc&text=abc", "search_by_one")]
    [InlineData("indicator=", "required")]
    [InlineData("indicator=ab*", "prefix_too_short")]
    [InlineData("text=yang%20di", "search_no_words")]
    [InlineData("text=abc&cursor=!", "cursor_invalid")]
    [InlineData("text=abc&limit=0", "limit_invalid")]
    public async Task Search_WrongQuery_IsRefused(string query, string code)
    {
        using var moderator = await host.StaffClientAsync(StaffRoles.Moderator);
        using var answer = await moderator.GetAsync($"/api/v1/moderation/search?{query}");

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Contains($"\"{code}\"", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Search_Any_LeavesWhoAndHowInTheLedgerAndNotWhat()
    {
        var staff = await host.ModeratorAsync();
        using var moderator = await host.SignedInAsync(staff);
        await FindAsync(moderator, $"indicator={tag}*");

        var entry = await host.WithDatabaseAsync(d => d.Ledger.SingleAsync(e => e.ActorId == staff.Id && e.Action == "reports_searched"));
        Assert.Equal(("""{"by":"indicator","found":"0"}""", null), (entry.Details, entry.Purpose));
    }

    [Fact]
    public async Task Page_Posted_ShowsWhatWasFound()
    {
        var report = await host.AddAsync(handle: $"Manis_{tag}");
        using var browser = await host.StaffBrowserAsync(StaffRoles.Moderator);

        using var found = await browser.PostFormAsync("/staff/search", new() { ["Indicator"] = $"manis_{tag}" });
        using var none = await browser.PostFormAsync("/staff/search", new() { ["Indicator"] = "ab*" });

        Assert.Contains(report.Reference, await found.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Contains("govuk-error-summary", await none.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Lookups_Plans_WalkTheirIndexAndSortNothing()
    {
        var plans = await host.WithDatabaseAsync(async database =>
        {
            var plans = new List<string>();
            if (database.Database.IsSqlite())
            {
                await database.Database.OpenConnectionAsync();
                foreach (var column in new[] { "Prefix3", "Prefix10" })
                {
                    plans.Add(await PlanAsync(database, $"SELECT Id FROM Indicators WHERE {column} = 1 AND SeenAt <= 5 ORDER BY SeenAt DESC LIMIT 10"));
                }

                plans.Add(await PlanAsync(database, "SELECT TextId FROM TextTerms WHERE Term = 1 AND TextId < 5 ORDER BY TextId DESC LIMIT 10"));
                plans.Add(await PlanAsync(database, "SELECT ReportId FROM Indicators WHERE NormalisedLookup = x'00' ORDER BY SeenAt DESC LIMIT 10"));
            }

            return plans;
        });

        Assert.All(plans, plan => Assert.True(plan.StartsWith("SEARCH", StringComparison.Ordinal) && !plan.Contains("TEMP B-TREE", StringComparison.Ordinal), plan));
    }

    private static async Task<string> PlanAsync(ReportIntake.Web.Persistence.ReportIntakeDbContext database, string query)
    {
        await using var command = database.Database.GetDbConnection().CreateCommand();
        command.CommandText = "EXPLAIN QUERY PLAN " + query;
        await using var rows = await command.ExecuteReaderAsync();
        var steps = new List<string>();
        while (await rows.ReadAsync())
        {
            steps.Add(rows.GetString(3));
        }

        return string.Join('\n', steps);
    }

    /// <summary>A report with these words, indexed as the job does it.</summary>
    private async Task<Guid> TellAsync(string words)
    {
        var report = await host.AddAsync(then: null, handle: null, tier: Tier.Urgent, description: words);
        await using var scope = host.Services.CreateAsyncScope();
        await scope.ServiceProvider.GetRequiredService<LinkReport>().ExecuteAsync(report.Id, default);
        return report.Id;
    }

    private static async Task<JsonElement> FindAsync(HttpClient moderator, string query) =>
        await moderator.GetFromJsonAsync<JsonElement>($"/api/v1/moderation/search?{query.Replace(" ", "%20", StringComparison.Ordinal)}");

    private static List<Guid> Ids(JsonElement page) => [.. page.GetProperty("items").EnumerateArray().Select(i => i.GetProperty("id").GetGuid())];
}

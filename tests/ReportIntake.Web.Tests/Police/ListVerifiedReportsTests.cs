using System.Net;
using Microsoft.EntityFrameworkCore;
using ReportIntake.Domain.Reports;
using ReportIntake.Domain.Triage;
using ReportIntake.Web.Features.Police;
using ReportIntake.Web.Features.Police.VerifiedReports;
using ReportIntake.Web.Persistence;
using ReportIntake.Web.Security;

namespace ReportIntake.Web.Tests.Police;

public sealed class ListVerifiedReportsTests(PoliceHost host) : IClassFixture<PoliceHost>
{
    [Fact]
    public async Task List_VerifiedReport_HasItsFacts()
    {
        using var police = await host.PoliceAsync("11.01");
        var report = await host.VerifiedAsync("11.01");
        await host.SubmittedAsync("11.01");

        var list = await police.Http.JsonAsync("/api/v1/reports");

        var item = Assert.Single(list.GetProperty("items").EnumerateArray());
        Assert.Equal(report.Id, item.GetProperty("id").GetGuid());
        Assert.Equal(report.Reference, item.Text("reference"));
        Assert.Equal(report.Version, item.GetProperty("version").GetInt32());
        Assert.Equal("verified", item.Text("state"));
        Assert.Equal("urgent", item.Text("tier"));
        Assert.Equal("child_sexual_exploitation", item.Text("category"));
        Assert.Equal("11.01", item.Text("areaCode"));
        Assert.Equal(report.UpdatedAt, item.GetProperty("verifiedAt").GetDateTimeOffset());
        Assert.Equal(System.Text.Json.JsonValueKind.Null, list.GetProperty("nextCursor").ValueKind);
    }

    [Fact]
    public async Task List_ClientOfSomeAreas_SeesThemAlone()
    {
        using var regency = await host.PoliceAsync("12.01");
        using var province = await host.PoliceAsync("12");
        using var national = await host.PoliceAsync("national");
        var inside = await host.VerifiedAsync("12.01");
        var beside = await host.VerifiedAsync("12.02");
        var provincial = await host.VerifiedAsync("12");
        var nowhere = await host.VerifiedAsync(null);

        Assert.Equal([inside.Reference], await ReferencesAsync(regency));
        Assert.Equal([inside.Reference, beside.Reference, provincial.Reference], await ReferencesAsync(province));
        Assert.Equal([beside.Reference], await ReferencesAsync(province, "?area=12.02"));
        Assert.Empty(await ReferencesAsync(regency, "?area=12.02"));
        Assert.Contains(nowhere.Reference, await ReferencesAsync(national, "?limit=200"));
    }

    [Fact]
    public async Task List_PageByPage_GivesEveryReportOnceInOrder()
    {
        using var police = await host.PoliceAsync("13");
        var reports = new List<string>();
        for (var i = 0; i < 7; i++)
        {
            reports.Add((await host.VerifiedAsync("13.01")).Reference);
        }

        var found = new List<string>();
        string? cursor = null;
        do
        {
            var page = await police.Http.JsonAsync($"/api/v1/reports?area=13&limit=3{(cursor is null ? "" : "&cursor=" + cursor)}");
            found.AddRange(page.GetProperty("items").Texts("reference"));
            cursor = page.GetProperty("nextCursor").GetString();
        }
        while (cursor is not null);

        Assert.Equal(reports, found);
    }

    [Fact]
    public async Task List_ByFilter_GivesWhatFits()
    {
        using var police = await host.PoliceAsync("14");
        var immediate = await host.VerifiedAsync("14.01", Tier.Immediate);
        var taken = await host.VerifiedAsync("14.01", Tier.Urgent, ReportState.InFollowUp);

        Assert.Equal([immediate.Reference], await ReferencesAsync(police, "?tier=immediate"));
        Assert.Equal([taken.Reference], await ReferencesAsync(police, "?state=in_follow_up"));
        Assert.Equal([immediate.Reference, taken.Reference], await ReferencesAsync(police, "?category=child_sexual_exploitation"));
        Assert.Empty(await ReferencesAsync(police, "?category=trafficking"));
        Assert.Equal([taken.Reference], await ReferencesAsync(police, $"?updatedSince={Uri.EscapeDataString(taken.UpdatedAt.ToString("O"))}"));
    }

    [Theory]
    [InlineData("limit=0", "limit", "limit_invalid")]
    [InlineData("limit=201", "limit", "limit_invalid")]
    [InlineData("tier=high", "tier", "unknown_code")]
    [InlineData("state=received", "state", "unknown_code")]
    [InlineData("category=nothing", "category", "unknown_code")]
    [InlineData("area=99.99", "area", "unknown_code")]
    [InlineData("updatedSince=yesterday", "updatedSince", "malformed_value")]
    public async Task List_WrongParameter_IsRefusedByField(string query, string field, string code)
    {
        using var police = await host.PoliceAsync("national");

        using var answer = await police.Http.GetAsync("/api/v1/reports?" + query);

        Assert.Equal(code, await answer.FieldCodeAsync(field));
    }

    [Fact]
    public async Task List_CursorOfAnotherClientOrFilterOrTampered_IsRefused()
    {
        using var police = await host.PoliceAsync("15");
        using var other = await host.PoliceAsync("15");
        await host.VerifiedAsync("15.01");
        await host.VerifiedAsync("15.01");
        var cursor = (await police.Http.JsonAsync("/api/v1/reports?limit=1")).Text("nextCursor");
        var tampered = (cursor[^1] == 'A' ? "B" : "A") + cursor[1..^1] + (cursor[^1] == 'A' ? 'B' : 'A');

        using var replayed = await police.Http.GetAsync($"/api/v1/reports?cursor={cursor}");
        using var foreign = await other.Http.GetAsync($"/api/v1/reports?cursor={cursor}");
        using var refiltered = await police.Http.GetAsync($"/api/v1/reports?tier=urgent&cursor={cursor}");
        using var broken = await police.Http.GetAsync($"/api/v1/reports?cursor={tampered}");
        using var nonsense = await police.Http.GetAsync("/api/v1/reports?cursor=%20%3F");

        await replayed.JsonAsync(HttpStatusCode.OK);
        Assert.Equal("cursor_invalid", await foreign.CodeAsync(HttpStatusCode.BadRequest));
        Assert.Equal("cursor_invalid", await refiltered.CodeAsync(HttpStatusCode.BadRequest));
        Assert.Equal("cursor_invalid", await broken.CodeAsync(HttpStatusCode.BadRequest));
        Assert.Equal("cursor_invalid", await nonsense.CodeAsync(HttpStatusCode.BadRequest));
    }

    [Fact]
    public async Task List_WithoutKeyOrScope_IsRefused()
    {
        using var nobody = host.Client();
        using var writer = await host.PoliceAsync([PoliceScopes.WriteFollowUp, PoliceScopes.ReadEvidence], "national");

        using var unknown = await nobody.GetAsync("/api/v1/reports");
        using var unscoped = await writer.Http.GetAsync("/api/v1/reports");

        Assert.Equal("not_authenticated", await unknown.CodeAsync(HttpStatusCode.Unauthorized));
        Assert.Equal("not_allowed", await unscoped.CodeAsync(HttpStatusCode.Forbidden));
    }

    /// <summary>The list is read by polling clients all day: its plan must walk an index in order, and sort or scan nothing.</summary>
    [Theory]
    [InlineData(null, true)]
    [InlineData(null, false)]
    [InlineData(ReportState.Verified, true)]
    [InlineData(ReportState.Verified, false)]
    public async Task List_PlanOnSqlite_WalksOneIndexInOrder(ReportState? state, bool onwards)
    {
        var plan = await host.WithDatabaseAsync(database => PlanAsync(database, state, onwards));

        if (plan is not null)
        {
            Assert.Contains($"IX_Reports_WithPolice_UpdatedAt_Id (WithPolice=?{(onwards ? " AND UpdatedAt>?" : "")})", plan, StringComparison.Ordinal);
            Assert.DoesNotContain("SCAN", plan, StringComparison.Ordinal);
            Assert.DoesNotContain("TEMP B-TREE", plan, StringComparison.Ordinal);
        }
    }

    private static async Task<string?> PlanAsync(ReportIntakeDbContext database, ReportState? state, bool onwards)
    {
        if (!database.Database.IsSqlite())
        {
            return null;
        }

        var client = new PoliceClientAccess(Guid.NewGuid(), [], ["32", "12.01"]);
        var (after, afterId) = (DateTimeOffset.UnixEpoch, Guid.NewGuid());
        var reports = new ReportFilter(Tier.Urgent, state, "trafficking", "32", null).Apply(database.Reports.AsNoTracking().VisibleTo(client));
        if (onwards)
        {
            reports = reports.Where(r => r.UpdatedAt >= after && (r.UpdatedAt > after || r.Id > afterId));
        }

        await database.Database.OpenConnectionAsync();
        await using var command = ListVerifiedReports.InOrder(database, reports).Take(51).CreateDbCommand();
        command.CommandText = "EXPLAIN QUERY PLAN " + command.CommandText;
        await using var rows = await command.ExecuteReaderAsync();
        var steps = new List<string>();
        while (await rows.ReadAsync())
        {
            steps.Add(rows.GetString(3));
        }

        return string.Join('\n', steps);
    }

    private static async Task<IReadOnlyList<string>> ReferencesAsync(PoliceHost.Police police, string query = "") =>
        (await police.Http.JsonAsync("/api/v1/reports" + query)).GetProperty("items").Texts("reference");
}

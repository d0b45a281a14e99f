using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using ReportIntake.Domain.Custody;
using ReportIntake.Testing;
using ReportIntake.Web.Features.Moderation.TeamView;
using ReportIntake.Web.Persistence;
using ReportIntake.Web.Security;

namespace ReportIntake.Web.Tests.Moderation.TeamView;

public sealed class TeamReaderTests
{
    private const string Team = "/api/v1/moderation/team";

    [Fact]
    public async Task Read_TwoShifts_EachHandsOverWhatTheNextTakesOver()
    {
        await using var host = await TeamHost.AfterTwoShiftsAsync();
        using var supervisor = await host.StaffClientAsync(StaffRoles.Supervisor);

        var team = await supervisor.GetFromJsonAsync<JsonElement>($"{Team}?from=2026-03-02T00:00:00Z&to=2026-03-02T16:00:00Z");

        var shifts = team.GetProperty("shifts").EnumerateArray().ToList();
        string[] members = ["takenOver", "cameIn", "cameBack", "firstLooks", "verified", "rejected", "withdrawn", "asked", "handedOver"];
        Assert.Equal([1, 3, 0, 2, 2, 0, 0, 0, 2], members.Select(m => shifts[0].GetProperty(m).GetInt32()));
        Assert.Equal([2, 4, 1, 4, 1, 2, 0, 1, 3], members.Select(m => shifts[1].GetProperty(m).GetInt32()));
        Assert.Equal(["immediate 2", "urgent 0", "non_urgent 1"], shifts[1].GetProperty("handedOverTiers").EnumerateArray().Select(t => $"{t.Text("tier")} {t.GetProperty("count")}"));
        Assert.Equal(2, shifts.Count);
    }

    [Fact]
    public async Task Read_TwoShifts_TellsTimesFromFilingAndWhatWasLate()
    {
        await using var host = await TeamHost.AfterTwoShiftsAsync();
        using var supervisor = await host.StaffClientAsync(StaffRoles.Supervisor);

        var team = await supervisor.GetFromJsonAsync<JsonElement>($"{Team}?from=2026-03-02T00:00:00Z&to=2026-03-02T16:00:00Z");

        Assert.Equal(["immediate 3 1 300 2400", "urgent 2 0 5400 46800", "non_urgent 1 0 60 60"], Spans(team, "firstLook"));
        Assert.Equal(["immediate 2 1 600 3600", "urgent 2 0 10800 48000", "non_urgent 1 0 300 300"], Spans(team, "decision"));
    }

    [Fact]
    public async Task Read_Now_CountsWhatIsWithTheDesk()
    {
        await using var host = await TeamHost.AfterTwoShiftsAsync();
        using var supervisor = await host.StaffClientAsync(StaffRoles.Supervisor);

        var team = await supervisor.GetFromJsonAsync<JsonElement>(Team);

        Assert.Equal(
            ["immediate 0 1 1", "urgent 0 0 0", "non_urgent 0 0 0"],
            team.GetProperty("open").EnumerateArray().Select(o => $"{o.Text("tier")} {o.GetProperty("inTime")} {o.GetProperty("overdue")} {o.GetProperty("waitingForReporter")}"));
        var running = team.GetProperty("shifts").EnumerateArray().Last();
        Assert.True(running.GetProperty("running").GetBoolean());
        Assert.Equal((2, 2), (running.GetProperty("takenOver").GetInt32(), running.GetProperty("handedOver").GetInt32()));
        Assert.Equal(1, team.GetProperty("queue").GetProperty("waitingForReporter").GetInt32());
        Assert.DoesNotContain("claimedBy", team.GetRawText(), StringComparison.OrdinalIgnoreCase);
    }

    [Theory]
    [InlineData("from=yesterday", "from", "malformed_value")]
    [InlineData("to=%F0%9F%98%80", "to", "malformed_value")]
    [InlineData("from=2026-03-02T00:00:00Z&to=2026-03-01T00:00:00Z", "from", "period_invalid")]
    [InlineData("from=2026-01-01T00:00:00Z&to=2026-03-01T00:00:00Z", "from", "period_invalid")]
    [InlineData("from=9999-12-31T23:59:59Z", "from", "period_invalid")]
    [InlineData("to=0001-01-02T00:00:00Z", "from", "period_invalid")]
    public async Task Read_WrongPeriod_IsRefusedByField(string query, string field, string code)
    {
        await using var host = new ModerationHost();
        using var supervisor = await host.StaffClientAsync(StaffRoles.Supervisor);

        using var answer = await supervisor.GetAsync($"{Team}?{query}");

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Equal(code, (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("codes").GetProperty(field)[0].GetString());
    }

    [Fact]
    public async Task Queries_OfTheLedger_WalkThePeriodAlone()
    {
        await using var host = new ModerationHost();
        var (from, to) = (TeamHost.At("2026-03-02T00:00Z"), TeamHost.At("2026-03-03T00:00Z"));

        var plans = await host.WithDatabaseAsync(async database => !database.Database.IsSqlite() ? null : new[]
        {
            await PlanAsync(database, TeamReader.MovesIn(database, from, to)),
            await PlanAsync(database, TeamReader.FirstClaimsIn(database, from, to)),
        });

        if (plans is not null)
        {
            Assert.Matches(@"SEARCH \w+ USING INDEX IX_Ledger_At_Action_ReportId \(At>\? AND At<\?\)", plans[0]);
            Assert.Matches(@"SEARCH \w+ USING INDEX IX_Ledger_At_Action_ReportId \(At>\? AND At<\?\)", plans[1]);
            Assert.Matches(@"SEARCH \w+ USING (?:COVERING )?INDEX IX_Ledger_ReportId_At_Id \(ReportId=\? AND At<\?\)", plans[1]);
        }
    }

    private static async Task<string> PlanAsync(ReportIntakeDbContext database, IQueryable<LedgerEntry> query)
    {
        await database.Database.OpenConnectionAsync();
        await using var command = query.CreateDbCommand();
        command.CommandText = "EXPLAIN QUERY PLAN " + command.CommandText;
        await using var rows = await command.ExecuteReaderAsync();
        var steps = new List<string>();
        while (await rows.ReadAsync())
        {
            steps.Add(rows.GetString(3));
        }

        return string.Join('\n', steps);
    }

    private static IEnumerable<string> Spans(JsonElement team, string member) => team.GetProperty(member).EnumerateArray()
        .Select(s => $"{s.Text("tier")} {s.GetProperty("count")} {s.GetProperty("late")} {s.GetProperty("medianSeconds")} {s.GetProperty("ninetiethSeconds")}");
}

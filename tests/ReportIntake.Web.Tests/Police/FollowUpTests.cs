using System.Net;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using ReportIntake.Domain;
using ReportIntake.Domain.Calendar;
using ReportIntake.Domain.Reports;
using ReportIntake.Domain.Triage;
using ReportIntake.Web.Security;

namespace ReportIntake.Web.Tests.Police;

public sealed class FollowUpTests(PoliceHost host) : IClassFixture<PoliceHost>
{
    private static readonly object RiskAssessment = new { hazards = "Online contact goes on.", impact = "High.", furtherAction = "Trace the account." };

    [Fact]
    public async Task FollowUp_FromAcknowledgementToOutcome_ResolvesTheReport()
    {
        using var police = await host.PoliceAsync("18.01");
        var report = await host.VerifiedAsync("18.01");
        var address = $"/api/v1/reports/{report.Id}";

        await SendAsync(police, address + "/acknowledgement", null, "in_follow_up");
        await SendAsync(police, address + "/risk-assessments", RiskAssessment, "in_follow_up");
        await SendAsync(police, address + "/notes", new { text = "Handed to the cyber unit." }, "in_follow_up");
        var last = await SendAsync(police, address + "/outcome", new { code = "victim_safeguarded", note = "Safe." }, "resolved");

        var read = await police.Http.JsonAsync(address);
        Assert.Equal(["acknowledgement", "risk_assessment", "note", "outcome"], read.GetProperty("followUps").Texts("kind"));
        Assert.Equal("Trace the account.", read.GetProperty("followUps")[1].Text("furtherAction"));
        Assert.Equal("victim_safeguarded", read.Text("outcome"));
        Assert.Equal(last.GetProperty("version").GetInt32(), read.GetProperty("version").GetInt32());
        Assert.Equal(
            ["acknowledged", "risk_assessment_recorded", "follow_up_note_added", "outcome_recorded"], read.GetProperty("history").Texts("action").TakeLast(4));
        var stored = await StoredAsync(report.Id);
        Assert.Equal(WorkingCalendar.Embedded().AddWorkingDays(stored.UpdatedAt, Report.ClosingWorkingDays), stored.DeadlineAt);
    }

    [Fact]
    public async Task Return_WithReason_TakesTheReportOutOfSight()
    {
        using var police = await host.PoliceAsync("18.02");
        var report = await host.VerifiedAsync("18.02");

        await SendAsync(police, $"/api/v1/reports/{report.Id}/return", new { reason = "Not in our district." }, "received");

        using var read = await police.Http.GetAsync($"/api/v1/reports/{report.Id}");
        Assert.Equal("report_not_found", await read.CodeAsync(HttpStatusCode.NotFound));
        Assert.True((await StoredAsync(report.Id)).Returned);
    }

    [Fact]
    public async Task Retriage_LeavingImmediate_NeedsASecondClient()
    {
        using var first = await host.PoliceAsync("18.03");
        using var second = await host.PoliceAsync("18.03");
        var report = await host.VerifiedAsync("18.03", Tier.Immediate);
        var (address, body) = ($"/api/v1/reports/{report.Id}/retriage", new { tier = "urgent", reason = "The danger has passed." });

        var proposed = await SendAsync(first, address, body, "verified");
        var tierBetween = (await StoredAsync(report.Id)).Tier;
        using var again = await first.Http.PostAsync(address, body);
        var settled = await SendAsync(second, address, body, "verified");

        Assert.True(proposed.GetProperty("awaitingSecondReview").GetBoolean());
        Assert.Equal(Tier.Immediate, tierBetween);
        Assert.Equal("second_vote_by_same_person", await again.CodeAsync(HttpStatusCode.Forbidden));
        Assert.False(settled.GetProperty("awaitingSecondReview").GetBoolean());
        Assert.Equal(Tier.Urgent, (await StoredAsync(report.Id)).Tier);
    }

    public static TheoryData<ReportState, string> Refusals => new()
    {
        { ReportState.InFollowUp, "acknowledgement" },
        { ReportState.Resolved, "acknowledgement" },
        { ReportState.Closed, "acknowledgement" },
        { ReportState.Resolved, "return" },
        { ReportState.Closed, "return" },
        { ReportState.Verified, "risk-assessments" },
        { ReportState.Resolved, "risk-assessments" },
        { ReportState.Closed, "risk-assessments" },
        { ReportState.Verified, "notes" },
        { ReportState.Resolved, "notes" },
        { ReportState.Closed, "notes" },
        { ReportState.Verified, "outcome" },
        { ReportState.Resolved, "outcome" },
        { ReportState.Closed, "outcome" },
        { ReportState.Resolved, "retriage" },
        { ReportState.Closed, "retriage" },
    };

    [Theory]
    [MemberData(nameof(Refusals))]
    public async Task FollowUp_StateThatDoesNotAllowIt_IsNamed(ReportState state, string action)
    {
        using var police = await host.PoliceAsync("18.04");
        var report = await host.VerifiedAsync("18.04", state: state);

        using var answer = await police.Http.PostAsync($"/api/v1/reports/{report.Id}/{action}", BodyOf(action));

        var problem = await answer.JsonAsync(HttpStatusCode.Conflict);
        Assert.Equal("transition_refused", problem.Text("code"));
        Assert.Equal(state.Name(), problem.Text("state"));
        Assert.Equal(report.Version, (await StoredAsync(report.Id)).Version);
    }

    [Theory]
    [InlineData("return", "{}", "reason", "required")]
    [InlineData("return", """{"reason":"  "}""", "reason", "required")]
    [InlineData("risk-assessments", """{"hazards":"a","impact":"b"}""", "furtherAction", "required")]
    [InlineData("notes", "{}", "text", "required")]
    [InlineData("outcome", "{}", "code", "required")]
    [InlineData("outcome", """{"code":"solved"}""", "code", "unknown_code")]
    [InlineData("retriage", """{"tier":"high","reason":"a"}""", "tier", "unknown_code")]
    [InlineData("retriage", """{"tier":"urgent"}""", "reason", "required")]
    [InlineData("notes", """{"text":"a","txet":"b"}""", "txet", "unknown_member")]
    public async Task FollowUp_WrongBody_IsRefusedByField(string action, string body, string field, string code)
    {
        using var police = await host.PoliceAsync("18.05");
        var report = await host.VerifiedAsync("18.05");

        using var answer = await police.Http.PostAsync($"/api/v1/reports/{report.Id}/{action}", JsonDocument.Parse(body).RootElement);

        Assert.Equal(code, await answer.FieldCodeAsync(field));
    }

    [Theory]
    [InlineData("return", "reason", FollowUp.TextMaxLength)]
    [InlineData("risk-assessments", "impact", FollowUp.TextMaxLength)]
    [InlineData("notes", "text", FollowUp.TextMaxLength)]
    [InlineData("outcome", "note", FollowUp.TextMaxLength)]
    [InlineData("retriage", "reason", Report.ReasonMaxLength)]
    public async Task FollowUp_TextLongerThanItsLimit_IsRefused(string action, string field, int limit)
    {
        using var police = await host.PoliceAsync("18.06");
        var report = await host.VerifiedAsync("18.06");
        var body = JsonSerializer.SerializeToNode(BodyOf(action))!.AsObject();
        body[field] = new string('a', limit + 1);

        using var answer = await police.Http.PostAsync($"/api/v1/reports/{report.Id}/{action}", body);

        Assert.Equal("too_long", await answer.FieldCodeAsync(field));
    }

    [Fact]
    public async Task FollowUp_IfMatch_AllowsOnlyTheVersionItNames()
    {
        using var police = await host.PoliceAsync("18.07");
        var report = await host.VerifiedAsync("18.07");
        var address = $"/api/v1/reports/{report.Id}/acknowledgement";

        foreach (var refused in new[] { $"\"{report.Version - 1}\"", $"W/\"{report.Version}\"", $"{report.Version}", "\"\"" })
        {
            using var stale = await police.Http.PostAsync(address, null, ifMatch: refused);
            Assert.Equal("version_stale", await stale.CodeAsync(HttpStatusCode.PreconditionFailed));
        }

        using var fresh = await police.Http.PostAsync(address, null, ifMatch: $"\"0\", \"{report.Version}\"");
        var answer = await fresh.JsonAsync(HttpStatusCode.OK);
        Assert.Equal($"\"{answer.GetProperty("version").GetInt32()}\"", fresh.Headers.ETag?.Tag);
    }

    [Fact]
    public async Task FollowUp_RepeatedWithItsKey_IsAnsweredTheSameAndDoneOnce()
    {
        using var police = await host.PoliceAsync("18.08");
        using var other = await host.PoliceAsync("18.08");
        var report = await host.VerifiedAsync("18.08", state: ReportState.InFollowUp);
        var address = $"/api/v1/reports/{report.Id}/notes";

        using var first = await police.Http.PostAsync(address, new { text = "once" }, idempotencyKey: "k1");
        using var repeated = await police.Http.PostAsync(address, new { text = "once" }, idempotencyKey: "k1");
        using var reused = await police.Http.PostAsync(address, new { text = "another" }, idempotencyKey: "k1");
        using var others = await other.Http.PostAsync(address, new { text = "theirs" }, idempotencyKey: "k1");

        Assert.Equal((await first.JsonAsync(HttpStatusCode.OK)).GetRawText(), (await repeated.JsonAsync(HttpStatusCode.OK)).GetRawText());
        Assert.Equal("idempotency_key_reused", await reused.CodeAsync(HttpStatusCode.UnprocessableEntity));
        await others.JsonAsync(HttpStatusCode.OK);
        var read = await police.Http.JsonAsync($"/api/v1/reports/{report.Id}");
        Assert.Equal(["once", "theirs"], read.GetProperty("followUps").EnumerateArray().Where(f => f.Text("kind") == "note").Select(f => f.Text("text")));
    }

    [Fact]
    public async Task Return_RepeatedWithItsKey_IsAnsweredThoughTheReportIsOutOfSight()
    {
        using var police = await host.PoliceAsync("18.09");
        var report = await host.VerifiedAsync("18.09");
        var address = $"/api/v1/reports/{report.Id}/return";

        using var first = await police.Http.PostAsync(address, new { reason = "Not ours." }, idempotencyKey: "r1");
        using var repeated = await police.Http.PostAsync(address, new { reason = "Not ours." }, idempotencyKey: "r1");

        await first.JsonAsync(HttpStatusCode.OK);
        await repeated.JsonAsync(HttpStatusCode.OK);
    }

    [Theory]
    [InlineData("acknowledgement")]
    [InlineData("return")]
    [InlineData("risk-assessments")]
    [InlineData("notes")]
    [InlineData("outcome")]
    [InlineData("retriage")]
    public async Task FollowUp_WithoutScopeOrArea_IsRefused(string action)
    {
        using var reader = await host.PoliceAsync([PoliceScopes.ReadReports, PoliceScopes.ReadEvidence], "18.10");
        using var outside = await host.PoliceAsync("18.11");
        var report = await host.VerifiedAsync("18.10");
        var address = $"/api/v1/reports/{report.Id}/{action}";

        using var unscoped = await reader.Http.PostAsync(address, BodyOf(action));
        using var elsewhere = await outside.Http.PostAsync(address, BodyOf(action));

        Assert.Equal("not_allowed", await unscoped.CodeAsync(HttpStatusCode.Forbidden));
        Assert.Equal("report_not_found", await elsewhere.CodeAsync(HttpStatusCode.NotFound));
    }

    private static object? BodyOf(string action) => action switch
    {
        "return" => new { reason = "Not ours." },
        "risk-assessments" => RiskAssessment,
        "notes" => new { text = "Seen." },
        "outcome" => new { code = "arrest" },
        "retriage" => new { tier = "non_urgent", reason = "No danger." },
        _ => null,
    };

    private static async Task<JsonElement> SendAsync(PoliceHost.Police police, string address, object? body, string state)
    {
        using var sent = await police.Http.PostAsync(address, body);
        var answer = await sent.JsonAsync(HttpStatusCode.OK);
        Assert.Equal(state, answer.Text("state"));
        return answer;
    }

    private Task<Report> StoredAsync(Guid id) => host.WithDatabaseAsync(database => database.Reports.AsNoTracking().SingleAsync(r => r.Id == id));
}

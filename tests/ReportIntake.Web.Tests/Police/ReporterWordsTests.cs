using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using ReportIntake.Domain;
using ReportIntake.Domain.Reports;
using ReportIntake.Domain.Triage;
using ReportIntake.Testing;
using ReportIntake.Web.Security;

namespace ReportIntake.Web.Tests.Police;

/// <summary>Words of the police for the reporter, from the police's call to the receipt and back.</summary>
public sealed class ReporterWordsTests(PoliceHost host) : IClassFixture<PoliceHost>
{
    [Fact]
    public async Task Question_PassedOnInSaferWords_IsAnsweredByTheReporterAndTellsThePolice()
    {
        var (report, receipt) = await FiledAsync();
        using var reporter = receipt;
        using var police = await host.PoliceAsync("national");
        using var moderator = await host.StaffClientAsync(StaffRoles.Moderator);
        using var asked = await police.Http.PostAsync($"/api/v1/reports/{report}/questions", new { text = "Did Andi say where?" });
        await asked.JsonAsync(HttpStatusCode.OK);

        var before = await reporter.JsonAsync("/api/v1/receipt");
        var task = (await moderator.JsonAsync("/api/v1/moderation/desk")).GetProperty("items").EnumerateArray().Single(t => t.GetProperty("reportId").GetGuid() == report);
        using var passed = await moderator.PostAsync(Desk(report, task, "pass-on"), new { text = "Do you know a place?" });
        await passed.JsonAsync(HttpStatusCode.OK);
        var after = await reporter.JsonAsync("/api/v1/receipt");
        using var answered = await reporter.PostAsJsonAsync("/api/v1/receipt/messages", new { text = "Near the market." });
        Assert.True(answered.IsSuccessStatusCode);

        Assert.Empty(before.GetProperty("messages").EnumerateArray());
        Assert.Equal(("question", "Did Andi say where?"), (task.Text("kind"), task.Text("text")));
        var message = Assert.Single(after.GetProperty("messages").EnumerateArray());
        Assert.Equal(("police", "Do you know a place?"), (message.Text("from"), message.Text("text")));
        var read = await police.Http.JsonAsync($"/api/v1/reports/{report}");
        Assert.Equal("passed_on", read.GetProperty("followUps").EnumerateArray().Last().Text("desk"));
        Assert.Equal("Near the market.", read.GetProperty("messages").EnumerateArray().Last().Text("text"));
        Assert.Equal(2, await host.WithDatabaseAsync(d => d.PoliceEvents.CountAsync(e => e.ReportId == report && e.Type == PoliceEventType.MessageAdded)));
        Assert.Equal(ActorKind.Moderator, (await host.LedgerAsync(report, "police_message_passed_on")).Single().ActorKind);
    }

    [Fact]
    public async Task Note_ForTheReporterDeclined_IsNeverReadAndThePoliceLearnWhy()
    {
        var (report, receipt) = await FiledAsync();
        using var reporter = receipt;
        using var police = await host.PoliceAsync("national");
        using var moderator = await host.StaffClientAsync(StaffRoles.Moderator);
        using var noted = await police.Http.PostAsync($"/api/v1/reports/{report}/notes", new { text = "Come at nine.", audience = "reporter" });
        await noted.JsonAsync(HttpStatusCode.OK);
        var task = (await moderator.JsonAsync("/api/v1/moderation/desk")).GetProperty("items").EnumerateArray().Single(t => t.GetProperty("reportId").GetGuid() == report);

        using var declined = await moderator.PostAsync(Desk(report, task, "decline"), new { reason = "The phone is shared." });
        using var late = await moderator.PostAsync(Desk(report, task, "pass-on"), new { });

        await declined.JsonAsync(HttpStatusCode.OK);
        Assert.Equal("desk_task_settled", await late.CodeAsync(HttpStatusCode.Conflict));
        Assert.Empty((await reporter.JsonAsync("/api/v1/receipt")).GetProperty("messages").EnumerateArray());
        var note = (await police.Http.JsonAsync($"/api/v1/reports/{report}")).GetProperty("followUps").EnumerateArray().Last();
        Assert.Equal(("reporter", "declined", "The phone is shared."), (note.Text("audience"), note.Text("desk"), note.Text("deskReason")));
    }

    [Fact]
    public async Task Note_ReusableWording_IsReadAtOnceInTheReportersLanguage()
    {
        var (report, receipt) = await FiledAsync();
        using var reporter = receipt;
        using var police = await host.PoliceAsync("national");

        using var noted = await police.Http.PostAsync($"/api/v1/reports/{report}/notes", new { audience = "reporter", wording = "working_on_it" });

        await noted.JsonAsync(HttpStatusCode.OK);
        var message = Assert.Single((await reporter.JsonAsync("/api/v1/receipt")).GetProperty("messages").EnumerateArray());
        Assert.StartsWith("Kami masih menangani", message.Text("text"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"audience":"reporter","wording":"good_luck"}""", "wording", "unknown_code")]
    [InlineData("""{"wording":"working_on_it"}""", "wording", "wording_needs_reporter")]
    [InlineData("""{"text":"a","audience":"reporter","wording":"working_on_it"}""", "text", "text_or_wording")]
    [InlineData("""{"text":"a","audience":"press"}""", "audience", "unknown_code")]
    public async Task Note_WrongMixture_IsRefusedByField(string body, string field, string code)
    {
        using var police = await host.PoliceAsync("18.20");
        var report = await host.VerifiedAsync("18.20", state: ReportState.InFollowUp);

        using var answer = await police.Http.PostAsync($"/api/v1/reports/{report.Id}/notes", JsonDocument.Parse(body).RootElement);

        Assert.Equal(code, await answer.FieldCodeAsync(field));
    }

    private static string Desk(Guid report, JsonElement task, string action) => $"/api/v1/moderation/reports/{report}/desk/{task.Text("followUpId")}/{action}";

    /// <summary>A report that a citizen filed and the police acknowledged, and the citizen with the receipt.</summary>
    private async Task<(Guid Report, HttpClient Reporter)> FiledAsync()
    {
        var reporter = host.Client();
        using var filed = await reporter.PostAsJsonAsync("/api/v1/reports", new { category = "online_fraud", description = "Somebody asks for money.", language = "id" });
        var answer = await filed.JsonAsync(HttpStatusCode.Created);
        reporter.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Receipt", answer.Text("receiptCode"));
        var id = answer.GetProperty("id").GetGuid();
        await host.ChangeAsync(id, r =>
        {
            Assert.Null(r.Claim(PoliceHost.Moderator, host.Now).Error);
            Assert.Null(r.Verify(PoliceHost.Moderator, r.Category, false, Tier.Urgent, null, host.Now).Error);
            Assert.Null(r.Acknowledge(Actor.Police(Guid.NewGuid()), host.Now).Error);
        });
        return (id, reporter);
    }
}

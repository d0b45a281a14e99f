using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using ReportIntake.Domain;
using ReportIntake.Domain.Reports;
using ReportIntake.Domain.Triage;
using ReportIntake.Testing;
using ReportIntake.Web.Jobs;
using ReportIntake.Web.Security;

namespace ReportIntake.Web.Tests.Moderation;

public sealed class ReferralTests(ModerationHost host) : IClassFixture<ModerationHost>
{
    [Fact]
    public async Task Referral_FromMadeToClosed_LeavesItsTraceAtEachStep()
    {
        using var moderator = await host.StaffClientAsync(StaffRoles.Moderator);
        var report = await host.AddAsync(then: Verify);

        using var made = await PostAsync(moderator, report.Id, "referrals", new { destination = "sapa_129", note = "She asks for shelter." });
        var referral = await made.Content.ReadFromJsonAsync<JsonElement>();
        using var twice = await PostAsync(moderator, report.Id, "referrals", new { destination = "sapa_129" });
        await MovedAsync(moderator, report.Id, referral, "sent");
        await MovedAsync(moderator, report.Id, referral, "acknowledged");
        await MovedAsync(moderator, report.Id, referral, "closed");
        using var back = await PostAsync(moderator, report.Id, $"referrals/{referral.Text("id")}/state", new { state = "sent" });
        using var again = await PostAsync(moderator, report.Id, "referrals", new { destination = "sapa_129" });

        Assert.Equal(HttpStatusCode.Created, made.StatusCode);
        Assert.Equal("referral_open_already", await CodeAsync(twice, HttpStatusCode.Conflict));
        Assert.Equal("referral_transition_refused", await CodeAsync(back, HttpStatusCode.Conflict));
        Assert.Equal(HttpStatusCode.Created, again.StatusCode);
        var list = (await moderator.GetFromJsonAsync<JsonElement>(Address(report.Id, "referrals"))).GetProperty("items");
        Assert.Equal(["closed", "created"], list.EnumerateArray().Select(r => r.Text("state")));
        Assert.Equal("She asks for shelter.", list[0].Text("note"));
        Assert.Equal(
            ["referral_created", "referral_sent", "referral_acknowledged", "referral_closed", "referral_created"],
            await host.WithDatabaseAsync(d => d.Ledger.Where(e => e.ReportId == report.Id && e.Action.StartsWith("referral_")).OrderBy(e => e.At).Select(e => e.Action).ToListAsync()));
        Assert.False(await host.WithDatabaseAsync(d => d.Ledger.AnyAsync(e => e.Details.Contains("shelter"))));
    }

    [Fact]
    public async Task Referral_UndecidedReportUnknownDestinationOrStaleVersion_IsRefusedByName()
    {
        using var moderator = await host.StaffClientAsync(StaffRoles.Moderator);
        var waiting = await host.AddAsync();
        var decided = await host.AddAsync(then: Verify);
        using var made = await PostAsync(moderator, decided.Id, "referrals", new { destination = "platform" });
        var referral = await made.Content.ReadFromJsonAsync<JsonElement>();
        using var stale = new HttpRequestMessage(HttpMethod.Post, Address(decided.Id, $"referrals/{referral.Text("id")}/state")) { Content = JsonContent.Create(new { state = "sent" }) };
        stale.Headers.TryAddWithoutValidation("If-Match", "\"7\"");

        using var early = await PostAsync(moderator, waiting.Id, "referrals", new { destination = "platform" });
        using var nowhere = await PostAsync(moderator, decided.Id, "referrals", new { destination = "press" });
        using var late = await moderator.SendAsync(stale);
        using var others = await PostAsync(moderator, waiting.Id, $"referrals/{referral.Text("id")}/state", new { state = "sent" });

        Assert.Equal("transition_refused", await CodeAsync(early, HttpStatusCode.Conflict));
        Assert.Equal("unknown_code", (await nowhere.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("codes").GetProperty("destination")[0].GetString());
        Assert.Equal("version_stale", await CodeAsync(late, HttpStatusCode.PreconditionFailed));
        Assert.Equal("referral_not_found", await CodeAsync(others, HttpStatusCode.NotFound));
        Assert.Equal("\"1\"", made.Headers.ETag?.Tag);
    }

    [Fact]
    public async Task Suggest_ChildAndNoMatterForThePolice_SuggestsHelpOnce()
    {
        using var moderator = await host.StaffClientAsync(StaffRoles.Moderator);
        var report = await host.AddAsync(childSafety: false, then: r => Reject(r, Disposition.NotIllegal));
        var spam = await host.AddAsync(childSafety: false, then: r => Reject(r, Disposition.SpamOrAbuse));
        Assert.True(await host.WithDatabaseAsync(d => d.Jobs.AnyAsync(j => j.Type == nameof(SuggestReferrals) && j.Subject == report.Id)));

        await SuggestAsync(report.Id);
        await SuggestAsync(report.Id);
        await SuggestAsync(spam.Id);
        var suggested = Assert.Single((await moderator.GetFromJsonAsync<JsonElement>(Address(report.Id, "referrals"))).GetProperty("items").EnumerateArray());
        using var declined = await PostAsync(moderator, report.Id, $"referrals/{suggested.Text("id")}/state", new { state = "declined", answer = "She has help." });
        await SuggestAsync(report.Id);

        Assert.Equal(("sapa_129", "created", "person_in_need_not_police"), (suggested.Text("destination"), suggested.Text("state"), suggested.Text("rule")));
        Assert.Equal(HttpStatusCode.OK, declined.StatusCode);
        Assert.Equal(1, await host.WithDatabaseAsync(d => d.Referrals.CountAsync(r => r.ReportId == report.Id)));
        Assert.Equal(0, await host.WithDatabaseAsync(d => d.Referrals.CountAsync(r => r.ReportId == spam.Id)));
        Assert.Equal(ActorKind.System, (await host.WithDatabaseAsync(d => d.Ledger.SingleAsync(e => e.ReportId == report.Id && e.Action == "referral_created"))).ActorKind);
    }

    [Fact]
    public async Task Receipt_ReferralSent_TellsTheReporterInSafeWords()
    {
        using var moderator = await host.StaffClientAsync(StaffRoles.Moderator);
        using var reporter = host.Client();
        using var filed = await reporter.PostAsJsonAsync("/api/v1/reports", new { category = "online_fraud", description = "Somebody asks for money." });
        var answer = await filed.Content.ReadFromJsonAsync<JsonElement>();
        var id = answer.GetProperty("id").GetGuid();
        reporter.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Receipt", answer.Text("receiptCode"));
        reporter.DefaultRequestHeaders.AcceptLanguage.ParseAdd("en");
        await moderator.DoAsync(id, "claim");
        await moderator.DoAsync(id, "verify", new { category = "online_fraud", tier = "urgent" });
        using var made = await PostAsync(moderator, id, "referrals", new { destination = "sapa_129", note = "Secret remark." });
        var referral = await made.Content.ReadFromJsonAsync<JsonElement>();

        var before = (await reporter.GetFromJsonAsync<JsonElement>("/api/v1/receipt")).Text("stateText");
        await MovedAsync(moderator, id, referral, "sent");
        var after = await reporter.GetFromJsonAsync<JsonElement>("/api/v1/receipt");

        Assert.DoesNotContain("SAPA", before, StringComparison.Ordinal);
        Assert.Equal(before + " We have also told SAPA 129, who help women and children.", after.Text("stateText"));
        Assert.DoesNotContain("Secret", after.GetRawText(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Page_TaskAndReferral_AreSeenOnTheReportAndDoneByForms()
    {
        using var browser = await host.StaffBrowserAsync(StaffRoles.Moderator);
        browser.DefaultRequestHeaders.Add("Cookie", "ri_lang=en");
        var report = await host.AddAsync(then: r =>
        {
            Verify(r);
            Assert.True(r.Acknowledge(Actor.Police(Guid.NewGuid()), r.UpdatedAt).IsSuccess);
            Assert.True(r.AskReporter(Actor.Police(Guid.NewGuid()), "Which car?", r.UpdatedAt).IsSuccess);
        });
        var page = $"/staff/reports/{report.Id}/police";

        var before = await browser.GetStringAsync($"/staff/reports/{report.Id}");
        var desk = await browser.GetStringAsync("/staff/desk");
        using var empty = await browser.PostFormAsync(page, new() { ["Telling.FollowUpId"] = $"{report.FollowUps[^1].Id}" }, page + "?handler=Decline");
        using var passed = await browser.PostFormAsync(page, new() { ["Telling.FollowUpId"] = $"{report.FollowUps[^1].Id}", ["Telling.Text"] = "Do you know the car?" }, page + "?handler=PassOn");
        using var referred = await browser.PostFormAsync(page, new() { ["Referring.Destination"] = "platform" }, page + "?handler=Refer");
        var after = await browser.GetStringAsync($"/staff/reports/{report.Id}");

        Assert.Contains("id=\"desk-tasks\"", before, StringComparison.Ordinal);
        Assert.Contains(report.Reference, desk, StringComparison.Ordinal);
        Assert.Contains("This is needed.", await empty.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal((HttpStatusCode.Redirect, HttpStatusCode.Redirect), (passed.StatusCode, referred.StatusCode));
        Assert.DoesNotContain("id=\"desk-tasks\"", after, StringComparison.Ordinal);
        Assert.Contains("id=\"report-referrals\"", after, StringComparison.Ordinal);
        Assert.Equal(["Do you know the car?"], await host.WithDatabaseAsync(d => d.Reports.Where(r => r.Id == report.Id).SelectMany(r => r.Messages).Select(m => m.Text).ToListAsync()));
    }

    private async Task SuggestAsync(Guid reportId)
    {
        await using var scope = host.Services.CreateAsyncScope();
        await scope.ServiceProvider.GetRequiredService<SuggestReferrals>().ExecuteAsync(reportId, CancellationToken.None);
    }

    private static async Task MovedAsync(HttpClient moderator, Guid reportId, JsonElement referral, string state)
    {
        using var moved = await PostAsync(moderator, reportId, $"referrals/{referral.Text("id")}/state", new { state });
        Assert.Equal(HttpStatusCode.OK, moved.StatusCode);
    }

    private static Task<HttpResponseMessage> PostAsync(HttpClient client, Guid reportId, string route, object body) => client.PostAsJsonAsync(Address(reportId, route), body);

    private static string Address(Guid reportId, string route) => $"/api/v1/moderation/reports/{reportId}/{route}";

    private static async Task<string?> CodeAsync(HttpResponseMessage answer, HttpStatusCode expected)
    {
        Assert.Equal(expected, answer.StatusCode);
        return (await answer.Content.ReadFromJsonAsync<JsonElement>()).Text("code");
    }

    private static void Verify(Report report)
    {
        var moderator = Actor.Moderator(Guid.NewGuid());
        Assert.True(report.Claim(moderator, report.SubmittedAt).IsSuccess);
        Assert.True(report.Verify(moderator, report.Category, true, Tier.Urgent, null, report.SubmittedAt).IsSuccess);
    }

    private static void Reject(Report report, Disposition disposition)
    {
        var moderator = Actor.Moderator(Guid.NewGuid());
        Assert.True(report.Claim(moderator, report.SubmittedAt).IsSuccess);
        Assert.True(report.Reject(moderator, disposition, null, report.SubmittedAt).IsSuccess);
        Assert.Equal(ReportState.Rejected, report.State);
    }
}

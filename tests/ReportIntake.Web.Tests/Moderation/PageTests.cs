using System.Net;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using ReportIntake.Domain.Reports;
using ReportIntake.Domain.Triage;
using ReportIntake.Testing;
using ReportIntake.Web.Jobs;
using ReportIntake.Web.Security;
using static ReportIntake.Web.Tests.Moderation.PageWalk;

namespace ReportIntake.Web.Tests.Moderation;

/// <summary>The pages as a browser without scripts walks them: forms posted with all their hidden fields.</summary>
public sealed class PageTests
{
    [Fact]
    public async Task TakeNextAndVerify_Walked_SendsTheReportToThePolice()
    {
        await using var host = new ModerationHost();
        var report = await host.AddAsync(handle: "walked");
        using var browser = await host.StaffBrowserAsync(StaffRoles.Moderator);

        var queue = await OpenAsync(browser, "/staff/queue");
        var reportPage = await SubmitAsync(browser, queue, "Next");
        var after = await SubmitAsync(browser, reportPage, "Verify", ("Verifying.Tier", "immediate"), ("Verifying.Reason", "Meeting today."));

        Assert.Equal(report.Reference, after.QuerySelector("[role=status] strong")?.TextContent);
        var stored = await StoredAsync(host, report.Id);
        Assert.Equal((ReportState.Verified, Tier.Immediate, "Meeting today."), (stored.State, stored.Tier, stored.TierReason));
    }

    [Fact]
    public async Task Reject_Walked_TakesASecondPerson()
    {
        await using var host = new ModerationHost();
        var report = await host.AddAsync();
        using var first = await host.StaffBrowserAsync(StaffRoles.Moderator);
        using var second = await host.StaffBrowserAsync(StaffRoles.Moderator);

        var page = await SubmitAsync(first, await OpenAsync(first, "/staff/queue"), "Next");
        var voted = await SubmitAsync(first, page, "Reject", ("Rejecting.Disposition", "unfounded"));
        var noMore = await SubmitAsync(first, await OpenAsync(first, "/staff/queue"), "Next");
        var secondPage = await SubmitAsync(second, await OpenAsync(second, "/staff/queue"), "Next");
        await SubmitAsync(second, secondPage, "Reject", ("Rejecting.Disposition", "not_illegal"));

        Assert.NotNull(page.QuerySelector("#two-people"));
        Assert.NotNull(voted.QuerySelector("[role=status]"));
        Assert.NotNull(noMore.QuerySelector("[role=status]"));
        Assert.NotNull(secondPage.QuerySelector("#second-review"));
        Assert.Equal(Disposition.NotIllegal, (await StoredAsync(host, report.Id)).Disposition);
    }

    [Fact]
    public async Task Ask_TemplateOnly_IsSentInTheReportersLanguage()
    {
        await using var host = new ModerationHost();
        var report = await host.AddAsync();
        using var browser = await host.StaffBrowserAsync(StaffRoles.Moderator);
        browser.DefaultRequestHeaders.Add("Cookie", "ri_lang=en");

        var page = await SubmitAsync(browser, await OpenAsync(browser, "/staff/queue"), "Next");
        await SubmitAsync(browser, page, "Ask", ("Asking.Template", "place"));

        var text = (await host.WithDatabaseAsync(d => d.Reports.Include(r => r.Messages).SingleAsync(r => r.Id == report.Id))).Messages.Single().Text;
        Assert.StartsWith("Terima kasih", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Verify_StaleVersion_KeepsTheDraftAndShowsWhatChanged()
    {
        await using var host = new ModerationHost();
        var report = await host.AddAsync();
        using var browser = await host.StaffBrowserAsync(StaffRoles.Moderator);
        using var colleague = await host.StaffClientAsync(StaffRoles.Moderator);
        var page = await SubmitAsync(browser, await OpenAsync(browser, "/staff/queue"), "Next");
        await colleague.DoAsync(report.Id, "notes", new { text = "News." });

        var refused = await SubmitAsync(browser, page, "Verify", ("Verifying.Reason", "My long reason."));
        var after = await SubmitAsync(browser, refused, "Verify");

        Assert.NotNull(refused.QuerySelector(".govuk-error-summary"));
        Assert.NotNull(refused.QuerySelector("#changes li"));
        Assert.Equal("My long reason.", refused.QuerySelector("#Verifying_Reason")?.TextContent.Trim());
        Assert.NotNull(after.QuerySelector("[role=status]"));
        Assert.Equal("My long reason.", (await StoredAsync(host, report.Id)).TierReason);
    }

    [Fact]
    public async Task Verify_ClaimTakenAway_KeepsTheDraftUntilTakenAgain()
    {
        await using var host = new ModerationHost();
        var report = await host.AddAsync();
        using var browser = await host.StaffBrowserAsync(StaffRoles.Moderator);
        using var supervisor = await host.StaffClientAsync(StaffRoles.Supervisor);
        var page = await SubmitAsync(browser, await OpenAsync(browser, "/staff/queue"), "Next");
        await supervisor.DoAsync(report.Id, "release");

        var refused = await SubmitAsync(browser, page, "Verify", ("Verifying.Reason", "Kept."));
        Assert.NotNull(refused.QuerySelector(".govuk-error-summary"));
        var draft = refused.QuerySelector("#Verifying_Reason")!.Closest("form")!;
        var again = await SubmitAsync(browser, refused, "Claim", draft);
        await SubmitAsync(browser, again, "Verify");

        Assert.Equal("Kept.", (await StoredAsync(host, report.Id)).TierReason);
    }

    [Fact]
    public async Task Forms_WithoutAntiforgeryToken_AreRefused()
    {
        await using var host = new ModerationHost();
        using var browser = await host.StaffBrowserAsync(StaffRoles.Moderator);
        using var nothing = new FormUrlEncodedContent([]);

        using var answer = await browser.PostAsync("/staff/queue?handler=Next", nothing);

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
    }

    [Fact]
    public async Task Report_WithEvidence_LoadsNoPictureByItself()
    {
        await using var host = new ModerationHost();
        var report = await host.AddAsync();
        var file = await host.AddEvidenceAsync(report.Id, [1], [2]);
        using var browser = await host.StaffBrowserAsync(StaffRoles.Moderator);

        var page = await OpenAsync(browser, $"/staff/reports/{report.Id}");
        var evidence = await OpenAsync(browser, $"/staff/reports/{report.Id}/evidence/{file.Id}");
        var shown = await OpenAsync(browser, $"/staff/reports/{report.Id}/evidence/{file.Id}?show=thumbnail");

        Assert.Empty(page.QuerySelectorAll("main img, main video"));
        Assert.Empty(evidence.QuerySelectorAll("main img, main video"));
        Assert.Single(shown.QuerySelectorAll("main img"));
    }

    [Fact]
    public async Task Report_Linked_SaysHowManyAndFromHowManySources()
    {
        await using var host = new ModerationHost();
        var report = await host.AddAsync(handle: "linked");
        var other = await host.AddAsync(handle: "linked");
        foreach (var id in new[] { other.Id, report.Id })
        {
            await using var scope = host.Services.CreateAsyncScope();
            await scope.ServiceProvider.GetRequiredService<LinkReport>().ExecuteAsync(id, default);
        }

        using var browser = await host.StaffBrowserAsync(StaffRoles.Moderator);
        using var tool = await host.StaffClientAsync(StaffRoles.Moderator);

        var page = await OpenAsync(browser, $"/staff/reports/{report.Id}");

        var cluster = (await tool.ReadAsync(report.Id)).GetProperty("cluster");
        var said = page.QuerySelector("#cluster")!.TextContent;
        Assert.Contains($" {cluster.GetProperty("reports").GetInt32()},", said, StringComparison.Ordinal);
        Assert.Contains($" {cluster.GetProperty("independentSources").GetInt32()} ", said, StringComparison.Ordinal);
        Assert.Single(page.QuerySelectorAll("[aria-labelledby=related-cluster] li"));
    }

    private static Task<Report> StoredAsync(ModerationHost host, Guid id) =>
        host.WithDatabaseAsync(d => d.Reports.AsNoTracking().SingleAsync(r => r.Id == id));
}

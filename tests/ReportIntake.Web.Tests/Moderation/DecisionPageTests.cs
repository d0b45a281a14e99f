using System.Net;
using Microsoft.EntityFrameworkCore;
using ReportIntake.Domain.Reports;
using ReportIntake.Domain.Triage;
using ReportIntake.Testing;
using ReportIntake.Web.Security;
using static ReportIntake.Web.Tests.Moderation.PageWalk;

namespace ReportIntake.Web.Tests.Moderation;

/// <summary>Deciding on the page without scripts: undo, comparison, and what becomes of a draft when a decision is refused.</summary>
public sealed class DecisionPageTests
{
    [Fact]
    public async Task Undo_FromTheQueue_BringsTheFormBackAsItWasSent()
    {
        await using var host = new UndoTests.Host();
        var report = await host.AddAsync(childSafety: false);
        using var browser = await host.StaffBrowserAsync(StaffRoles.Moderator);
        using var other = await host.StaffBrowserAsync(StaffRoles.Moderator);
        var page = await SubmitAsync(browser, await OpenAsync(browser, "/staff/queue"), "Next");

        var after = await SubmitAsync(browser, page, "Reject", ("Rejecting.Disposition", "spam_or_abuse"), ("Rejecting.Note", "An advertisement."));
        var elsewhere = await OpenAsync(other, "/staff/queue");
        var undone = await SubmitAsync(browser, after, "Undo");

        Assert.Null(elsewhere.QuerySelector(".ri-undo"));
        Assert.NotNull(undone.QuerySelector("#undone"));
        Assert.Equal("An advertisement.", undone.QuerySelector("#Rejecting_Note")?.TextContent.Trim());
        Assert.Equal("spam_or_abuse", undone.QuerySelector("#Rejecting_Disposition option[selected]")?.GetAttribute("value"));
        Assert.Equal(ReportState.UnderVerification, (await StoredAsync(host, report.Id)).State);
        await SubmitAsync(browser, undone, "Verify");
        Assert.Equal(ReportState.Verified, (await StoredAsync(host, report.Id)).State);
    }

    [Fact]
    public async Task Undo_TimeOver_IsToldInTheQueue()
    {
        await using var host = new UndoTests.Host();
        await host.AddAsync(childSafety: false);
        using var browser = await host.StaffBrowserAsync(StaffRoles.Moderator);
        var page = await SubmitAsync(browser, await OpenAsync(browser, "/staff/queue"), "Next");
        var after = await SubmitAsync(browser, page, "Verify");
        host.Clock.Advance(TimeSpan.FromSeconds(11));

        var late = await SubmitAsync(browser, after, "Undo");

        Assert.Contains("tidak dapat dibatalkan", late.QuerySelector("[role=status]")?.TextContent, StringComparison.Ordinal);
        Assert.Null(late.QuerySelector(".ri-undo"));
    }

    [Fact]
    public async Task Duplicate_Walked_IsComparedBeforeItIsSaid()
    {
        await using var host = new ModerationHost();
        var canonical = await host.AddAsync(Tier.NonUrgent, handle: "same-account");
        var report = await host.AddAsync(Tier.Immediate, handle: "same-account");
        using var browser = await host.StaffBrowserAsync(StaffRoles.Moderator);
        var page = await SubmitAsync(browser, await OpenAsync(browser, "/staff/queue"), "Next");

        var unknown = await SubmitAsync(browser, page, "Compare", ("Duplicating.Of", "RI-NONE"));
        var compared = await SubmitAsync(browser, unknown, "Compare", ("Duplicating.Of", canonical.Reference));
        Assert.Equal(ReportState.UnderVerification, (await StoredAsync(host, report.Id)).State);

        Assert.Equal("400", unknown.Status());
        Assert.Null(page.QuerySelector("#compare"));
        Assert.Contains(canonical.Reference, compared.QuerySelector("#compare")!.TextContent, StringComparison.Ordinal);
        Assert.Equal(2, compared.QuerySelectorAll("#compare code").Count(c => c.TextContent == "michat:same-account"));
        Assert.Equal(canonical.Reference, compared.QuerySelector("button[name=compared]")?.GetAttribute("value"));
        Assert.Equal("immediate", compared.QuerySelector("[name='Verifying.Tier'][checked]")?.GetAttribute("value"));
    }

    [Fact]
    public async Task Verify_DecidedByAnotherMeanwhile_ShowsWhatChangedAndTheDraft()
    {
        await using var host = new ModerationHost();
        var report = await host.AddAsync(childSafety: false);
        using var browser = await host.StaffBrowserAsync(StaffRoles.Moderator);
        using var supervisor = await host.StaffClientAsync(StaffRoles.Supervisor);
        var page = await SubmitAsync(browser, await OpenAsync(browser, "/staff/queue"), "Next");
        await supervisor.DoAsync(report.Id, "release");
        await supervisor.DoAsync(report.Id, "claim");
        await supervisor.DoAsync(report.Id, "reject", new { disposition = "test" });

        var refused = await SubmitAsync(browser, page, "Verify", ("Verifying.Reason", "My long reason."));

        Assert.Equal("412", refused.Status());
        Assert.True(refused.QuerySelectorAll("#changes li").Length >= 3);
        Assert.Contains("My long reason.", refused.QuerySelector("#kept-draft")?.TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Verify_LeaseExpired_Is409WithTheDraft()
    {
        await using var host = new UndoTests.Host();
        var report = await host.AddAsync();
        using var browser = await host.StaffBrowserAsync(StaffRoles.Moderator);
        var page = await SubmitAsync(browser, await OpenAsync(browser, "/staff/queue"), "Next");
        host.Clock.Advance(Report.ClaimLease);

        var refused = await SubmitAsync(browser, page, "Verify", ("Verifying.Reason", "Kept."));
        var again = await SubmitAsync(browser, refused, "Claim", refused.QuerySelector("#Verifying_Reason")!.Closest("form")!);
        await SubmitAsync(browser, again, "Verify");

        Assert.Equal("409", refused.Status());
        Assert.NotNull(refused.QuerySelector("#claim-again"));
        Assert.Equal("Kept.", (await StoredAsync(host, report.Id)).TierReason);
    }

    [Fact]
    public async Task Claim_BySecondVoteOfTheSamePerson_Is403()
    {
        await using var host = new ModerationHost();
        var report = await host.AddAsync(Tier.Immediate);
        using var browser = await host.StaffBrowserAsync(StaffRoles.Moderator);
        var page = await SubmitAsync(browser, await OpenAsync(browser, "/staff/queue"), "Next");
        await SubmitAsync(browser, page, "Reject", ("Rejecting.Disposition", "unfounded"));

        var refused = await SubmitAsync(browser, await OpenAsync(browser, $"/staff/reports/{report.Id}"), "Claim");

        Assert.Equal("403", refused.Status());
    }

    [Fact]
    public async Task Note_OfAMegabyte_Is400ByPageAndByApi()
    {
        await using var host = new ModerationHost();
        var report = await host.AddAsync();
        using var browser = await host.StaffBrowserAsync(StaffRoles.Moderator);
        using var client = await host.StaffClientAsync(StaffRoles.Moderator);
        var huge = new string('a', 1024 * 1024);

        var refused = await SubmitAsync(browser, await OpenAsync(browser, $"/staff/reports/{report.Id}"), "Note", ("Noting.Text", huge));
        var problem = await client.RefusedAsync(HttpStatusCode.BadRequest, "validation_failed", report.Id, "notes", new { text = huge });

        Assert.Equal("400", refused.Status());
        Assert.Equal("too_long", problem.GetProperty("codes").GetProperty("text")[0].GetString());
    }

    [Fact]
    public async Task Action_StaleVersion_TellsWhatChanged()
    {
        await using var host = new ModerationHost();
        var report = await host.AddAsync();
        using var moderator = await host.StaffClientAsync(StaffRoles.Moderator);
        using var colleague = await host.StaffClientAsync(StaffRoles.Moderator);
        var claimed = (await moderator.DoAsync(report.Id, "claim")).GetProperty("version").GetInt32();
        await colleague.DoAsync(report.Id, "notes", new { text = "News." });

        var problem = await moderator.RefusedAsync(HttpStatusCode.PreconditionFailed, "version_stale", report.Id, "verify", new { category = "sextortion", tier = "urgent" }, $"\"{claimed}\"");

        Assert.Equal(claimed + 1, problem.GetProperty("currentVersion").GetInt32());
        Assert.Equal(["note_added"], problem.GetProperty("changes").EnumerateArray().Select(c => c.Text("action")));
    }

    private static Task<Report> StoredAsync(ModerationHost host, Guid id) =>
        host.WithDatabaseAsync(d => d.Reports.AsNoTracking().SingleAsync(r => r.Id == id));
}

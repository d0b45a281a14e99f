using System.Net;
using AngleSharp;
using AngleSharp.Dom;
using ReportIntake.Testing;
using ReportIntake.Web.Security;

namespace ReportIntake.Web.Tests.Moderation.TeamView;

public sealed class TeamPageTests
{
    private const string Monday = "/staff/team?from=2026-03-02&to=2026-03-02";

    [Theory]
    [InlineData("id")]
    [InlineData("en")]
    public async Task Page_EveryPicture_IsToldInWordsAndHasItsTableBesideIt(string language)
    {
        await using var host = await TeamHost.AfterTwoShiftsAsync();
        using var browser = await host.StaffBrowserAsync(StaffRoles.Supervisor);
        browser.DefaultRequestHeaders.Add("Cookie", "ri_lang=" + language);

        var page = await OpenAsync(browser, Monday);

        var pictures = page.QuerySelectorAll("svg[role=img]");
        Assert.Equal(["depth", "handover", "look", "decision"], pictures.Select(p => p.Id));
        foreach (var picture in pictures)
        {
            Assert.All(picture.GetAttribute("aria-labelledby")!.Split(' '), id => Assert.False(string.IsNullOrWhiteSpace(page.GetElementById(id)?.TextContent)));
            Assert.NotNull(picture.ParentElement!.QuerySelector("table"));
        }

        var ids = page.QuerySelectorAll("[id]").Select(e => e.Id).ToList();
        Assert.Equal(ids.Distinct(), ids);
        Assert.All(page.QuerySelectorAll("[fill^='url(']"), e => Assert.Contains(e.GetAttribute("fill")![5..^1], ids));
    }

    [Fact]
    public async Task Page_Numbers_AreThoseOfTheShifts()
    {
        await using var host = await TeamHost.AfterTwoShiftsAsync();
        using var browser = await host.StaffBrowserAsync(StaffRoles.Supervisor);

        var page = await OpenAsync(browser, Monday);

        var rows = page.QuerySelectorAll(".ri-shifts tbody tr").Select(r => string.Join(' ', r.QuerySelectorAll("td").Select(c => c.TextContent))).ToList();
        Assert.Equal(4, rows.Count); // the night before, the two of the day, and the night after
        Assert.Equal(["2 4 4 1 2 0 0 1 0 3", "1 3 2 2 0 0 0 0 0 2"], rows[1..3]);
        Assert.Contains("5 mnt", page.QuerySelector("#look")!.ParentElement!.QuerySelector("table")!.TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Page_WrongDays_AreToldAndTheWeekIsShown()
    {
        await using var host = new ModerationHost();
        using var browser = await host.StaffBrowserAsync(StaffRoles.Supervisor);

        var page = await OpenAsync(browser, "/staff/team?from=2026-03-02&to=2025-03-02");

        Assert.NotNull(page.QuerySelector(".govuk-error-summary a[href='#From']"));
        Assert.Equal(4, page.QuerySelectorAll("svg[role=img]").Length);
    }

    [Fact]
    public async Task Link_InTheHeader_IsTheSupervisorsAlone()
    {
        await using var host = new ModerationHost();
        using var supervisor = await host.StaffBrowserAsync(StaffRoles.Supervisor);
        using var moderator = await host.StaffBrowserAsync(StaffRoles.Moderator);

        Assert.NotNull((await OpenAsync(supervisor, "/staff/queue")).QuerySelector("header a[href='/staff/team']"));
        Assert.Null((await OpenAsync(moderator, "/staff/queue")).QuerySelector("header a[href='/staff/team']"));
        Assert.Equal(HttpStatusCode.Forbidden, (await moderator.GetAsync("/staff/team")).StatusCode);
    }

    private static async Task<IDocument> OpenAsync(HttpClient browser, string address)
    {
        using var answer = await browser.GetAsync(address);
        Assert.True(answer.IsSuccessStatusCode, $"{address}: {(int)answer.StatusCode}");
        var html = await answer.Content.ReadAsStringAsync();
        return await BrowsingContext.New().OpenAsync(response => response.Content(html));
    }
}

using System.Net;
using System.Text.Json;
using AngleSharp.Html.Dom;
using Microsoft.EntityFrameworkCore;
using ReportIntake.Domain;
using ReportIntake.Domain.Reports;
using ReportIntake.Testing;
using ReportIntake.Web.Persistence;

namespace ReportIntake.Web.Tests.Intake.Pages;

public sealed class StatusPageTests(PagesFixture host) : IClassFixture<PagesFixture>
{
    [Theory]
    [InlineData("")]
    [InlineData("bukan kode")]
    [InlineData("0000-0000-0000-0000-0")]
    public async Task Open_WithAWrongCode_SaysSoAndKeepsIt(string code)
    {
        using var browser = host.Browser();
        await browser.OpenAsync("/status");
        browser.Fill("Code", code);
        await browser.PressAsync(null);

        Assert.Equal(HttpStatusCode.NotFound, browser.Answer.StatusCode);
        Assert.Single(browser.Errors);
        Assert.Equal(code, browser.Page.QuerySelector("[name=Code]")!.GetAttribute("value") ?? "");
    }

    [Fact]
    public async Task Open_WithTheCodeCarelesslyTyped_ShowsTheReport()
    {
        var code = await host.FileAsync();
        using var browser = await OpenAsync(code.ToLowerInvariant().Replace("-", " ", StringComparison.Ordinal));

        Assert.Contains("RI-", browser.Text, StringComparison.Ordinal);
        Assert.NotNull(browser.Page.QuerySelector(".ri-way [aria-current=step]"));
    }

    [Fact]
    public async Task Code_AfterAWholeVisit_StandsInNoAddressHeaderOrLogLine()
    {
        var code = await host.FileAsync();
        using var browser = await OpenAsync(code);
        browser.Fill("Text", "Tambahan");
        await browser.PressAsync("message");
        await browser.PressAsync("proof");
        await browser.PressAsync("withdraw");

        var bare = code.Replace("-", "", StringComparison.Ordinal);
        Assert.DoesNotContain(browser.Trail, t => t.Contains(code, StringComparison.OrdinalIgnoreCase) || t.Contains(bare, StringComparison.OrdinalIgnoreCase));
        Assert.DoesNotContain(host.Log, l => l.Contains(code, StringComparison.OrdinalIgnoreCase) || l.Contains(bare, StringComparison.OrdinalIgnoreCase));
        Assert.DoesNotContain(host.Log, l => l.Contains("Tambahan", StringComparison.Ordinal));
        Assert.DoesNotContain(bare, browser.Page.DocumentElement.OuterHtml, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task Message_FromEitherSide_IsShown()
    {
        var description = "Pesan " + Guid.NewGuid();
        var code = await host.FileAsync(description);
        await AskAsync(description, "Di kota mana?");
        using var browser = await OpenAsync(code);
        Assert.Contains("Di kota mana?", browser.Text, StringComparison.Ordinal);
        await browser.PressAsync("message");
        Assert.Single(browser.Errors);
        browser.Fill("Text", "Di <Bandung>");
        await browser.PressAsync("message");

        Assert.Empty(browser.Errors);
        Assert.Equal(["Di kota mana?", "Di <Bandung>"], browser.Page.QuerySelectorAll(".ri-messages .ri-answer").Select(m => m.TextContent));
        Assert.Equal(ReportState.Received, await StateAsync(description));
    }

    [Fact]
    public async Task Message_TooLong_IsKept()
    {
        var text = new string('x', Message.TextMaxLength + 1);
        using var browser = await OpenAsync(await host.FileAsync());
        browser.Fill("Text", text);
        await browser.PressAsync("message");

        Assert.Equal(HttpStatusCode.BadRequest, browser.Answer.StatusCode);
        Assert.Equal(text, ((IHtmlTextAreaElement)browser.Page.QuerySelector("textarea")!).Value);
    }

    [Fact]
    public async Task Evidence_GoodAndBad_KeepsTheGoodAndNamesTheBad()
    {
        using var browser = await OpenAsync(await host.FileAsync());
        var form = (IHtmlFormElement)browser.Page.QuerySelector("form[enctype]")!;
        var button = (IHtmlButtonElement)form.QuerySelector("button")!;
        await browser.ReadAsync(browser.Request(form, button));
        Assert.Single(browser.Errors);
        form = (IHtmlFormElement)browser.Page.QuerySelector("form[enctype]")!;
        button = (IHtmlButtonElement)form.QuerySelector("button")!;
        await browser.ReadAsync(browser.Request(form, button, PagesFixture.Picture("baik.jpg"), ("buruk.exe", "application/x-msdownload", [1])));

        Assert.Contains("buruk.exe", Assert.Single(browser.Errors), StringComparison.Ordinal);
        Assert.Equal(["baik.jpg"], browser.Page.QuerySelectorAll(".ri-files__name").Select(n => n.TextContent));
    }

    [Fact]
    public async Task Withdraw_Confirmed_IsDoneOnce()
    {
        var description = "Tarik " + Guid.NewGuid();
        using var browser = await OpenAsync(await host.FileAsync(description));
        await browser.PressAsync("withdraw");
        Assert.Equal(ReportState.Received, await StateAsync(description));
        await browser.PressAsync("withdraw_now");

        Assert.Equal(ReportState.Withdrawn, await StateAsync(description));
        Assert.Null(browser.Page.QuerySelector("button[value=withdraw], button[value=message]"));
    }

    [Fact]
    public async Task Proof_Downloaded_IsTheSignedStatement()
    {
        using var browser = await OpenAsync(await host.FileAsync());
        await browser.PressAsync("proof");

        using var proof = JsonDocument.Parse(await browser.Answer.Content.ReadAsStringAsync());
        Assert.Equal("bukti.json", browser.Answer.Content.Headers.ContentDisposition?.FileName);
        Assert.Contains("proof_of_filing", proof.RootElement.GetProperty("statement").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Open_TooOften_IsA429PageInTheReadersLanguage()
    {
        await using var strict = new StrictHost();
        using var browser = new PlainBrowser(strict.Address);
        for (var i = 0; i < 4; i++)
        {
            await browser.OpenAsync("/en/status");
            browser.Fill("Code", "nothing");
            await browser.PressAsync(null);
        }

        Assert.Equal((HttpStatusCode.TooManyRequests, "Too many tries"), (browser.Answer.StatusCode, browser.Title));
        Assert.NotNull(browser.Answer.Headers.RetryAfter);
    }

    [Theory]
    [InlineData("/tidak-ada", "id")]
    [InlineData("/en/nothing", "en")]
    public async Task Address_Unknown_IsA404PageWithNumbers(string path, string language)
    {
        using var browser = host.Browser();
        await browser.OpenAsync(path);

        Assert.Equal((HttpStatusCode.NotFound, language), (browser.Answer.StatusCode, browser.Page.DocumentElement.GetAttribute("lang")));
        Assert.NotNull(browser.Page.QuerySelector("main a[href='tel:110']"));
    }

    private async Task<PlainBrowser> OpenAsync(string code)
    {
        var browser = host.Browser();
        await browser.OpenAsync("/status");
        browser.Fill("Code", code);
        await browser.PressAsync(null);
        Assert.Equal(HttpStatusCode.OK, browser.Answer.StatusCode);
        return browser;
    }

    private Task<ReportState> StateAsync(string description) =>
        host.WithDatabaseAsync(async db =>
        {
            var id = await IdAsync(db, description);
            return await db.Reports.Where(r => r.Id == id).Select(r => r.State).SingleAsync();
        });

    /// <summary>Descriptions are sealed: the database cannot be asked for one.</summary>
    private static async Task<Guid> IdAsync(ReportIntakeDbContext db, string description) =>
        (await db.Reports.Select(r => new { r.Id, r.Description }).ToListAsync()).Single(r => r.Description == description).Id;

    private Task<int> AskAsync(string description, string question) => host.WithDatabaseAsync(async db =>
    {
        var now = TimeProvider.System.GetUtcNow();
        var id = await IdAsync(db, description);
        var report = await db.Reports.Include(r => r.Messages).Include(r => r.Votes).SingleAsync(r => r.Id == id);
        var moderator = new Actor(ActorKind.Moderator, Guid.NewGuid());
        Assert.True(report.Claim(moderator, now).IsSuccess);
        Assert.True(report.RequestInformation(moderator, question, now.AddDays(14), now).IsSuccess);
        return await db.SaveChangesAsync();
    });

    private sealed class StrictHost : IntakeHost
    {
        protected override IReadOnlyDictionary<string, string?> Settings { get; } = new Dictionary<string, string?>
        {
            ["RateLimits:Receipt:Burst"] = "3",
            ["RateLimits:Receipt:PerMinute"] = "1",
        };
    }
}

using System.Net;
using AngleSharp.Html.Dom;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using ReportIntake.Domain.Reports;
using ReportIntake.Web.Features.Intake.SubmitReport;

namespace ReportIntake.Web.Tests.Intake.Pages;

public sealed class ReportFormTests(PagesFixture host) : IClassFixture<PagesFixture>
{
    [Theory]
    [InlineData("/lapor", "Laporanmu sudah kami terima")]
    [InlineData("/en/report", "We have your report")]
    public async Task Walk_WithoutScripts_FilesEverythingThatWasTold(string path, string thanks)
    {
        using var browser = host.Browser();
        await browser.OpenAsync(path);
        browser.Fill("What.Category", "online_enticement");
        browser.Fill("What.DangerNow", "yes");
        await browser.PressAsync("next");
        Assert.NotNull(browser.Page.QuerySelector(".ri-danger a[href='tel:110']"));
        browser.Fill("Tell.Description", "Cerita <b>panjang</b> dengan \"tanda\" & baris\nbaru");
        browser.Fill("Tell.Subjects[0].Platform", "michat");
        browser.Fill("Tell.Subjects[0].Account", "@contoh");
        await browser.PressAsync("add_subject");
        browser.Fill("Tell.Subjects[1].Account", "https://contoh.example/u/1");
        await browser.PressAsync("next");
        browser.Fill("Facts.Who", "me");
        browser.Fill("Facts.AgeBand", "13_17");
        browser.Fill("Facts.Province", "82");
        await browser.PressAsync("stay");
        browser.Fill("Facts.Regency", "82.71");
        browser.Fill("Facts.ExpectedAt.Day", "24");
        browser.Fill("Facts.ExpectedAt.Month", "12");
        browser.Fill("Facts.ExpectedAt.Year", "2026");
        browser.Fill("Facts.ExpectedAt.Time", "20.30");
        await browser.PressAsync("next");
        await browser.PressAsync("next", PagesFixture.Picture("a.jpg"), PagesFixture.Picture("b.jpg"));
        browser.Fill("Contact.Phone", "0812 3456 7890");
        await browser.PressAsync("next");
        Assert.Contains("@contoh", browser.Text, StringComparison.Ordinal);
        Assert.Contains("b.jpg", browser.Text, StringComparison.Ordinal);
        await browser.PressAsync("send");

        Assert.Equal((HttpStatusCode.OK, thanks), (browser.Answer.StatusCode, browser.Title));
        var reference = browser.Page.QuerySelector(".ri-receipt strong:last-of-type")?.TextContent;
        var report = await host.WithDatabaseAsync(db => db.Reports.Include(r => r.Subjects).AsNoTracking().OrderByDescending(r => r.SubmittedAt).FirstAsync());
        Assert.Contains(report.Reference, browser.Text, StringComparison.Ordinal);
        Assert.NotNull(reference);
        Assert.Equal("Cerita <b>panjang</b> dengan \"tanda\" & baris\nbaru", report.Description!.ReplaceLineEndings("\n"));
        Assert.Equal(["@contoh", "https://contoh.example/u/1"], report.Subjects.Select(s => s.Handle ?? s.Url).Order(StringComparer.Ordinal));
        Assert.Equal(new Victim(AgeBand.From13To17, Danger.Yes, IsReporter: true), report.Victim);
        Assert.Equal("82.71", report.Incident.AreaCode);
        Assert.Equal(new DateTimeOffset(2026, 12, 24, 11, 30, 0, TimeSpan.Zero), report.Incident.ExpectedAt);
        Assert.Equal(2, report.EvidenceCount);
        Assert.True(await host.WithDatabaseAsync(db => db.SealedIdentities.AnyAsync(i => i.ReportId == report.Id)));
    }

    [Fact]
    public async Task Next_WithoutCategory_SaysSoAtTheField()
    {
        using var browser = host.Browser();
        await browser.OpenAsync("/lapor");
        await browser.PressAsync("next");

        Assert.Equal(HttpStatusCode.BadRequest, browser.Answer.StatusCode);
        Assert.Single(browser.Errors);
        Assert.NotNull(browser.Page.QuerySelector("fieldset[aria-describedby~=What_Category-error]"));
        Assert.NotNull(browser.Page.QuerySelector($"{browser.Page.QuerySelector(".govuk-error-summary__list a")!.GetAttribute("href")}"));
    }

    public static TheoryData<string, string, string> WrongAnswers => new()
    {
        { "Tell", "Tell.Description", new string('x', Report.DescriptionMaxLength + 1) },
        { "Tell", "Tell.Subjects[0].Phone", "12" },
        { "Tell", "Tell.Subjects[0].Account", new string('x', Subject.HandleMaxLength + 1) },
        { "Facts", "Facts.ExpectedAt.Day", "32" },
        { "Facts", "Facts.OccurredAt.Year", "3000" },
        { "Facts", "Facts.Place", new string('x', Incident.PlaceMaxLength + 1) },
        { "Contact", "Contact.Phone", "dua" },
        { "Contact", "Contact.Email", "bukan surel" },
        { "Contact", "Contact.Name", new string('x', 201) },
    };

    [Theory]
    [MemberData(nameof(WrongAnswers))]
    public async Task Next_WithAWrongAnswer_SaysSoAndKeepsWhatWasTyped(string step, string field, string value)
    {
        using var browser = host.Browser();
        await browser.OpenAsync("/lapor");
        browser.Fill("What.Category", "trafficking");
        await browser.PressAsync("next");
        browser.Fill("Tell.Description", "Cerita");
        while (browser.Page.QuerySelector($"[name=Step][value={step}]") is null)
        {
            await browser.PressAsync("next");
        }

        browser.Fill(field, value);
        await browser.PressAsync("next");

        Assert.Equal(HttpStatusCode.BadRequest, browser.Answer.StatusCode);
        Assert.Single(browser.Errors);
        Assert.NotNull(browser.Page.QuerySelector($"[name=Step][value={step}]"));
        Assert.NotNull(browser.Page.QuerySelector(".govuk-form-group--error .govuk-error-message"));
        var kept = browser.Page.QuerySelector($"[name='{field}']")!;
        Assert.Equal(value, kept is IHtmlTextAreaElement area ? area.Value : kept.GetAttribute("value"));
    }

    [Fact]
    public async Task Back_FromAnyStep_KeepsWhatWasTypedEvenIfItIsWrong()
    {
        using var browser = host.Browser();
        await browser.OpenAsync("/lapor");
        browser.Fill("What.Category", "sextortion");
        await browser.PressAsync("next");
        browser.Fill("Tell.Subjects[0].Phone", "1");
        await browser.PressAsync("back");
        Assert.True(((IHtmlInputElement)browser.Page.QuerySelector("[value=sextortion]")!).IsChecked);
        await browser.PressAsync("next");

        Assert.Equal("1", browser.Page.QuerySelector("[name='Tell.Subjects[0].Phone']")!.GetAttribute("value"));
    }

    [Fact]
    public async Task Files_SomeRefused_AreNamedAndTheOthersStay()
    {
        using var browser = host.Browser();
        await browser.OpenAsync("/lapor");
        browser.Fill("What.Category", "other");
        foreach (var _ in Enumerable.Range(0, 3))
        {
            await browser.PressAsync("next");
        }

        await browser.PressAsync("next", PagesFixture.Picture("satu.jpg"), ("besar.mp4", "video/mp4", new byte[300_000]), ("catatan.pdf", "application/pdf", [1]), ("kosong.jpg", "image/jpeg", []));
        Assert.Equal(["satu.jpg"], browser.Page.QuerySelectorAll(".ri-files__name").Select(n => n.TextContent));
        Assert.Equal(3, browser.Errors.Count);
        Assert.All(["besar.mp4", "catatan.pdf", "kosong.jpg"], name => Assert.Contains(browser.Errors, e => e.Contains(name, StringComparison.Ordinal)));
        await browser.PressAsync("remove_file:0");

        Assert.Empty(browser.Page.QuerySelectorAll(".ri-files__name"));
        await browser.PressAsync("next");
        Assert.Single(browser.Errors); // nothing told and nothing sent
    }

    [Fact]
    public async Task OtherLanguage_InTheMiddle_KeepsTheAnswers()
    {
        using var browser = await host.AtCheckAsync(description: "Tetap ada");
        var button = (IHtmlButtonElement)browser.Page.QuerySelector("button.ri-header__button")!;
        await browser.ReadAsync(browser.Request((IHtmlFormElement)browser.Page.GetElementById("report")!, button));

        Assert.Equal("en", browser.Page.DocumentElement.GetAttribute("lang"));
        Assert.Contains("Tetap ada", browser.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Draft_TamperedExpiredOrMissing_IsA400PageWithNumbers()
    {
        using var browser = await host.AtCheckAsync();
        var whole = ((IHtmlInputElement)browser.Page.QuerySelector("[name=Draft]")!).Value;
        var old = host.Services.GetRequiredService<IDataProtectionProvider>().CreateProtector("report_draft", "v1").ToTimeLimitedDataProtector()
            .Protect([1, 2, 3], DateTimeOffset.UnixEpoch);
        foreach (var draft in new[] { "", "x", whole[..^4], "A" + whole[1..] + "AA", System.Buffers.Text.Base64Url.EncodeToString(old) })
        {
            using var again = await host.AtCheckAsync();
            ((IHtmlInputElement)again.Page.QuerySelector("[name=Draft]")!).Value = draft;
            await again.PressAsync("step:Tell");

            Assert.Equal(HttpStatusCode.BadRequest, again.Answer.StatusCode);
            Assert.NotNull(again.Page.QuerySelector("main a[href='tel:110']"));
        }
    }

    [Fact]
    public async Task Next_WithoutAntiforgeryCookie_ComesBackWithTheAnswers()
    {
        using var browser = host.Browser();
        await browser.OpenAsync("/lapor");
        browser.Fill("What.Category", "other");
        await browser.PressAsync("next");
        browser.Fill("Tell.Description", "Jangan hilang");
        var button = (IHtmlButtonElement)browser.Page.QuerySelector("main button[value=next]")!;
        using var stranger = host.Browser();
        await stranger.ReadAsync(browser.Request(button.Form!, button));

        Assert.Equal(HttpStatusCode.BadRequest, stranger.Answer.StatusCode);
        Assert.Equal("Jangan hilang", ((IHtmlTextAreaElement)stranger.Page.QuerySelector("textarea")!).Value);
        await stranger.PressAsync("next");
        Assert.Empty(stranger.Errors);
    }

    [Fact]
    public async Task Send_Twice_IsOneReportAndTheSameReceipt()
    {
        using var browser = await host.AtCheckAsync(description: "Dua kali " + Guid.NewGuid());
        var button = (IHtmlButtonElement)browser.Page.QuerySelector("main button[value=send]")!;
        var (first, second) = (browser.Request(button.Form!, button), browser.Request(button.Form!, button));
        var before = await host.WithDatabaseAsync(db => db.Reports.Select(r => r.Description).ToListAsync());

        await browser.ReadAsync(first);
        var code = PagesFixture.CodeOf(browser);
        await browser.ReadAsync(second);

        Assert.Equal(21, code.Length);
        Assert.Equal(code, PagesFixture.CodeOf(browser));
        var after = await host.WithDatabaseAsync(db => db.Reports.Select(r => r.Description).ToListAsync());
        Assert.Equal(before.Count(IsSent) + 1, after.Count(IsSent));

        static bool IsSent(string? description) => description?.StartsWith("Dua kali ", StringComparison.Ordinal) is true;
    }

    [Fact]
    public async Task Receipt_BeforeItIsSaved_DoesNotGoAway()
    {
        using var browser = await host.AtCheckAsync();
        await browser.PressAsync("send");
        var code = PagesFixture.CodeOf(browser);
        await browser.PressAsync("saved");
        Assert.Equal((HttpStatusCode.BadRequest, code), (browser.Answer.StatusCode, PagesFixture.CodeOf(browser)));

        await browser.PressAsync("download");
        Assert.Equal("catatan.txt", browser.Answer.Content.Headers.ContentDisposition?.FileName);
        Assert.Contains(code, await browser.Answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);

        browser.Fill("Saved", "true");
        await browser.PressAsync("saved");
        Assert.DoesNotContain(code, browser.Page.DocumentElement.OuterHtml, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Pages_OfTheWalk_SetNoCookieButAntiforgery()
    {
        using var browser = await host.AtCheckAsync();
        await browser.PressAsync("send");

        var cookies = browser.Trail.Where(t => t.StartsWith("Set-Cookie", StringComparison.OrdinalIgnoreCase)).ToList();
        Assert.All(cookies, c => Assert.Contains("Antiforgery", c, StringComparison.Ordinal));
    }

    [Fact]
    public void Draft_ClosedAndOpened_IsTheSame()
    {
        var seal = host.Services.GetRequiredService<DraftSeal>();
        var draft = new ReportDraft { What = new WhatInput { Category = "other" }, Tell = new TellInput { Description = "é \0 🙂", Subjects = [new SubjectInput { Phone = "1" }] } };

        var opened = seal.Open(seal.Close(draft))!;

        Assert.Equal((draft.What, draft.Tell.Description, "1"), (opened.What, opened.Tell.Description, opened.Tell.Subjects.Single().Phone));
        Assert.True(seal.Close(draft with { Tell = draft.Tell with { Description = string.Concat(Enumerable.Repeat("Kata demi kata. ", 600)) } }).Length < 3000);
    }
}

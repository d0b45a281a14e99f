using Microsoft.Playwright;

namespace ReportIntake.BrowserTests;

/// <summary>A citizen at the form and at the status page, in either language, with scripts or without. Knows fields by their names, so that texts may change.</summary>
/// <param name="looksAtForm">Every page on the way to the receipt is checked; not where another walk has done so.</param>
internal sealed class Citizen(Walk walk, string language, bool scripts, bool looksAtForm = true)
{
    public const string Description = "Akun ini menawarkan anak perempuan di kota kami.";
    public const string Account = "contoh_akun";

    private IPage Page => walk.Page;

    private ILocator Next => Page.Locator("form#report > button.govuk-button[value=next]");

    public string Start => language == "en" ? "/en" : "/";

    public string Form => language == "en" ? "/en/report" : "/lapor";

    public string Status => language == "en" ? "/en/status" : "/status";

    /// <summary>From the start page to the receipt; gives the receipt code.</summary>
    public async Task<string> FileReportAsync(byte[] photo, byte[] video)
    {
        await walk.OpenAsync(Start);
        await SeenAsync("start");
        await walk.GoAsync(() => Page.Locator($"main a[href='{Form}']").First.ClickAsync());
        await SeenAsync("what");
        if (looksAtForm)
        {
            await walk.GoAsync(() => Next.ClickAsync());
            await SeenAsync("what-refused", expectRefusal: true);
        }

        await walk.ChooseAsync("What.Category", "child_sexual_exploitation");
        await walk.ChooseAsync("What.DangerNow", "yes");
        await walk.GoAsync(() => Next.ClickAsync());
        await SeenAsync("tell");
        await Page.Locator("textarea[name='Tell.Description']").FillAsync(Description);
        await Page.Locator("select[name='Tell.Subjects[0].Platform']").SelectOptionAsync("michat");
        await Page.Locator("input[name='Tell.Subjects[0].Account']").FillAsync(Account);
        await walk.GoAsync(() => Next.ClickAsync());
        await SeenAsync("facts");
        await walk.ChooseAsync("Facts.Who", "other");
        await walk.ChooseAsync("Facts.AgeBand", "13_17");
        await Page.Locator("select[name='Facts.Province']").SelectOptionAsync("32");
        await walk.GoAsync(() => Page.Locator("form#report button[value=stay]").ClickAsync());
        await SeenAsync("facts-regencies");
        await Page.Locator("select[name='Facts.Regency']").SelectOptionAsync("32.74");
        await walk.GoAsync(() => Next.ClickAsync());
        await SeenAsync("files");
        await AddFilesAsync(photo, video);
        await walk.GoAsync(() => Next.ClickAsync());
        await SeenAsync("contact");
        await walk.GoAsync(() => Next.ClickAsync());
        await SeenAsync("check");
        await walk.GoAsync(() => Page.Locator("button.ri-send").ClickAsync());
        await SeenAsync("receipt");
        var code = await ReceiptCodeAsync();
        await walk.ChooseAsync("Saved", "true");
        await walk.GoAsync(() => Page.Locator("form#sent button[value=saved]").ClickAsync());
        await SeenAsync("done");
        Assert.DoesNotContain(code, Page.Url, StringComparison.Ordinal);
        return code;
    }

    /// <summary>Opens the report by its receipt code.</summary>
    public async Task OpenStatusAsync(string code)
    {
        await walk.OpenAsync(Status);
        await walk.SeenAsync("status-code");
        await Page.Locator("input[name=Code]").FillAsync(code);
        await walk.GoAsync(() => Page.Locator("main form button.govuk-button").First.ClickAsync());
        await walk.SeenAsync("status");
        Assert.DoesNotContain(code, Page.Url, StringComparison.Ordinal);
    }

    public async Task<string> ReceiptCodeAsync() => string.Join('-', await Page.Locator("#receipt-code .ri-receipt__group").AllTextContentsAsync());

    private async Task AddFilesAsync(byte[] photo, byte[] video)
    {
        await Page.Locator("input[type=file]").SetInputFilesAsync(
        [
            new FilePayload { Name = "foto.jpg", MimeType = "image/jpeg", Buffer = photo },
            new FilePayload { Name = "video.mp4", MimeType = "video/mp4", Buffer = video },
        ]);
        if (scripts)
        {
            await Assertions.Expect(Page.Locator("input[type=hidden][name=UploadIds]")).ToHaveCountAsync(2, new LocatorAssertionsToHaveCountOptions { Timeout = 30_000 });
            await SeenAsync("files-sent", budget: false);
        }
    }

    private Task SeenAsync(string page, bool expectRefusal = false, bool budget = true) =>
        looksAtForm ? walk.SeenAsync(page, expectRefusal, budget) : Task.CompletedTask;
}

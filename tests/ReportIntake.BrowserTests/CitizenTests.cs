using Microsoft.Playwright;

namespace ReportIntake.BrowserTests;

[Collection(BrowserCollection.Name)]
public sealed class CitizenTests(Chromium chromium)
{
    [BrowserTheory]
    [InlineData(360, 740, "id", true)]
    [InlineData(360, 740, "id", false)]
    [InlineData(360, 740, "en", false)]
    [InlineData(1280, 900, "id", true)]
    [InlineData(1280, 900, "en", true)]
    [InlineData(1280, 900, "en", false)]
    public async Task Report_FiledWithPhotoAndVideo_IsReceivedAndFoundAgain(int width, int height, string language, bool scripts)
    {
        await using var walk = await chromium.WalkAsync($"citizen-{language}", width, height, scripts);
        var citizen = new Citizen(walk, language, scripts);

        var code = await citizen.FileReportAsync(chromium.Photo, chromium.Video);
        await citizen.OpenStatusAsync(code);

        var page = await walk.Page.ContentAsync();
        Assert.Contains("foto.jpg", page, StringComparison.Ordinal);
        Assert.Contains("video.mp4", page, StringComparison.Ordinal);
        await NothingIsKeptAsync(walk, scripts);
    }

    [BrowserTheory]
    [InlineData("id", "/bantuan", "/statistik", "/lapor-tidak-ada")]
    [InlineData("en", "/en/help", "/en/statistics", "/en/not-there")]
    public async Task Pages_AroundTheForm_AreSound(string language, string help, string statistics, string missing)
    {
        foreach (var (width, height) in new[] { (360, 740), (1280, 900) })
        {
            await using var walk = await chromium.WalkAsync($"around-{language}", width, height);
            await walk.OpenAsync(help);
            await walk.SeenAsync("help");
            await walk.OpenAsync(statistics);
            await walk.SeenAsync("statistics");
            await walk.OpenAsync(missing);
            await walk.SeenAsync("missing", expectRefusal: true);
            await walk.OpenAsync(language == "en" ? "/en/status" : "/status");
            await walk.Page.Locator("input[name=Code]").FillAsync("0000-0000-0000-0000-0");
            await walk.GoAsync(() => walk.Page.Locator("main form button.govuk-button").First.ClickAsync());
            await walk.SeenAsync("wrong-code", expectRefusal: true);
        }
    }

    [BrowserTheory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task ExitThisPage_Pressed_LeavesForTheHarmlessPage(bool scripts)
    {
        await using var walk = await chromium.WalkAsync("exit", 360, 740, scripts);
        await walk.Page.Context.RouteAsync("https://**", route => route.FulfillAsync(new RouteFulfillOptions { ContentType = "text/html", Body = "<title>weather</title>" }));
        await walk.OpenAsync("/");
        await walk.OpenAsync("/lapor");

        await walk.GoAsync(() => walk.Page.Locator(".govuk-exit-this-page__button").ClickAsync());

        Assert.Equal("https://www.bmkg.go.id/", walk.Page.Url);
        Assert.Equal("weather", await walk.Page.TitleAsync());
        if (scripts)
        {
            // The form is not behind the "back" button; what was open before it is.
            await walk.Page.GoBackAsync();
            Assert.Equal("/", new Uri(walk.Page.Url).AbsolutePath);
        }
    }

    [BrowserFact]
    public async Task ExitThisPage_ShiftThreeTimes_Leaves()
    {
        await using var walk = await chromium.WalkAsync("exit-keys");
        await walk.Page.Context.RouteAsync("https://**", route => route.FulfillAsync(new RouteFulfillOptions { ContentType = "text/html", Body = "<title>weather</title>" }));
        await walk.OpenAsync("/lapor");

        await walk.GoAsync(async () =>
        {
            for (var i = 0; i < 3; i++)
            {
                await walk.Page.Keyboard.PressAsync("Shift");
            }
        });

        Assert.Equal("https://www.bmkg.go.id/", walk.Page.Url);
    }

    private static async Task NothingIsKeptAsync(Walk walk, bool scripts)
    {
        if (scripts)
        {
            Assert.Equal(0, await walk.Page.EvaluateAsync<int>("() => localStorage.length + sessionStorage.length"));
        }

        Assert.All(await walk.Page.Context.CookiesAsync(), cookie => Assert.Equal(-1, cookie.Expires)); // gone with the browser
    }
}

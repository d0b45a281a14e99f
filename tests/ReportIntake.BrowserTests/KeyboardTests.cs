using Microsoft.Playwright;

namespace ReportIntake.BrowserTests;

/// <summary>The citizen's walk by Tab, Space, Enter, arrows and letters alone: no mouse, no focusing by script.</summary>
[Collection(BrowserCollection.Name)]
public sealed class KeyboardTests(Chromium chromium)
{
    private const int MostTabs = 80;

    [BrowserFact]
    public async Task Report_ByKeyboardAlone_IsFiled()
    {
        await using var walk = await chromium.WalkAsync("keyboard");
        var page = walk.Page;
        await walk.OpenAsync("/");
        await TabToAsync(page, "main a[href='/lapor']");
        await walk.GoAsync(() => page.Keyboard.PressAsync("Enter"));

        await TabToAsync(page, "input[name='What.Category']");
        await page.Keyboard.PressAsync("Space");
        await TabToAsync(page, "input[name='What.DangerNow']");
        await page.Keyboard.PressAsync("ArrowDown");
        await NextAsync(walk);

        await TabToAsync(page, "textarea[name='Tell.Description']");
        await page.Keyboard.TypeAsync(Citizen.Description);
        await NextAsync(walk);
        await NextAsync(walk); // facts
        await NextAsync(walk); // files
        await NextAsync(walk); // contact
        await TabToAsync(page, "button.ri-send");
        await walk.GoAsync(() => page.Keyboard.PressAsync("Enter"));

        Assert.Equal(1, await page.Locator("#receipt-code").CountAsync());
        await TabToAsync(page, "input[name=Saved]");
        await page.Keyboard.PressAsync("Space");
        await TabToAsync(page, "form#sent button[value=saved]");
        await walk.GoAsync(() => page.Keyboard.PressAsync("Enter"));
        await walk.SeenAsync("done");
    }

    private static async Task NextAsync(Walk walk)
    {
        await TabToAsync(walk.Page, "form#report button.govuk-button[value=next]:not(.govuk-button--secondary)");
        await walk.GoAsync(() => walk.Page.Keyboard.PressAsync("Enter"));
    }

    /// <summary>Presses Tab until the element has the focus, and sees that the focus shows.</summary>
    private static async Task TabToAsync(IPage page, string selector)
    {
        for (var i = 0; i < MostTabs; i++)
        {
            await page.Keyboard.PressAsync("Tab");
            if (await page.EvaluateAsync<bool>("selector => document.activeElement.matches(selector)", selector))
            {
                return;
            }
        }

        Assert.Fail($"{selector} is not reached by Tab at {page.Url}.");
    }
}

using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;
using ReportIntake.Testing;
using ReportIntake.Web.Security;

namespace ReportIntake.BrowserTests;

/// <summary>The desk with the time to undo that it has in production.</summary>
public sealed class DeskChromium : Chromium
{
    public override BrowserHost Host { get; } = new() { UndoWindow = "00:00:10" };
}

/// <summary>
/// A moderator works off a series of mixed reports by keyboard alone: no mouse, no focusing by script. <c>DESK_REPORTS</c>
/// sets how many on the large screen (20).
/// </summary>
public sealed class DeskTests(DeskChromium chromium) : IClassFixture<DeskChromium>
{
    private const int MostTabs = 60;
    private static readonly int Many = int.TryParse(Environment.GetEnvironmentVariable("DESK_REPORTS"), NumberStyles.None, CultureInfo.InvariantCulture, out var many) ? many : 20;

    private readonly HashSet<string> seen = [];

    [BrowserTheory]
    [InlineData(1280, 900, "en")]
    [InlineData(360, 740, "id")]
    public async Task Series_ByKeyboardAlone_IsDecided(int width, int height, string language)
    {
        var reports = width > 1000 ? Many : 6;
        await FileAsync(reports);
        var moderator = await chromium.Host.AddStaffAsync([StaffRoles.Moderator]);
        await using var walk = await chromium.WalkAsync("desk-" + language, width, height);
        var page = walk.Page;
        await page.Context.AddCookiesAsync([new Cookie { Name = "ri_lang", Value = language, Url = chromium.Host.Address.ToString() }]);
        await SignInAsync(walk, moderator);
        await LooksAsync(walk, "queue");

        var verified = new List<string>();
        for (var i = 0; i < reports; i++)
        {
            await walk.GoAsync(() => page.Keyboard.PressAsync("n"));
            Assert.Contains("/staff/reports/", page.Url, StringComparison.Ordinal);
            var reference = (await page.Locator("h1").InnerTextAsync()).Split(' ')[^1];
            switch (i % 5)
            {
                case 1:
                    await AskAsync(walk);
                    break;
                case 2:
                    await RejectAsync(walk);
                    break;
                case 3:
                    await MarkDuplicateAsync(walk, verified[^1]);
                    break;
                default:
                    await VerifyAsync(walk, noted: i % 5 == 4, undone: i == 0);
                    verified.Add(reference);
                    break;
            }

            Assert.Contains("/staff/queue?done=", page.Url, StringComparison.Ordinal);
            await LooksAsync(walk, "decided");
        }

        // Released by itself, and only to whom it belongs.
        using var police = await chromium.Host.PoliceClientAsync();
        for (var attempt = 0; ; attempt++)
        {
            var listed = (await police.GetFromJsonAsync<JsonElement>("/api/v1/reports?limit=200")).GetProperty("items").EnumerateArray().Select(r => r.GetProperty("reference").GetString()).ToList();
            if (verified.TrueForAll(v => listed.Contains(v)))
            {
                return;
            }

            Assert.True(attempt < 300, $"{verified.Count} verified, {listed.Count} with the police");
            await Task.Delay(100);
        }
    }

    [BrowserFact]
    public async Task Shortcuts_Listed_NeverFireWhileTypingAndCanBeSwitchedOff()
    {
        await FileAsync(1);
        var moderator = await chromium.Host.AddStaffAsync([StaffRoles.Moderator]);
        await using var walk = await chromium.WalkAsync("keys");
        var page = walk.Page;
        await SignInAsync(walk, moderator);
        await walk.GoAsync(() => page.Keyboard.PressAsync("n"));
        var address = page.Url;

        await page.Keyboard.PressAsync("?");
        await Assertions.Expect(page.Locator("#shortcuts")).ToBeVisibleAsync();
        var keys = await page.Locator("#shortcuts kbd").AllInnerTextsAsync();
        await walk.SeenAsync("shortcuts", budget: false);
        Assert.Superset(new HashSet<string> { "?", "v", "a", "d", "r", "m", "l", "g" }, keys.ToHashSet());
        await page.Keyboard.PressAsync("g");
        await page.Keyboard.PressAsync("Escape");
        await Assertions.Expect(page.Locator("#shortcuts")).Not.ToBeVisibleAsync();

        await page.Keyboard.PressAsync("m");
        await page.Keyboard.TypeAsync("gl?rv");
        Assert.Equal("gl?rv", await page.Locator("#Noting_Text").InputValueAsync());
        await page.Keyboard.PressAsync("Escape");

        await page.Keyboard.PressAsync("?");
        await TabToAsync(page, "#keys-on");
        await page.Keyboard.PressAsync("Space");
        await page.Keyboard.PressAsync("Escape");
        await page.Keyboard.PressAsync("g");
        await page.Keyboard.PressAsync("?");
        await Assertions.Expect(page.Locator("#shortcuts")).Not.ToBeVisibleAsync();
        Assert.Equal(address, page.Url);
    }

    [BrowserFact]
    public async Task SessionEndedElsewhere_Draft_StaysUntilOneIsSignedInAgain()
    {
        await FileAsync(1);
        var moderator = await chromium.Host.AddStaffAsync([StaffRoles.Moderator]);
        await using var walk = await chromium.WalkAsync("session");
        var page = walk.Page;
        await SignInAsync(walk, moderator);
        await walk.GoAsync(() => page.Keyboard.PressAsync("n"));
        await page.Keyboard.PressAsync("m");
        await page.Keyboard.TypeAsync("Typed before the session ended.");
        await EndSessionsAsync(moderator.Id);

        await page.Keyboard.PressAsync("Control+Enter");
        await Assertions.Expect(page.Locator("form:has(#Noting_Text) [data-session-ended]")).ToBeVisibleAsync();
        await walk.SeenAsync("session-ended", expectRefusal: true, budget: false);
        var tab = await page.Context.NewPageAsync();
        await tab.GotoAsync("/staff/sign-in");
        await tab.Locator("input[name=email]").FillAsync(moderator.Email);
        await tab.Locator("input[name=password]").FillAsync(moderator.Password);
        await tab.Keyboard.PressAsync("Enter");
        await tab.Locator("input[name=code]").FillAsync(await chromium.Host.CodeAsync(moderator));
        await tab.Keyboard.PressAsync("Enter");
        await tab.WaitForURLAsync("**/staff/queue");
        await tab.CloseAsync();

        await page.Locator("#Noting_Text").FocusAsync();
        await walk.GoAsync(() => page.Keyboard.PressAsync("Control+Enter"));
        await Assertions.Expect(page.Locator(".ri-message").Filter(new LocatorFilterOptions { HasText = "Typed before the session ended." })).ToBeVisibleAsync();
    }

    private async Task EndSessionsAsync(Guid id)
    {
        await using var scope = chromium.Host.Services.CreateAsyncScope();
        var accounts = scope.ServiceProvider.GetRequiredService<UserManager<StaffMember>>();
        Assert.True((await accounts.UpdateSecurityStampAsync((await accounts.FindByIdAsync($"{id}"))!)).Succeeded);
    }

    private async Task VerifyAsync(Walk walk, bool noted, bool undone)
    {
        var page = walk.Page;
        await LooksAsync(walk, "review");
        if (noted)
        {
            await page.Keyboard.PressAsync("m");
            await page.Keyboard.TypeAsync("Read twice.");
            await walk.GoAsync(() => page.Keyboard.PressAsync("Control+Enter"));
            await LooksAsync(walk, "noted");
        }

        await page.Keyboard.PressAsync("v");
        await walk.GoAsync(() => page.Keyboard.PressAsync("Enter"));
        if (undone)
        {
            await walk.GoAsync(() => page.Keyboard.PressAsync("u"));
            await Assertions.Expect(page.Locator("#undone")).ToBeVisibleAsync();
            await LooksAsync(walk, "undone");
            await page.Keyboard.PressAsync("v");
            await walk.GoAsync(() => page.Keyboard.PressAsync("Enter"));
        }
    }

    private async Task AskAsync(Walk walk)
    {
        var page = walk.Page;
        await page.Keyboard.PressAsync("a");
        await page.Keyboard.PressAsync("ArrowDown");
        Assert.NotEqual("", await page.Locator("#Asking_Text").InputValueAsync());
        await LooksAsync(walk, "asking");
        await walk.GoAsync(() => page.Keyboard.PressAsync("Control+Enter"));
    }

    private async Task RejectAsync(Walk walk)
    {
        var page = walk.Page;
        await page.Keyboard.PressAsync("r");
        if (!seen.Contains("refused"))
        {
            await walk.GoAsync(() => page.Keyboard.PressAsync("Control+Enter"));
            await LooksAsync(walk, "refused", refusal: true);
            await page.Keyboard.PressAsync("r");
        }

        await page.Keyboard.PressAsync("ArrowDown");
        await walk.GoAsync(() => page.Keyboard.PressAsync("Control+Enter"));
    }

    private async Task MarkDuplicateAsync(Walk walk, string of)
    {
        var page = walk.Page;
        await page.Keyboard.PressAsync("d");
        await page.Keyboard.TypeAsync(of);
        await walk.GoAsync(() => page.Keyboard.PressAsync("Enter"));
        await Assertions.Expect(page.Locator("#compare")).ToBeFocusedAsync();
        await LooksAsync(walk, "compare");
        await walk.GoAsync(() => page.Keyboard.PressAsync("y"));
    }

    /// <summary>Each sort of page is checked once: axe, overflow, console.</summary>
    private async Task LooksAsync(Walk walk, string state, bool refusal = false)
    {
        if (seen.Add(state))
        {
            await walk.SeenAsync(state, expectRefusal: refusal, budget: false);
        }
    }

    private static async Task SignInAsync(Walk walk, TestStaff moderator)
    {
        var page = walk.Page;
        await walk.OpenAsync("/staff/queue");
        await TabToAsync(page, "input[name=email]");
        await page.Keyboard.TypeAsync(moderator.Email);
        await TabToAsync(page, "input[name=password]");
        await page.Keyboard.TypeAsync(moderator.Password);
        await walk.GoAsync(() => page.Keyboard.PressAsync("Enter"));
        await TabToAsync(page, "input[name=code]");
        await page.Keyboard.TypeAsync(StaffAccounts.Totp(moderator.TotpKey)!);
        await walk.GoAsync(() => page.Keyboard.PressAsync("Enter"));
    }

    private static async Task TabToAsync(IPage page, string selector)
    {
        for (var i = 0; i < MostTabs; i++)
        {
            if (await page.EvaluateAsync<bool>("s => document.activeElement?.matches(s) ?? false", selector))
            {
                return;
            }

            await page.Keyboard.PressAsync("Tab");
        }

        Assert.Fail($"Tab does not get to {selector}.");
    }

    /// <summary>Mixed: tiers by danger and age, one account in several, both languages.</summary>
    private async Task FileAsync(int count)
    {
        using var citizen = chromium.Host.Client();
        string[] categories = ["online_fraud", "online_enticement", "online_gambling", "sextortion", "threats"];
        for (var i = 0; i < count; i++)
        {
            using var filed = await citizen.PostAsJsonAsync("/api/v1/reports", new
            {
                category = categories[i % categories.Length],
                description = i % 2 == 0 ? "Akun ini mengajak murid sekolah kami bertemu." : "This account asks pupils for pictures.",
                language = i % 2 == 0 ? "id" : "en",
                incident = new { areaCode = "32.74" },
                subjects = new[] { new { platform = "michat", handle = $"@akun{i % 4}" } },
                victim = new { ageBand = i % 3 == 0 ? "13_17" : "unknown", dangerNow = i % 4 == 0 ? "yes" : "unknown" },
            });
            Assert.True(filed.IsSuccessStatusCode, await filed.Content.ReadAsStringAsync());
        }
    }
}

using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.Playwright;
using ReportIntake.Testing;
using ReportIntake.Web.Security;

namespace ReportIntake.BrowserTests;

/// <summary>A report from the citizen's phone by the moderator's desk to the police, and its news back to the citizen.</summary>
/// <remarks>On a host of its own: the next report must be this walk's.</remarks>
public sealed class WholeWayTests(Chromium chromium) : IClassFixture<Chromium>
{
    [BrowserTheory]
    [InlineData(1280, 900, true)]
    [InlineData(360, 740, false)]
    public async Task Report_FromCitizenToPoliceAndBack_ArrivesWholeAndIsTold(int width, int height, bool scripts)
    {
        await using var phone = await chromium.WalkAsync("way-citizen", 360, 740, scripts);
        var citizen = new Citizen(phone, "id", scripts, looksAtForm: false);
        var code = await citizen.FileReportAsync(chromium.Photo, chromium.Video);
        var before = await StateTextAsync(phone, citizen, code);
        await ScreenedAsync(code);

        var reference = await VerifyAsync(width, height, scripts);

        using var police = await chromium.Host.PoliceClientAsync(areas: ["32"]);
        var report = (await police.GetFromJsonAsync<JsonElement>("/api/v1/reports?limit=200")).GetProperty("items").EnumerateArray()
            .Single(r => r.GetProperty("reference").GetString() == reference);
        var id = report.GetProperty("id").GetGuid();
        var full = await police.GetFromJsonAsync<JsonElement>($"/api/v1/reports/{id}");
        var hashes = new List<string>();
        foreach (var item in full.GetProperty("evidence").EnumerateArray())
        {
            var original = await police.GetByteArrayAsync($"/api/v1/reports/{id}/evidence/{item.GetProperty("id").GetGuid()}/original");
            hashes.Add(Hash(original));
            Assert.Equal(item.GetProperty("sha256").GetString(), hashes[^1]);
        }

        Assert.Equal(new[] { Hash(chromium.Photo), Hash(chromium.Video) }.Order(), hashes.Order());
        Assert.NotEqual(before, await StateTextAsync(phone, citizen, code));
    }

    /// <summary>Signs in with the second factor, takes the next report, looks at a file, and verifies. Gives the reference.</summary>
    private async Task<string> VerifyAsync(int width, int height, bool scripts)
    {
        var moderator = await chromium.Host.AddStaffAsync([StaffRoles.Moderator]);
        await using var desk = await chromium.WalkAsync("way-moderator", width, height, scripts);
        var page = desk.Page;
        await desk.OpenAsync("/staff/queue");
        await desk.SeenAsync("sign-in", budget: false);
        await page.Locator("input[name=email]").FillAsync(moderator.Email);
        await page.Locator("input[name=password]").FillAsync(moderator.Password);
        await desk.GoAsync(() => page.Locator("main form button.govuk-button").ClickAsync());
        await desk.SeenAsync("sign-in-code", budget: false);
        await page.Locator("input[name=code]").FillAsync(StaffAccounts.Totp(moderator.TotpKey)!);
        await desk.GoAsync(() => page.Locator("main form button.govuk-button").ClickAsync());
        await desk.SeenAsync("queue", budget: false);
        await desk.GoAsync(() => page.Locator(".ri-start__button").ClickAsync());
        await desk.SeenAsync("review", budget: false);
        Assert.Contains(Citizen.Description, await page.ContentAsync(), StringComparison.Ordinal);
        await RevealAsync(desk, scripts);

        var review = page.Locator("form", new PageLocatorOptions { Has = page.Locator("select[name='Verifying.Category']") });
        await review.Locator("select[name='Verifying.Category']").SelectOptionAsync("child_sexual_exploitation");
        await desk.ChooseAsync("Verifying.Tier", "immediate");
        var reference = await page.Locator("h1").InnerTextAsync();
        await desk.GoAsync(() => review.Locator("button.govuk-button").First.ClickAsync());
        await desk.SeenAsync("verified", budget: false);
        var found = System.Text.RegularExpressions.Regex.Match(reference, "RI-[0-9]{4}-[0-9]{6}", System.Text.RegularExpressions.RegexOptions.None, TimeSpan.FromSeconds(1));
        Assert.True(found.Success, reference);
        return found.Value;
    }

    /// <summary>No picture is there before it is asked for, and then it is blurred.</summary>
    private static async Task RevealAsync(Walk desk, bool scripts)
    {
        var page = desk.Page;
        Assert.Equal(0, await page.Locator(".ri-viewer__media").CountAsync());
        if (scripts)
        {
            await page.Locator("a[data-reveal]").First.ClickAsync();
        }
        else
        {
            await desk.GoAsync(() => page.Locator("a[data-reveal]").First.ClickAsync());
            await desk.SeenAsync("evidence", budget: false);
            await desk.GoAsync(() => page.Locator("button[name=show]").ClickAsync());
        }

        var picture = page.Locator(".ri-viewer__media");
        await Assertions.Expect(picture).ToBeVisibleAsync();
        await Assertions.Expect(picture).ToHaveJSPropertyAsync("complete", true);
        Assert.True(await picture.EvaluateAsync<int>("e => e.naturalWidth") > 0, "The picture was not shown.");
        Assert.Contains("blur", await picture.EvaluateAsync<string>("e => getComputedStyle(e).filter"), StringComparison.Ordinal);
        await desk.SeenAsync("revealed", budget: false);
        if (!scripts)
        {
            await page.GoBackAsync();
            await desk.GoAsync(() => page.GoBackAsync());
        }
    }

    private static async Task<string> StateTextAsync(Walk phone, Citizen citizen, string code)
    {
        await citizen.OpenStatusAsync(code);
        return await phone.Page.Locator("main p.govuk-body-l").First.InnerTextAsync();
    }

    /// <summary>Waits until both files can be looked at.</summary>
    private async Task ScreenedAsync(string code)
    {
        using var client = chromium.Host.Client();
        client.DefaultRequestHeaders.Authorization = new System.Net.Http.Headers.AuthenticationHeaderValue("Receipt", code);
        for (var attempt = 0; ; attempt++)
        {
            var evidence = (await client.GetFromJsonAsync<JsonElement>("/api/v1/receipt")).GetProperty("evidence").EnumerateArray().ToList();
            Assert.Equal(2, evidence.Count);
            if (evidence.All(e => e.GetProperty("state").GetString() is "available"))
            {
                return;
            }

            Assert.True(attempt < 600, string.Join(", ", evidence));
            await Task.Delay(100);
        }
    }

    private static string Hash(byte[] bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));
}

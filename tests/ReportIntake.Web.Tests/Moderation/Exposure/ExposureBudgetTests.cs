using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using ReportIntake.Domain.Exposure;
using ReportIntake.Testing;
using ReportIntake.Web.Security;

namespace ReportIntake.Web.Tests.Moderation.Exposure;

/// <summary>The budget holds on the server, whatever a page or a tool does.</summary>
public sealed class ExposureBudgetTests
{
    private const string Exposure = "/api/v1/moderation/exposure";
    private static readonly byte[] Bytes = RandomNumberGenerator.GetBytes(2000);

    [Fact]
    public async Task Copies_OverTheBudget_AreRefusedWithWhatToDo()
    {
        await using var host = Host(reveals: 2);
        using var moderator = await host.StaffClientAsync(StaffRoles.Moderator);
        moderator.DefaultRequestHeaders.AcceptLanguage.ParseAdd("en");
        var (first, second, third) = (await FileAsync(host), await FileAsync(host), await FileAsync(host));

        Assert.Equal(HttpStatusCode.OK, await StatusAsync(moderator, first + "thumbnail"));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(moderator, second + "working-copy"));
        using var refused = await moderator.GetAsync(third + "thumbnail");
        using var larger = await moderator.GetAsync(third + "working-copy");

        var problem = await refused.Content.ReadFromJsonAsync<JsonElement>();
        Assert.Equal((HttpStatusCode.TooManyRequests, "exposure_budget_exhausted"), (refused.StatusCode, problem.Text("code")));
        Assert.Equal(HttpStatusCode.TooManyRequests, larger.StatusCode);
        Assert.Contains("supervisor", problem.Text("detail"), StringComparison.Ordinal);
        Assert.True(refused.Headers.RetryAfter?.Delta > TimeSpan.FromSeconds(5) || problem.Text("retryAfter") is "1" or "2" or "3" or "4" or "5");
    }

    [Fact]
    public async Task Copies_OfOneFile_CostOneRevealADay()
    {
        await using var host = Host(reveals: 1);
        using var moderator = await host.StaffClientAsync(StaffRoles.Moderator);
        var file = await FileAsync(host);

        Assert.Equal(HttpStatusCode.OK, await StatusAsync(moderator, file + "thumbnail"));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(moderator, file + "working-copy"));
        Assert.Equal(HttpStatusCode.PartialContent, await StatusAsync(moderator, file + "working-copy", new RangeHeaderValue(10, 19)));

        var load = await moderator.GetFromJsonAsync<JsonElement>(Exposure + "/mine");
        Assert.Equal((1, 0), (load.GetProperty("reveals").GetInt32(), load.GetProperty("revealsLeft").GetInt32()));
    }

    [Fact]
    public async Task Copies_AtOnce_CannotSlipPastTheBudget()
    {
        await using var host = Host(reveals: 3);
        using var moderator = await host.StaffClientAsync(StaffRoles.Moderator);
        var files = new List<string>();
        for (var i = 0; i < 12; i++)
        {
            files.Add(await FileAsync(host));
        }

        // Begins the day: two requests that both begin it would have one of them refused.
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(moderator, files[0] + "thumbnail"));
        var answers = await Task.WhenAll(files.Skip(1).Select(f => StatusAsync(moderator, f + "thumbnail")));

        Assert.Equal(2, answers.Count(s => s is HttpStatusCode.OK));
        Assert.Equal(9, answers.Count(s => s is HttpStatusCode.TooManyRequests));
    }

    [Fact]
    public async Task FilePage_OverTheBudget_SaysSoAndNamesNoSource()
    {
        await using var host = Host(reveals: 1);
        var person = await host.AddStaffAsync([StaffRoles.Moderator]);
        using var browser = await host.BrowserAsync(person);
        using var tool = await host.SignedInAsync(person);
        var (first, second) = (await FileAsync(host), await FileAsync(host));
        await StatusAsync(tool, first + "thumbnail");

        var seen = await browser.GetStringAsync(PageOf(first));
        var refused = await browser.GetStringAsync(PageOf(second));

        Assert.Contains("/thumbnail\"", seen, StringComparison.Ordinal);
        Assert.DoesNotContain("/thumbnail", refused, StringComparison.Ordinal);
        Assert.Contains("tengah malam WIB", refused, StringComparison.Ordinal);

        static string PageOf(string file) => file.Replace("/api/v1/moderation", "/staff", StringComparison.Ordinal).TrimEnd('/') + "?show=thumbnail";
    }

    [Fact]
    public async Task Original_OverTheBudget_IsRefusedToo()
    {
        await using var host = Host(reveals: 1);
        using var custodian = await host.StaffClientAsync(StaffRoles.EvidenceCustodian);
        var (first, second) = (await FileAsync(host), await FileAsync(host));

        Assert.Equal(HttpStatusCode.OK, await StatusAsync(custodian, first + "original?purpose=x"));
        Assert.Equal(HttpStatusCode.TooManyRequests, await StatusAsync(custodian, second + "original?purpose=x"));
    }

    [Fact]
    public async Task Viewing_ShownAndHidden_IsCounted()
    {
        await using var host = Host();
        using var moderator = await host.StaffClientAsync(StaffRoles.Moderator);

        using var viewing = await moderator.PostAsync(Exposure + "/viewing", null);
        var open = await DayAsync(host);
        using var hidden = await moderator.PostAsync(Exposure + "/hidden", null);
        var closed = await DayAsync(host);

        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.OK), (viewing.StatusCode, hidden.StatusCode));
        Assert.NotNull(open.SeenAt);
        Assert.Null(closed.SeenAt);
        Assert.True(closed.Viewed > TimeSpan.Zero);
    }

    [Fact]
    public async Task Viewing_BreakDue_MustBeHidden()
    {
        await using var host = Host(breakAfter: "00:00:00.0000010");
        using var moderator = await host.StaffClientAsync(StaffRoles.Moderator);
        var file = await FileAsync(host);

        Assert.Equal(HttpStatusCode.OK, await StatusAsync(moderator, file + "thumbnail"));
        using var viewing = await moderator.PostAsync(Exposure + "/viewing", null);
        using var again = await moderator.GetAsync(file + "thumbnail");

        Assert.Equal("exposure_break_required", (await viewing.Content.ReadFromJsonAsync<JsonElement>()).Text("code"));
        Assert.Equal("exposure_break_required", (await again.Content.ReadFromJsonAsync<JsonElement>()).Text("code"));
    }

    [Fact]
    public async Task Override_BySupervisor_GrantsMoreAndIsOnTheLedgerWithItsReason()
    {
        await using var host = Host(reveals: 1);
        var person = await host.AddStaffAsync([StaffRoles.Moderator]);
        using var moderator = await host.SignedInAsync(person);
        using var supervisor = await host.StaffClientAsync(StaffRoles.Supervisor);
        var (first, second) = (await FileAsync(host), await FileAsync(host));
        await StatusAsync(moderator, first + "thumbnail");

        using var granted = await supervisor.PostAsJsonAsync($"{Exposure}/{person.Id}/override", new { reason = "A child is missing.", reveals = 2 });

        var load = await granted.Content.ReadFromJsonAsync<JsonElement>();
        Assert.Equal((2, 2), (load.GetProperty("granted").GetInt32(), load.GetProperty("revealsLeft").GetInt32()));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(moderator, second + "thumbnail"));
        var entry = await host.WithDatabaseAsync(d => d.Ledger.SingleAsync(e => e.Action == "exposure_budget_extended"));
        Assert.Equal("A child is missing.", entry.Purpose);
        Assert.Contains($"\"staffId\":\"{person.Id}\"", entry.Details, StringComparison.Ordinal);
        Assert.DoesNotContain("missing", entry.Details, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Override_OwnBudgetOrWrongBody_IsRefused()
    {
        await using var host = Host();
        var person = await host.AddStaffAsync([StaffRoles.Supervisor]);
        using var supervisor = await host.SignedInAsync(person);

        using var own = await supervisor.PostAsJsonAsync($"{Exposure}/{person.Id}/override", new { reason = "x", reveals = 2 });
        using var unknown = await supervisor.PostAsJsonAsync($"{Exposure}/{Guid.NewGuid()}/override", new { reason = "x", reveals = 2 });
        using var nothing = await supervisor.PostAsJsonAsync($"{Exposure}/{Guid.NewGuid()}/override", new { reason = " ", reveals = 0 });

        Assert.Equal((HttpStatusCode.Forbidden, HttpStatusCode.NotFound, HttpStatusCode.BadRequest), (own.StatusCode, unknown.StatusCode, nothing.StatusCode));
        Assert.Equal(["reason", "reveals"], (await nothing.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("errors").EnumerateObject().Select(e => e.Name).Order());
    }

    [Fact]
    public async Task Loads_Supervisor_SeesNumbersAndNothingOfWhatWasSeen()
    {
        await using var host = Host();
        var person = await host.AddStaffAsync([StaffRoles.Moderator]);
        using var moderator = await host.SignedInAsync(person);
        using var supervisor = await host.StaffClientAsync(StaffRoles.Supervisor);
        using var browser = await host.StaffBrowserAsync(StaffRoles.Supervisor);
        var file = await FileAsync(host);
        await StatusAsync(moderator, file + "thumbnail");

        var loads = await supervisor.GetFromJsonAsync<JsonElement>(Exposure + "?days=1");
        var page = await browser.GetStringAsync("/staff/exposure");

        var item = Assert.Single(loads.GetProperty("items").EnumerateArray());
        Assert.Equal((person.Id, 1), (item.GetProperty("staffId").GetGuid(), item.GetProperty("reveals").GetInt32()));
        foreach (var part in file.Split('/').Where(p => Guid.TryParse(p, out _)))
        {
            Assert.DoesNotContain(part, loads.ToString() + page, StringComparison.OrdinalIgnoreCase);
        }

        Assert.Contains(person.Email.Split('@')[0], page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ClaimNext_AvoidedCategory_IsGivenToColleaguesOnly()
    {
        await using var host = Host();
        var person = await host.AddStaffAsync([StaffRoles.Moderator]);
        using var browser = await host.BrowserAsync(person);
        using var own = await host.SignedInAsync(person);
        using var colleague = await host.StaffClientAsync(StaffRoles.Moderator);
        var report = await host.AddAsync(category: "sextortion");

        using var saved = await browser.PostFormAsync("/staff/account/viewing", new() { ["Choosing.Avoided"] = "sextortion", ["Choosing.Blur"] = "off", ["Choosing.Size"] = "large" });
        using var nothing = await own.PostAsync("/api/v1/moderation/queue/next", null);
        using var given = await colleague.PostAsync("/api/v1/moderation/queue/next", null);

        Assert.Equal(HttpStatusCode.Redirect, saved.StatusCode);
        Assert.Equal(HttpStatusCode.NoContent, nothing.StatusCode);
        Assert.Equal(report.Id, (await given.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("id").GetGuid());
    }

    [Fact]
    public async Task Preferences_Chosen_ShapeTheReportPageAndAreKept()
    {
        await using var host = Host();
        using var browser = await host.StaffBrowserAsync(StaffRoles.Moderator);
        var file = await FileAsync(host);
        var page = "/staff/reports/" + file.Split('/')[5];

        var before = await browser.GetStringAsync(page);
        using var saved = await browser.PostFormAsync("/staff/account/viewing", new() { ["Choosing.Blur"] = "off", ["Choosing.Grey"] = "", ["Choosing.Size"] = "large" });
        var after = await browser.GetStringAsync(page);
        var form = await browser.GetStringAsync("/staff/account/viewing");

        Assert.Contains("data-blur=\"yes\"", before, StringComparison.Ordinal);
        Assert.Contains("data-size=\"small\"", before, StringComparison.Ordinal);
        Assert.DoesNotContain("data-blur=\"yes\"", after, StringComparison.Ordinal);
        Assert.Contains("data-grey=\"yes\"", after, StringComparison.Ordinal);
        Assert.Contains("data-size=\"large\"", after, StringComparison.Ordinal);
        Assert.Matches("value=\"off\"[^>]*checked|checked[^>]*value=\"off\"", form);
    }

    private static ModerationHost Host(int reveals = 100, string breakAfter = "01:00:00") => new()
    {
        With = new Dictionary<string, string?>
        {
            ["Desk:Exposure:RevealsPerDay"] = $"{reveals}",
            ["Desk:Exposure:SuggestBreakAfter"] = "00:00:00.0000010",
            ["Desk:Exposure:RequireBreakAfter"] = breakAfter,
        },
    };

    /// <summary>The address of a new file in a new report, with a slash at its end.</summary>
    private static async Task<string> FileAsync(ModerationHost host)
    {
        var report = await host.AddAsync();
        var file = await host.AddEvidenceAsync(report.Id, RandomNumberGenerator.GetBytes(100), Bytes);
        return $"/api/v1/moderation/reports/{report.Id}/evidence/{file.Id}/";
    }

    private static async Task<HttpStatusCode> StatusAsync(HttpClient client, string address, RangeHeaderValue? range = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, address);
        request.Headers.Range = range;
        using var answer = await client.SendAsync(request);
        return answer.StatusCode;
    }

    private static Task<ExposureDay> DayAsync(ModerationHost host) => host.WithDatabaseAsync(d => d.Set<ExposureDay>().AsNoTracking().SingleAsync());
}

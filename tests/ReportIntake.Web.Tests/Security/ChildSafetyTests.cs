using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using ReportIntake.Testing;
using ReportIntake.Web.Security;
using ReportIntake.Web.Tests.Moderation;

namespace ReportIntake.Web.Tests.Security;

/// <summary>With <c>Staff:RestrictChildSafety</c> reports of child-safety categories are not there for moderators of other matters.</summary>
public sealed class ChildSafetyTests
{
    [Theory]
    [InlineData(StaffRoles.Moderator, false)]
    [InlineData(StaffRoles.ChildSafetyModerator, true)]
    [InlineData(StaffRoles.Supervisor, true)]
    public async Task EveryRoute_ReportOfAChildSafetyCategory_IsThereForThoseWhoseMatterItIs(string role, bool sees)
    {
        await using var host = Restricted();
        var report = await host.AddAsync(childSafety: true);
        var bytes = await Media.JpegAsync(32, 32);
        var evidence = (await host.AddEvidenceAsync(report.Id, bytes, bytes)).Id;
        using var client = await host.StaffClientAsync(role);
        using var browser = await host.StaffBrowserAsync(role);
        var expected = sees ? HttpStatusCode.OK : HttpStatusCode.NotFound;

        using var read = await client.GetAsync($"/api/v1/moderation/reports/{report.Id}");
        using var copy = await client.GetAsync($"/api/v1/moderation/reports/{report.Id}/evidence/{evidence}/working-copy");
        using var page = await browser.GetAsync($"/staff/reports/{report.Id}");
        var queue = await client.GetStringAsync("/api/v1/moderation/queue");
        using var next = await client.PostAsync("/api/v1/moderation/queue/next", null);

        Assert.Equal(expected, read.StatusCode);
        Assert.Equal(expected, copy.StatusCode);
        Assert.Equal(expected, page.StatusCode);
        Assert.Equal(sees, queue.Contains($"{report.Id}", StringComparison.Ordinal));
        Assert.Equal(sees ? HttpStatusCode.OK : HttpStatusCode.NoContent, next.StatusCode);
    }

    [Fact]
    public async Task Refusal_HiddenReport_IsThatOfAReportThatNeverWas()
    {
        await using var host = Restricted();
        var report = await host.AddAsync(childSafety: true);
        using var client = await host.StaffClientAsync(StaffRoles.Moderator);

        using var hidden = await client.PostAsync($"/api/v1/moderation/reports/{report.Id}/claim", null);
        using var never = await client.PostAsync($"/api/v1/moderation/reports/{Guid.NewGuid()}/claim", null);

        Assert.Equal(HttpStatusCode.NotFound, hidden.StatusCode);
        Assert.Equal(await CodeAsync(never), await CodeAsync(hidden));
    }

    [Fact]
    public async Task Moderator_ReportOfAnotherCategory_WorksOnIt()
    {
        await using var host = Restricted();
        var report = await host.AddAsync(childSafety: false);
        using var client = await host.StaffClientAsync(StaffRoles.Moderator);

        using var next = await client.PostAsync("/api/v1/moderation/queue/next", null);

        Assert.Equal(report.Id, (await next.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("id").GetGuid());
    }

    [Fact]
    public async Task Related_ReportThatIsHidden_IsNotNamedAndTheRestIsRead()
    {
        await using var host = Restricted();
        var handle = $"akun{Guid.NewGuid():N}"[..20];
        var hidden = await host.AddAsync(childSafety: true, handle: handle);
        var report = await host.AddAsync(childSafety: false, handle: handle);
        using var client = await host.StaffClientAsync(StaffRoles.Moderator);
        using var browser = await host.StaffBrowserAsync(StaffRoles.Moderator);

        var read = await client.GetStringAsync($"/api/v1/moderation/reports/{report.Id}");
        var page = await browser.GetStringAsync($"/staff/reports/{report.Id}");
        var found = await client.GetStringAsync($"/api/v1/moderation/search?indicator={handle}");

        Assert.All(new[] { read, page, found }, text =>
        {
            Assert.DoesNotContain($"{hidden.Id}", text, StringComparison.Ordinal);
            Assert.DoesNotContain(hidden.Reference, text, StringComparison.Ordinal);
            Assert.Contains(report.Reference, text, StringComparison.Ordinal);
        });
    }

    [Fact]
    public async Task Duplicate_OfAHiddenReport_CannotBeNamed()
    {
        await using var host = Restricted();
        var hidden = await host.AddAsync(childSafety: true);
        var report = await host.AddAsync(childSafety: false);
        using var client = await host.StaffClientAsync(StaffRoles.Moderator);
        using var claimed = await client.PostAsync($"/api/v1/moderation/reports/{report.Id}/claim", null);

        using var answer = await client.PostAsJsonAsync($"/api/v1/moderation/reports/{report.Id}/mark-duplicate", new { of = hidden.Reference });

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
    }

    private static ModerationHost Restricted() => new() { With = new Dictionary<string, string?> { ["Staff:RestrictChildSafety"] = "true" } };

    private static async Task<string?> CodeAsync(HttpResponseMessage answer) =>
        (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("code").GetString();
}

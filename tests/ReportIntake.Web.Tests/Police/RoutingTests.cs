using System.Net;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using ReportIntake.Domain.Reports;
using ReportIntake.Domain.Triage;
using ReportIntake.Testing;
using ReportIntake.Web.Security;

namespace ReportIntake.Web.Tests.Police;

/// <summary>Clients that are given some categories or tiers: the rest does not exist for them.</summary>
public sealed class RoutingTests(PoliceHost host) : IClassFixture<PoliceHost>
{
    private const string Trafficking = "trafficking", Fraud = "online_fraud";

    [Fact]
    public async Task Client_OfACategory_SeesItAloneByListReportAndExport()
    {
        using var police = await host.PoliceAsync("51.01", [Trafficking]);
        var given = await host.VerifiedAsync("51.01", category: Trafficking);
        var other = await host.VerifiedAsync("51.01", category: Fraud);

        using var read = await police.Http.GetAsync($"/api/v1/reports/{other.Id}");
        using var followed = await police.Http.PostAsync($"/api/v1/reports/{other.Id}/acknowledgement", null);

        Assert.Equal([given.Reference], (await police.Http.JsonAsync("/api/v1/reports")).GetProperty("items").Texts("reference"));
        Assert.Equal("report_not_found", await read.CodeAsync(HttpStatusCode.NotFound));
        Assert.Equal("report_not_found", await followed.CodeAsync(HttpStatusCode.NotFound));
        Assert.Contains(given.Reference, Assert.Single((await police.Http.GetStringAsync("/api/v1/reports/export?format=ndjson")).TrimEnd().Split('\n')), StringComparison.Ordinal);
        Assert.Equal(1, (await police.Http.JsonAsync("/api/v1/reports/statistics")).GetProperty("total").GetInt32());
    }

    [Fact]
    public async Task Client_OfATier_GetsATombstoneWhenTheReportLeavesIt()
    {
        using var urgent = await host.PoliceAsync("51.02", [], Tier.Urgent);
        using var immediate = await host.PoliceAsync("51.02", [], Tier.Immediate);
        using var any = await host.PoliceAsync("51.02");
        var report = await host.VerifiedAsync("51.02", Tier.Urgent);
        await host.ChangeAsync(report.Id, r => Assert.Null(r.Retriage(PoliceHost.Moderator, Tier.Immediate, "They meet today.", host.Now).Error));
        await PublishedAsync();

        using var gone = await urgent.Http.GetAsync($"/api/v1/reports/{report.Id}");
        using var there = await immediate.Http.GetAsync($"/api/v1/reports/{report.Id}");

        Assert.Equal(["report.verified", "report.withdrawn_from_police"], await TypesAsync(urgent));
        Assert.Equal(["report.retriaged"], await TypesAsync(immediate));
        Assert.Equal(["report.verified", "report.retriaged"], await TypesAsync(any));
        Assert.Equal(HttpStatusCode.NotFound, gone.StatusCode);
        Assert.Equal(HttpStatusCode.OK, there.StatusCode);
    }

    [Fact]
    public async Task Unrouted_ReportThatNobodyIsGiven_IsCountedUntilSomebodyIs()
    {
        await using var alone = new PoliceHost();
        using var admin = await alone.StaffClientAsync(StaffRoles.Admin);
        using var anonymous = alone.Client();
        using var province = await alone.PoliceAsync("52");
        using var fraudNationwide = await alone.PoliceAsync("national", [Fraud]);
        await alone.VerifiedAsync("52.01", category: Trafficking);
        await alone.VerifiedAsync(null, category: Fraud);
        var nowhere = await alone.VerifiedAsync(null, category: Trafficking);
        await alone.VerifiedAsync("53.01", category: Trafficking);
        await alone.VerifiedAsync("53.01", category: Trafficking, state: ReportState.InFollowUp);

        var unrouted = await admin.JsonAsync("/api/v1/admin/unrouted");
        await Jobs.JobsHost.UntilAsync(async () =>
        {
            // The sandbox is tried after the start.
            using var tried = await anonymous.GetAsync("/health/ready");
            return !(await tried.Content.ReadAsStringAsync()).Contains("\"screening\"", StringComparison.Ordinal);
        });
        var ready = await anonymous.JsonAsync("/health/ready");
        using var national = await alone.PoliceAsync("national");
        var routed = await admin.JsonAsync("/api/v1/admin/unrouted");
        var readyNow = await anonymous.JsonAsync("/health/ready");

        Assert.Equal(2, unrouted.GetProperty("count").GetInt32());
        Assert.Equal(
            [(null, Trafficking, "urgent", 1), ("53.01", Trafficking, "urgent", 1)],
            unrouted.GetProperty("groups").EnumerateArray().Select(g => (g.GetProperty("area").GetString(), g.Text("category"), g.Text("tier"), g.GetProperty("count").GetInt32())));
        Assert.DoesNotContain(nowhere.Reference, unrouted.GetRawText(), StringComparison.Ordinal);
        Assert.Equal(["routing"], Reasons(ready));
        Assert.Equal(0, routed.GetProperty("count").GetInt32());
        Assert.Empty(Reasons(readyNow));
    }

    [Fact]
    public async Task AddClient_CategoriesAndTiers_AreKeptAndWrongOnesNamed()
    {
        using var admin = await host.StaffClientAsync(StaffRoles.Admin);
        var name = $"Unit {Guid.NewGuid():N}";

        using var wrong = await admin.PostAsync("/api/v1/admin/clients", Client(name, ["nonsense"], ["soon"]));
        using var added = await admin.PostAsync("/api/v1/admin/clients", Client(name, [Trafficking], ["immediate", "urgent"]));

        Assert.Equal("unknown_code", (await wrong.JsonAsync(HttpStatusCode.BadRequest)).GetProperty("codes").GetProperty("categories")[0].GetString());
        Assert.Equal("unknown_code", (await wrong.JsonAsync(HttpStatusCode.BadRequest)).GetProperty("codes").GetProperty("tiers")[0].GetString());
        await added.JsonAsync(HttpStatusCode.Created);
        var stored = await host.WithDatabaseAsync(d => d.PoliceClients.SingleAsync(c => c.Name == name));
        Assert.Equal([Trafficking], stored.Categories);
        Assert.Equal(["immediate", "urgent"], stored.Tiers);
    }

    private static object Client(string name, string[] categories, string[] tiers) =>
        new { name, scopes = new[] { PoliceScopes.ReadReports }, areas = new[] { "51" }, categories, tiers };

    private static async Task<IReadOnlyList<string>> TypesAsync(PoliceHost.Police police) => (await police.Http.JsonAsync("/api/v1/events")).Texts("type");

    /// <summary>What the service itself may be short of on a test's machine is not looked at.</summary>
    private static IEnumerable<string> Reasons(JsonElement ready) => ready.GetProperty("reasons").Texts("check").Where(c => c == "routing");

    private async Task PublishedAsync()
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (await host.WithDatabaseAsync(database => database.PoliceEvents.AnyAsync(e => e.Position == null)))
        {
            await Task.Delay(20, patience.Token);
        }
    }
}

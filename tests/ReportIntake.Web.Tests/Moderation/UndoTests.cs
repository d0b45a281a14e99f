using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.TestHost;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using ReportIntake.Domain.Reports;
using ReportIntake.Domain.Triage;
using ReportIntake.Testing;
using ReportIntake.Web.Jobs;
using ReportIntake.Web.Security;

namespace ReportIntake.Web.Tests.Moderation;

/// <summary>Ten seconds in which a decision stands at the desk and nowhere else. The clock is put forward by hand.</summary>
public sealed class UndoTests(UndoTests.Host host) : IClassFixture<UndoTests.Host>
{
    private static readonly object Verification = new { category = "sextortion", tier = "urgent", reason = "Age named." };

    public static TheoryData<string> Decisions => ["verify", "reject", "request-information", "mark-duplicate"];

    [Theory]
    [MemberData(nameof(Decisions))]
    public async Task Undo_InTime_RestoresStateAndClaimAndKeepsBothInTheLedger(string action)
    {
        var member = await host.ModeratorAsync();
        using var moderator = await host.SignedInAsync(member);
        var report = await host.AddAsync(childSafety: false);
        await moderator.DoAsync(report.Id, "claim");
        var decided = await moderator.DoAsync(report.Id, action + "?undoable=true", await BodyAsync(action));

        var undone = await moderator.DoAsync(report.Id, "undo");

        var read = await moderator.ReadAsync(report.Id);
        Assert.NotEqual("under_verification", decided.Text("state"));
        Assert.Equal(("under_verification", member.Id), (undone.Text("state"), read.GetProperty("claimedBy").GetGuid()));
        Assert.True(undone.GetProperty("version").GetInt32() > decided.GetProperty("version").GetInt32());
        Assert.Empty(read.GetProperty("messages").EnumerateArray());
        Assert.Empty(read.GetProperty("notes").EnumerateArray());
        var history = read.GetProperty("history").EnumerateArray().Select(h => h.Text("action")).ToList();
        Assert.Equal("decision_undone", history[^1]);
        Assert.Contains(history[^2], (string[])["verified", "rejected", "information_requested", "marked_duplicate"]);

        host.Clock.Advance(TimeSpan.FromSeconds(11));
        await host.ReleaseAsync();
        Assert.False(await host.WithDatabaseAsync(d => d.PoliceEvents.AnyAsync(e => e.ReportId == report.Id)));
        Assert.False(await host.WithDatabaseAsync(d => d.Jobs.AnyAsync(j => j.Subject == report.Id && j.Type != nameof(LinkReport))));
        Assert.Equal("verified", (await moderator.DoAsync(report.Id, "verify?undoable=true", Verification)).Text("state"));
    }

    [Fact]
    public async Task Verified_UntilReleased_DoesNotExistForThePolice()
    {
        using var moderator = await host.StaffClientAsync(StaffRoles.Moderator);
        using var police = await host.PoliceClientAsync(areas: ["32"]);
        var report = await host.AddAsync(area: "32.74");
        await moderator.DoAsync(report.Id, "claim");
        await moderator.DoAsync(report.Id, "verify?undoable=true", Verification);

        await host.ReleaseAsync();
        foreach (var route in new[] { $"/api/v1/reports/{report.Id}", $"/api/v1/reports/{report.Id}/package" })
        {
            using var hidden = await police.GetAsync(route);
            Assert.Equal(HttpStatusCode.NotFound, hidden.StatusCode);
        }

        Assert.DoesNotContain(report.Id, await ListedAsync(police));
        Assert.False(await host.WithDatabaseAsync(d => d.PoliceEvents.AnyAsync(e => e.ReportId == report.Id)));

        var before = host.Clock.GetUtcNow();
        host.Clock.Advance(TimeSpan.FromSeconds(11));
        await host.ReleaseAsync();
        await host.ReleaseAsync();

        Assert.Contains(report.Id, await ListedAsync(police, $"?updatedSince={Uri.EscapeDataString($"{before:O}")}&limit=200"));
        var read = await police.GetFromJsonAsync<JsonElement>($"/api/v1/reports/{report.Id}");
        Assert.Equal("sextortion", read.Text("category"));
        var sent = await host.WithDatabaseAsync(d => d.PoliceEvents.SingleAsync(e => e.ReportId == report.Id));
        Assert.Equal((PoliceEventType.Verified, Tier.Urgent, ReportState.Verified), (sent.Type, sent.Tier, sent.State));
        Assert.Equal(read.GetProperty("verifiedAt").GetDateTimeOffset(), sent.At);
        await moderator.RefusedAsync(HttpStatusCode.Conflict, "undo_too_late", report.Id, "undo");
    }

    [Fact]
    public async Task Verify_ByAProgramThatDoesNotAskForUndo_IsToldAtOnce()
    {
        using var moderator = await host.StaffClientAsync(StaffRoles.Moderator);
        using var police = await host.PoliceClientAsync(areas: ["32"]);
        var report = await host.AddAsync(area: "32.74");
        await moderator.DoAsync(report.Id, "claim");

        await moderator.DoAsync(report.Id, "verify", Verification);

        Assert.Contains(report.Id, await ListedAsync(police));
        await moderator.RefusedAsync(HttpStatusCode.Conflict, "undo_too_late", report.Id, "undo");
    }

    [Fact]
    public async Task History_OfAnUndoneDecision_IsNotThePolices()
    {
        using var moderator = await host.StaffClientAsync(StaffRoles.Moderator);
        using var police = await host.PoliceClientAsync(areas: ["32"]);
        var report = await host.AddAsync(childSafety: false, area: "32.74");
        await moderator.DoAsync(report.Id, "claim");
        await moderator.DoAsync(report.Id, "reject?undoable=true", new { disposition = "unfounded" });
        await moderator.DoAsync(report.Id, "undo");
        await moderator.DoAsync(report.Id, "verify?undoable=true", Verification);
        host.Clock.Advance(TimeSpan.FromSeconds(11));
        await host.ReleaseAsync();

        var history = (await police.GetFromJsonAsync<JsonElement>($"/api/v1/reports/{report.Id}")).GetProperty("history").EnumerateArray().Select(h => h.Text("action")).ToList();

        Assert.Equal(["submitted", "assessed", "verified"], history);
    }

    [Fact]
    public async Task Question_UntilReleased_IsNotInTheReceipt()
    {
        using var moderator = await host.StaffClientAsync(StaffRoles.Moderator);
        var (id, receipt) = await FiledAsync();
        using var reporter = receipt;
        await moderator.DoAsync(id, "claim");
        var before = await reporter.GetStringAsync("/api/v1/receipt");
        await moderator.DoAsync(id, "request-information?undoable=true", new { text = "Which app was it?" });

        var meanwhile = await reporter.GetStringAsync("/api/v1/receipt");
        host.Clock.Advance(TimeSpan.FromSeconds(11));
        await host.ReleaseAsync();
        var after = await reporter.GetStringAsync("/api/v1/receipt");

        Assert.Equal(before, meanwhile);
        Assert.Contains("Which app was it?", after, StringComparison.Ordinal);
        Assert.Contains("needs_information", after, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Duplicate_UntilReleased_KeepsItsFilesApart()
    {
        using var moderator = await host.StaffClientAsync(StaffRoles.Moderator);
        using var police = await host.PoliceClientAsync(areas: ["32"]);
        var canonical = await host.AddAsync(area: "32.74");
        await moderator.DoAsync(canonical.Id, "claim");
        await moderator.DoAsync(canonical.Id, "verify?undoable=true", Verification);
        host.Clock.Advance(TimeSpan.FromSeconds(11));
        await host.ReleaseAsync();
        var report = await host.AddAsync(area: "32.74");
        var file = await host.AddEvidenceAsync(report.Id, [1, 2, 3], [4, 5]);
        await moderator.DoAsync(report.Id, "claim");
        await moderator.DoAsync(report.Id, "mark-duplicate?undoable=true", new { of = canonical.Reference });

        var meanwhile = await police.GetStringAsync($"/api/v1/reports/{canonical.Id}");
        host.Clock.Advance(TimeSpan.FromSeconds(11));
        await host.ReleaseAsync();
        var after = await police.GetStringAsync($"/api/v1/reports/{canonical.Id}");

        Assert.DoesNotContain(file.Id.ToString(), meanwhile, StringComparison.Ordinal);
        Assert.DoesNotContain(report.Reference, meanwhile, StringComparison.Ordinal);
        Assert.Contains(file.Id.ToString(), after, StringComparison.Ordinal);
        Assert.Contains(report.Reference, after, StringComparison.Ordinal);
        Assert.Equal(
            [PoliceEventType.Verified, PoliceEventType.EvidenceAdded],
            await host.WithDatabaseAsync(d => d.PoliceEvents.Where(e => e.ReportId == canonical.Id).OrderBy(e => e.At).Select(e => e.Type).ToListAsync()));
    }

    [Fact]
    public async Task Retriage_UntilReleased_ShowsThePoliceTheEarlierTier()
    {
        using var moderator = await host.StaffClientAsync(StaffRoles.Moderator);
        using var police = await host.PoliceClientAsync(areas: ["32"]);
        var report = await host.AddAsync(area: "32.74");
        await moderator.DoAsync(report.Id, "claim");
        await moderator.DoAsync(report.Id, "verify?undoable=true", Verification);
        await moderator.RefusedAsync(HttpStatusCode.Conflict, "decision_held", report.Id, "retriage", new { tier = "immediate", reason = "Today." });
        host.Clock.Advance(TimeSpan.FromSeconds(11));
        await host.ReleaseAsync();
        await moderator.DoAsync(report.Id, "retriage?undoable=true", new { tier = "immediate", reason = "Today." });

        var meanwhile = await police.GetFromJsonAsync<JsonElement>($"/api/v1/reports/{report.Id}");
        var desk = await moderator.ReadAsync(report.Id);
        host.Clock.Advance(TimeSpan.FromSeconds(11));
        await host.ReleaseAsync();
        var after = await police.GetFromJsonAsync<JsonElement>($"/api/v1/reports/{report.Id}");

        Assert.Equal(("urgent", "immediate", "immediate"), (meanwhile.Text("tier"), desk.GetProperty("triage").Text("tier"), after.Text("tier")));
    }

    [Fact]
    public async Task Undo_ByAnother_IsForbidden()
    {
        using var moderator = await host.StaffClientAsync(StaffRoles.Moderator);
        using var supervisor = await host.StaffClientAsync(StaffRoles.Supervisor);
        var report = await host.AddAsync();
        await moderator.DoAsync(report.Id, "claim");
        await moderator.DoAsync(report.Id, "verify?undoable=true", Verification);

        await supervisor.RefusedAsync(HttpStatusCode.Forbidden, "undo_by_another", report.Id, "undo");
        await moderator.RefusedAsync(HttpStatusCode.PreconditionFailed, "version_stale", report.Id, "undo", ifMatch: "\"1\"");
    }

    [Fact]
    public async Task FirstVote_Undone_IsToldToNobodyWhileAnotherIsOpen()
    {
        using var first = await host.StaffClientAsync(StaffRoles.Moderator);
        using var second = await host.StaffClientAsync(StaffRoles.Moderator);
        var report = await host.AddAsync(Tier.Immediate);
        await first.DoAsync(report.Id, "claim");
        await first.DoAsync(report.Id, "reject?undoable=true", new { disposition = "unfounded", note = "A joke." });
        await first.DoAsync(report.Id, "undo");
        await first.DoAsync(report.Id, "reject?undoable=true", new { disposition = "not_illegal" });
        await second.DoAsync(report.Id, "claim");

        var read = await second.ReadAsync(report.Id);

        var actions = read.GetProperty("history").EnumerateArray().Select(h => h.Text("action")).ToList();
        Assert.DoesNotContain("rejection_proposed", actions);
        Assert.DoesNotContain("decision_undone", actions);
        Assert.DoesNotContain("A joke.", read.GetRawText(), StringComparison.Ordinal);
        Assert.True(read.GetProperty("awaitingSecondReview").GetBoolean());
    }

    private async Task<object> BodyAsync(string action) => action switch
    {
        "verify" => Verification,
        "reject" => new { disposition = "unfounded", note = "A joke." },
        "request-information" => new { text = "Which app was it?" },
        _ => new { of = (await host.AddAsync()).Reference },
    };

    private async Task<(Guid Id, HttpClient Receipt)> FiledAsync()
    {
        using var citizen = host.Client();
        using var filed = await citizen.PostAsJsonAsync("/api/v1/reports", new { category = "online_fraud", description = "A shop that sends nothing." });
        var answer = await filed.Content.ReadFromJsonAsync<JsonElement>();
        var receipt = host.Client();
        receipt.DefaultRequestHeaders.TryAddWithoutValidation("Authorization", "Receipt " + answer.Text("receiptCode"));
        return (answer.GetProperty("id").GetGuid(), receipt);
    }

    private static async Task<List<Guid>> ListedAsync(HttpClient police, string query = "?limit=200") =>
        [.. (await police.GetFromJsonAsync<JsonElement>("/api/v1/reports" + query)).GetProperty("items").EnumerateArray().Select(i => i.GetProperty("id").GetGuid())];

    /// <summary>The desk with its real window, and a clock that is put forward.</summary>
    public sealed class Host : ModerationHost
    {
        public Host() => With = new Dictionary<string, string?> { ["Desk:UndoWindow"] = "00:00:10" };

        public ShiftedClock Clock { get; } = new();

        public Task<bool> ReleaseAsync() => Services.GetRequiredService<ReleaseDecisions>().ReleaseDueAsync(default);

        protected override void ConfigureWebHost(IWebHostBuilder builder)
        {
            base.ConfigureWebHost(builder);
            builder.ConfigureTestServices(services => services.Replace(ServiceDescriptor.Singleton<TimeProvider>(Clock)));
        }
    }
}

using System.Net;
using Microsoft.EntityFrameworkCore;
using ReportIntake.Domain.Reports;
using ReportIntake.Testing;
using ReportIntake.Web.Security;

namespace ReportIntake.Web.Tests.Police;

public sealed class PreservationTests(PoliceHost host) : IClassFixture<PoliceHost>
{
    [Fact]
    public async Task Preserve_UntilATime_HoldsTheReportAndIsSeenByBothSides()
    {
        using var police = await host.PoliceAsync("19.01");
        using var moderator = await host.StaffClientAsync(StaffRoles.Moderator);
        var report = await host.VerifiedAsync("19.01", state: ReportState.Closed);
        var until = host.Now.AddDays(90);

        using var preserved = await police.Http.PostAsync($"/api/v1/reports/{report.Id}/preservation", new { until, reason = "For the trial." });

        var answer = await preserved.JsonAsync(HttpStatusCode.OK);
        Assert.True(answer.GetProperty("legalHold").GetBoolean());
        Assert.Equal(until, answer.GetProperty("until").GetDateTimeOffset());
        Assert.Equal($"\"{answer.GetProperty("version").GetInt32()}\"", preserved.Headers.ETag?.Tag);
        var read = await police.Http.JsonAsync($"/api/v1/reports/{report.Id}");
        Assert.Equal(until, read.GetProperty("legalHoldUntil").GetDateTimeOffset());
        var seen = await moderator.JsonAsync($"/api/v1/moderation/reports/{report.Id}");
        Assert.True(seen.GetProperty("legalHold").GetBoolean());
        Assert.Equal("For the trial.", seen.GetProperty("followUps").EnumerateArray().Last().Text("text"));
        Assert.Single(await host.LedgerAsync(report.Id, "legal_hold_placed"));
    }

    [Fact]
    public async Task Release_OneOfTwoClients_LeavesTheOthersHold()
    {
        using var police = await host.PoliceAsync("19.02");
        using var other = await host.PoliceAsync("19.02");
        var report = await host.VerifiedAsync("19.02");
        var address = $"/api/v1/reports/{report.Id}/preservation";
        (await police.Http.PostAsync(address, new { reason = "Ours." })).Dispose();
        (await other.Http.PostAsync(address, new { reason = "Theirs." })).Dispose();

        using var first = await police.Http.PostAsync(address + "/release", null, idempotencyKey: "r");
        using var repeated = await police.Http.PostAsync(address + "/release", null, idempotencyKey: "r");
        using var nothing = await police.Http.PostAsync(address + "/release", null);
        using var last = await other.Http.PostAsync(address + "/release", null);

        Assert.True((await first.JsonAsync(HttpStatusCode.OK)).GetProperty("legalHold").GetBoolean());
        Assert.Equal(await first.Content.ReadAsStringAsync(), await repeated.Content.ReadAsStringAsync());
        Assert.Equal("not_preserved", await nothing.CodeAsync(HttpStatusCode.Conflict));
        Assert.False((await last.JsonAsync(HttpStatusCode.OK)).GetProperty("legalHold").GetBoolean());
    }

    [Fact]
    public async Task Preserve_WrongTimeOrNoReason_IsRefusedByField()
    {
        using var police = await host.PoliceAsync("19.03");
        var report = await host.VerifiedAsync("19.03");
        var address = $"/api/v1/reports/{report.Id}/preservation";

        using var past = await police.Http.PostAsync(address, new { until = host.Now.AddMinutes(-1), reason = "Late." });
        using var silent = await police.Http.PostAsync(address, new { });

        Assert.Equal("in_the_past", await past.FieldCodeAsync("until"));
        Assert.Equal("required", await silent.FieldCodeAsync("reason"));
    }

    [Fact]
    public async Task LiftHold_Supervisor_EndsEveryRequest()
    {
        using var police = await host.PoliceAsync("19.04");
        using var supervisor = await host.StaffClientAsync(StaffRoles.Supervisor);
        var report = await host.VerifiedAsync("19.04");
        (await police.Http.PostAsync($"/api/v1/reports/{report.Id}/preservation", new { reason = "Ours." })).Dispose();

        using var lifted = await supervisor.PostAsync($"/api/v1/moderation/reports/{report.Id}/lift-hold", new { reason = "The unit is dissolved." });
        using var again = await supervisor.PostAsync($"/api/v1/moderation/reports/{report.Id}/lift-hold", new { reason = "Again." });

        await lifted.JsonAsync(HttpStatusCode.OK);
        Assert.Equal("not_preserved", await again.CodeAsync(HttpStatusCode.Conflict));
        Assert.False(await host.WithDatabaseAsync(d => d.Reports.Where(r => r.Id == report.Id).Select(r => r.LegalHold).SingleAsync()));
    }
}

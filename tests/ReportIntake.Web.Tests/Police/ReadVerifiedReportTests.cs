using System.Net;
using System.Text.Json;
using ReportIntake.Domain;
using ReportIntake.Domain.Triage;

namespace ReportIntake.Web.Tests.Police;

public sealed class ReadVerifiedReportTests(PoliceHost host) : IClassFixture<PoliceHost>
{
    [Fact]
    public async Task Read_VerifiedReport_HasAllThatThePoliceNeed()
    {
        using var police = await host.PoliceAsync("16.01");
        var report = await host.VerifiedAsync("16.01", Tier.Immediate);
        byte[] content = [1, 2, 3];
        var item = await host.EvidenceAsync(report.Id, content);
        await host.ChangeAsync(report.Id, r => r.AddMessage("Masih ada di sana.", host.Now));

        using var answer = await police.Http.GetAsync($"/api/v1/reports/{report.Id}");

        var read = await answer.JsonAsync(HttpStatusCode.OK);
        Assert.Equal($"\"{read.GetProperty("version").GetInt32()}\"", answer.Headers.ETag?.Tag);
        Assert.Equal("Akun ini menawarkan anak.", read.Text("description"));
        Assert.Equal("13_17", read.GetProperty("victim").Text("ageBand"));
        Assert.Equal("dekat stasiun", read.GetProperty("incident").Text("place"));
        Assert.Equal(["michat:contoh", "+628123456789", "example.id/p/1"], read.GetProperty("indicators").Texts("normalised").OrderByDescending(n => n[0] == 'm').ThenBy(n => n[0]));
        Assert.Equal(["michat"], read.GetProperty("subjects").Texts("platform"));
        var triage = read.GetProperty("triage");
        Assert.Equal("immediate", triage.Text("tier"));
        Assert.Equal("urgent", triage.Text("provisionalTier"));
        Assert.Equal("Signs of age in the advertisement.", triage.Text("reason"));
        Assert.Equal("2026.1", triage.Text("ruleSetVersion"));
        Assert.Equal("open bo", triage.GetProperty("rules")[0].GetProperty("facts").Text("term"));
        var evidence = Assert.Single(read.GetProperty("evidence").EnumerateArray());
        Assert.Equal(item.Id, evidence.GetProperty("id").GetGuid());
        Assert.Equal(Convert.ToHexStringLower(item.Sha256!), evidence.Text("sha256"));
        Assert.Equal(Convert.ToHexStringLower(item.Md5!), evidence.Text("md5"));
        Assert.Equal("available", evidence.Text("state"));
        Assert.Equal("Masih ada di sana.", Assert.Single(read.GetProperty("messages").EnumerateArray()).Text("text"));
        Assert.Equal(["submitted", "assessed", "verified", "message_added"], read.GetProperty("history").Texts("action"));
    }

    [Fact]
    public async Task Read_InternalMatters_AreNotTold()
    {
        using var police = await host.PoliceAsync("16.02");
        var report = await host.VerifiedAsync("16.02", Tier.Immediate);
        await host.ChangeAsync(report.Id, r =>
        {
            r.AddNote(PoliceHost.Moderator, "internal remark", host.Now);
            r.Retriage(PoliceHost.Moderator, Tier.NonUrgent, "first vote", host.Now);
        });

        var read = await police.Http.JsonAsync($"/api/v1/reports/{report.Id}");

        var text = read.GetRawText();
        Assert.DoesNotContain("internal remark", text, StringComparison.Ordinal);
        Assert.DoesNotContain("first vote", text, StringComparison.Ordinal);
        Assert.DoesNotContain("non_urgent", text, StringComparison.Ordinal);
        Assert.DoesNotContain(PoliceHost.Moderator.Id.ToString(), text, StringComparison.Ordinal);
        Assert.DoesNotContain("proposed", text, StringComparison.Ordinal);
        Assert.DoesNotContain("claimed", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Read_Duplicate_IsNamedByReference()
    {
        using var police = await host.PoliceAsync("16.03");
        var report = await host.VerifiedAsync("16.03");
        var other = await host.SubmittedAsync("16.03");
        await host.WithDatabaseAsync(async database =>
        {
            var canonical = (await database.Reports.FindAsync(report.Id))!;
            var duplicate = (await database.Reports.FindAsync(other.Id))!;
            duplicate.Claim(PoliceHost.Moderator, host.Now);
            Assert.Null(duplicate.MarkDuplicate(PoliceHost.Moderator, canonical, host.Now).Error);
            return await database.SaveChangesAsync();
        });

        var read = await police.Http.JsonAsync($"/api/v1/reports/{report.Id}");

        Assert.Equal(other.Reference, Assert.Single(read.GetProperty("duplicates").EnumerateArray()).GetString());
    }

    [Fact]
    public async Task Read_ByClient_IsInTheLedgerBeforeItIsAnswered()
    {
        using var police = await host.PoliceAsync("16.04");
        var report = await host.VerifiedAsync("16.04");

        await police.Http.JsonAsync($"/api/v1/reports/{report.Id}");

        var entry = Assert.Single(await host.LedgerAsync(report.Id, "report_read"));
        Assert.Equal((ActorKind.PoliceClient, police.Id), (entry.ActorKind, entry.ActorId));
        Assert.Equal($"{report.Version}", JsonDocument.Parse(entry.Details).RootElement.Text("version"));
    }

    [Fact]
    public async Task Read_OutsideAreaOrNotVerified_IsNotThere()
    {
        using var police = await host.PoliceAsync("16.05");
        var outside = await host.VerifiedAsync("16.06");
        var nowhere = await host.VerifiedAsync(null);
        var early = await host.SubmittedAsync("16.05");

        foreach (var id in new[] { outside.Id, nowhere.Id, early.Id, Guid.NewGuid() })
        {
            using var answer = await police.Http.GetAsync($"/api/v1/reports/{id}");

            Assert.Equal("report_not_found", await answer.CodeAsync(HttpStatusCode.NotFound));
        }

        Assert.Empty(await host.LedgerAsync(outside.Id, "report_read"));
    }
}

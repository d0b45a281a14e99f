using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using ReportIntake.Domain.Evidence;
using ReportIntake.Testing;
using ReportIntake.Web.Evidence.Recognition;
using ReportIntake.Web.Security;

namespace ReportIntake.Web.Tests.Moderation;

/// <summary>What a list tells need not be looked at; what leads to people is not for the desk.</summary>
public sealed class KnownFileTests(ModerationHost host) : IClassFixture<ModerationHost>
{
    [Theory]
    [InlineData("thumbnail")]
    [InlineData("working-copy")]
    public async Task Copy_KnownFile_TakesADeliberateStepAndSaysSoInTheLedger(string copy)
    {
        using var moderator = await host.StaffClientAsync(StaffRoles.Moderator);
        var (report, file, _) = await KnownAsync();
        var address = $"/api/v1/moderation/reports/{report}/evidence/{file.Id}/{copy}";

        using var refused = await moderator.GetAsync(address);
        using var insisted = await moderator.GetAsync(address + "?reveal=known");

        Assert.Equal(HttpStatusCode.Conflict, refused.StatusCode);
        Assert.Equal("known_file", (await refused.Content.ReadFromJsonAsync<JsonElement>()).Text("code"));
        Assert.Equal(HttpStatusCode.OK, insisted.StatusCode);
        var entry = Assert.Single(await host.WithDatabaseAsync(d => d.Ledger.Where(e => e.EvidenceId == file.Id).ToListAsync()));
        Assert.Equal($"{copy.Replace('-', '_')}_viewed", entry.Action);
        Assert.Contains("\"known\":\"true\"", entry.Details, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Pages_KnownFile_SayWhatItIsAndNameNoSource()
    {
        using var browser = await host.StaffBrowserAsync(StaffRoles.Moderator);
        browser.DefaultRequestHeaders.Add("Cookie", "ri_lang=en");
        var (report, file, list) = await KnownAsync(distance: 7);

        var reportPage = await browser.GetStringAsync($"/staff/reports/{report}");
        var filePage = await browser.GetStringAsync($"/staff/reports/{report}/evidence/{file.Id}?show=working_copy");
        var insisted = await browser.GetStringAsync($"/staff/reports/{report}/evidence/{file.Id}?show=thumbnail&reveal=known");

        foreach (var page in new[] { reportPage, filePage })
        {
            Assert.Contains($"{list}: known abuse material", page, StringComparison.Ordinal);
            Assert.Contains("7 of 256 bits differ", page, StringComparison.Ordinal);
            Assert.DoesNotContain("/thumbnail", page, StringComparison.Ordinal);
            Assert.DoesNotContain("/working-copy", page, StringComparison.Ordinal);
        }

        Assert.Contains("/thumbnail?reveal=known", insisted, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Copy_MatchThatANegativeListExcuses_IsShownAsAnyOther()
    {
        using var moderator = await host.StaffClientAsync(StaffRoles.Moderator);
        var (report, file, _) = await KnownAsync(suppressed: true);

        using var answer = await moderator.GetAsync($"/api/v1/moderation/reports/{report}/evidence/{file.Id}/thumbnail");

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    [Fact]
    public async Task Read_LikeFileInAnotherReport_IsRelatedWithItsDistance()
    {
        using var moderator = await host.StaffClientAsync(StaffRoles.Moderator);
        var (report, other) = (await host.AddAsync(), await host.AddAsync());
        var own = await host.AddEvidenceAsync(report.Id, RandomNumberGenerator.GetBytes(100), [1]);
        var theirs = await host.AddEvidenceAsync(other.Id, RandomNumberGenerator.GetBytes(100), [1]);
        await host.WithDatabaseAsync(d =>
        {
            d.Add(new RelatedEvidence { EvidenceId = theirs.Id, EarlierEvidenceId = own.Id, Distance = 12, At = TimeProvider.System.GetUtcNow() });
            return d.SaveChangesAsync();
        });
        using var browser = await host.StaffBrowserAsync(StaffRoles.Moderator);
        browser.DefaultRequestHeaders.Add("Cookie", "ri_lang=en");

        foreach (var (mine, linked, from, to) in new[] { (report, other, own, theirs), (other, report, theirs, own) })
        {
            var related = Assert.Single((await moderator.ReadAsync(mine.Id)).GetProperty("related").EnumerateArray(), r => r.Text("reference") == linked.Reference);
            Assert.Equal("like_file", Assert.Single(related.GetProperty("because").EnumerateArray()).GetString());
            var like = Assert.Single(related.GetProperty("likeFiles").EnumerateArray());
            Assert.Equal((from.Id, to.Id, 12), (like.GetProperty("evidenceId").GetGuid(), like.GetProperty("otherEvidenceId").GetGuid(), like.GetProperty("distance").GetInt32()));
            Assert.Contains("12 of 256 bits differ", await browser.GetStringAsync($"/staff/reports/{mine.Id}"), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Metadata_Moderator_HasFactsAndNoPlace()
    {
        using var moderator = await host.StaffClientAsync(StaffRoles.Moderator);
        var report = await host.AddAsync();
        var file = await host.AddEvidenceAsync(report.Id, RandomNumberGenerator.GetBytes(100), [1]);

        var read = await moderator.GetFromJsonAsync<JsonElement>($"/api/v1/moderation/reports/{report.Id}/evidence/{file.Id}/metadata");

        Assert.Equal("Contoso", read.GetProperty("properties").Text("camera_make"));
        Assert.DoesNotContain("GPS", read.ToString(), StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task MetadataSheet_Custodian_NeedsAPurposeAndIsRecorded()
    {
        using var custodian = await host.StaffClientAsync(StaffRoles.EvidenceCustodian);
        var report = await host.AddAsync();
        var file = await host.AddEvidenceAsync(report.Id, RandomNumberGenerator.GetBytes(100), [1]);
        var address = $"/api/v1/moderation/reports/{report.Id}/evidence/{file.Id}/metadata-sheet";

        using var without = await custodian.GetAsync(address);
        var sheet = await custodian.GetFromJsonAsync<JsonElement>(address + "?purpose=Letter%20B%2F12");

        Assert.Equal(HttpStatusCode.BadRequest, without.StatusCode);
        Assert.Contains(sheet.GetProperty("properties").EnumerateArray(), p => p.Text("name") == "GPS Latitude");
        var entry = await host.WithDatabaseAsync(d => d.Ledger.SingleAsync(e => e.EvidenceId == file.Id));
        Assert.Equal("metadata_sheet_read", entry.Action);
        Assert.Equal("Letter B/12", entry.Purpose);
    }

    private async Task<(Guid Report, EvidenceItem File, string List)> KnownAsync(bool suppressed = false, int distance = 0)
    {
        var report = await host.AddAsync();
        var file = await host.AddEvidenceAsync(report.Id, RandomNumberGenerator.GetBytes(100), [1, 2, 3]);
        var now = TimeProvider.System.GetUtcNow();
        var list = new HashList { Id = Guid.CreateVersion7(), Name = $"List {Guid.NewGuid()}", Meaning = HashListMeaning.KnownAbuseMaterial, Source = "Test", CreatedAt = now };
        await host.WithDatabaseAsync(d =>
        {
            d.Add(list);
            d.Add(new MatchRecord
            {
                Id = Guid.CreateVersion7(),
                EvidenceId = file.Id,
                EntryId = Guid.CreateVersion7(),
                HashListId = list.Id,
                Meaning = list.Meaning,
                Kind = distance == 0 ? HashKind.Sha256 : HashKind.Pdq,
                Distance = distance,
                Suppressed = suppressed,
                At = now,
            });
            return d.SaveChangesAsync();
        });
        return (report.Id, file, list.Name);
    }
}

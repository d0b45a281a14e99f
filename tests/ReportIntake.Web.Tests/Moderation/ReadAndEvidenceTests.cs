using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using ReportIntake.Testing;
using ReportIntake.Web.Security;

namespace ReportIntake.Web.Tests.Moderation;

public sealed class ReadAndEvidenceTests(ModerationHost host) : IClassFixture<ModerationHost>
{
    private static readonly byte[] Original = RandomNumberGenerator.GetBytes(50_000);
    private static readonly byte[] Working = RandomNumberGenerator.GetBytes(20_000);

    [Fact]
    public async Task Read_RelatedReports_ShowWhereElseAccountAndFileAppear()
    {
        using var moderator = await host.StaffClientAsync(StaffRoles.Moderator);
        var report = await host.AddAsync(handle: "@Same.Account");
        var sameAccount = await host.AddAsync(handle: "same.account ");
        var sameFile = await host.AddAsync();
        var bytes = RandomNumberGenerator.GetBytes(100);
        await host.AddEvidenceAsync(report.Id, bytes, Working);
        await host.AddEvidenceAsync(sameFile.Id, bytes, Working);
        moderator.DefaultRequestHeaders.AcceptLanguage.ParseAdd("en");

        using var answer = await moderator.GetAsync($"/api/v1/moderation/reports/{report.Id}");

        var read = await answer.Content.ReadFromJsonAsync<JsonElement>();
        var indicator = Assert.Single(read.GetProperty("indicators").EnumerateArray());
        Assert.Equal($"\"{report.Version}\"", answer.Headers.ETag?.Tag);
        Assert.Equal(2, indicator.GetProperty("occurrences").GetInt32());
        Assert.Equal(sameAccount.Reference, indicator.GetProperty("elsewhere")[0].Text("reference"));
        var because = read.GetProperty("related").EnumerateArray().ToDictionary(r => r.Text("reference"), r => r.GetProperty("because")[0].GetString());
        Assert.Equal("same_indicator", because[sameAccount.Reference]);
        Assert.Equal("same_file", because[sameFile.Reference]);
        Assert.Equal("13_17", read.GetProperty("victim").Text("ageBand"));
        var rule = read.GetProperty("triage").GetProperty("rules")[0];
        Assert.Equal("U2", rule.Text("id"));
        Assert.NotEqual("U2", rule.Text("text"));
        Assert.Equal("13_17", rule.GetProperty("facts").Text("ageBand"));
        Assert.Contains("submitted", read.GetProperty("history").EnumerateArray().Select(h => h.Text("action")));
        Assert.DoesNotContain("receipt", read.ToString(), StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task WorkingCopy_ByRange_SendsThoseBytesAndLeavesACustodyEvent()
    {
        using var moderator = await host.StaffClientAsync(StaffRoles.Moderator);
        var report = await host.AddAsync();
        var file = await host.AddEvidenceAsync(report.Id, Original, Working, "video/mp4");
        var request = new HttpRequestMessage(HttpMethod.Get, $"/api/v1/moderation/reports/{report.Id}/evidence/{file.Id}/working-copy");
        request.Headers.Range = new RangeHeaderValue(100, 299);

        using var answer = await moderator.SendAsync(request);

        Assert.Equal(HttpStatusCode.PartialContent, answer.StatusCode);
        Assert.Equal(Working[100..300], await answer.Content.ReadAsByteArrayAsync());
        Assert.Equal("video/mp4", answer.Content.Headers.ContentType?.ToString());
        Assert.Equal("inline", answer.Content.Headers.ContentDisposition?.ToString());
        Assert.Equal("nosniff", answer.Headers.GetValues("X-Content-Type-Options").Single());
        Assert.Equal("no-store", answer.Headers.CacheControl?.ToString());
        Assert.Contains("sandbox", answer.Headers.GetValues("Content-Security-Policy").Single(), StringComparison.Ordinal);
        var entry = await host.WithDatabaseAsync(d => d.Ledger.SingleAsync(e => e.EvidenceId == file.Id));
        Assert.Equal("working_copy_viewed", entry.Action);
        Assert.Contains("100-299", entry.Details, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Thumbnail_Viewed_LeavesACustodyEvent()
    {
        using var moderator = await host.StaffClientAsync(StaffRoles.Moderator);
        var report = await host.AddAsync();
        var file = await host.AddEvidenceAsync(report.Id, Original, Working);

        var bytes = await moderator.GetByteArrayAsync($"/api/v1/moderation/reports/{report.Id}/evidence/{file.Id}/thumbnail");

        Assert.Equal(Working, bytes);
        Assert.Equal("thumbnail_viewed", await host.WithDatabaseAsync(d => d.Ledger.Where(e => e.EvidenceId == file.Id).Select(e => e.Action).SingleAsync()));
    }

    [Fact]
    public async Task Metadata_KnownFile_HasItsHashes()
    {
        using var moderator = await host.StaffClientAsync(StaffRoles.Moderator);
        var report = await host.AddAsync();
        var file = await host.AddEvidenceAsync(report.Id, Original, Working);

        var read = await moderator.GetFromJsonAsync<JsonElement>($"/api/v1/moderation/reports/{report.Id}/evidence/{file.Id}/metadata");

        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(Original)), read.GetProperty("hashes").Text("sha256"));
        Assert.Equal(JsonValueKind.Null, read.GetProperty("hashes").GetProperty("pdq").ValueKind);
        Assert.Equal(Original.Length, read.GetProperty("size").GetInt64());
        Assert.Equal("available", read.Text("state"));
    }

    [Fact]
    public async Task Original_Moderator_IsNeverServed()
    {
        using var moderator = await host.StaffClientAsync(StaffRoles.Moderator, StaffRoles.Supervisor);
        var report = await host.AddAsync();
        var file = await host.AddEvidenceAsync(report.Id, Original, Working);

        using var answer = await moderator.GetAsync($"/api/v1/moderation/reports/{report.Id}/evidence/{file.Id}/original?purpose=x");

        Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
        Assert.False(await host.WithDatabaseAsync(d => d.Ledger.AnyAsync(e => e.EvidenceId == file.Id)));
    }

    [Fact]
    public async Task Original_Custodian_NeedsAPurposeAndIsRecorded()
    {
        using var custodian = await host.StaffClientAsync(StaffRoles.EvidenceCustodian);
        var report = await host.AddAsync();
        var file = await host.AddEvidenceAsync(report.Id, Original, Working);
        var address = $"/api/v1/moderation/reports/{report.Id}/evidence/{file.Id}/original";

        using var without = await custodian.GetAsync(address);
        using var with = await custodian.GetAsync(address + "?purpose=Letter%20B%2F12");

        Assert.Equal(HttpStatusCode.BadRequest, without.StatusCode);
        Assert.Equal(Original, await with.Content.ReadAsByteArrayAsync());
        Assert.Equal("attachment", with.Content.Headers.ContentDisposition?.DispositionType);
        var entry = await host.WithDatabaseAsync(d => d.Ledger.SingleAsync(e => e.EvidenceId == file.Id));
        Assert.Equal("original_read", entry.Action);
        Assert.Equal("Letter B/12", entry.Purpose);
        Assert.DoesNotContain("Letter", entry.Details, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Evidence_OfAnotherReport_IsNotFound()
    {
        using var moderator = await host.StaffClientAsync(StaffRoles.Moderator);
        var (report, other) = (await host.AddAsync(), await host.AddAsync());
        var file = await host.AddEvidenceAsync(other.Id, Original, Working);

        foreach (var part in new[] { "metadata", "thumbnail", "working-copy", "contact-sheet" })
        {
            using var answer = await moderator.GetAsync($"/api/v1/moderation/reports/{report.Id}/evidence/{file.Id}/{part}");
            Assert.Equal("evidence_not_found", (await answer.Content.ReadFromJsonAsync<JsonElement>()).Text("code"));
        }
    }
}

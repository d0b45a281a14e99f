using System.Net;
using System.Security.Cryptography;
using System.Text.Json;
using ReportIntake.Web.Security;

namespace ReportIntake.Web.Tests.Police;

public sealed class ReadOriginalTests(PoliceHost host) : IClassFixture<PoliceHost>
{
    /// <summary>Over several segments of the encrypted store, and not a multiple of one.</summary>
    private static readonly byte[] Content = RandomNumberGenerator.GetBytes((3 * 64 * 1024) + 12_345);

    [Fact]
    public async Task Original_Whole_IsByteIdenticalWithItsDigest()
    {
        using var police = await host.PoliceAsync("17.01");
        var (address, reportId) = await StoredAsync("17.01");

        using var answer = await police.Http.GetAsync(address);

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal(Content, await answer.Content.ReadAsByteArrayAsync());
        var sha256 = SHA256.HashData(Content);
        Assert.Equal($"\"{Convert.ToHexStringLower(sha256)}\"", answer.Headers.ETag?.Tag);
        Assert.Equal($"sha-256=:{Convert.ToBase64String(sha256)}:", Assert.Single(answer.Headers.GetValues("Repr-Digest")));
        Assert.Equal("nosniff", Assert.Single(answer.Headers.GetValues("X-Content-Type-Options")));
        Assert.Equal("image/png", answer.Content.Headers.ContentType?.MediaType);
        Assert.Equal("attachment", answer.Content.Headers.ContentDisposition?.DispositionType);
        Assert.Equal("foto di pasar.png", answer.Content.Headers.ContentDisposition?.FileNameStar);
        Assert.Equal(["bytes"], answer.Headers.AcceptRanges);
        var entry = Assert.Single(await host.LedgerAsync(reportId, "original_read"));
        Assert.Equal(police.Id, entry.ActorId);
        Assert.Equal("whole", JsonDocument.Parse(entry.Details).RootElement.Text("range"));
        Assert.Equal(Convert.ToHexStringLower(sha256), JsonDocument.Parse(entry.Details).RootElement.Text("sha256"));
    }

    [Theory]
    [InlineData("bytes=0-0", 0, 1)]
    [InlineData("bytes=0-99", 0, 100)]
    [InlineData("bytes=65530-65545", 65530, 16)]
    [InlineData("bytes=70000-200000", 70000, 130001)]
    [InlineData("bytes=200000-", 200000, 8953)]
    [InlineData("bytes=-7", 208946, 7)]
    [InlineData("bytes=208952-999999999", 208952, 1)]
    public async Task Original_Range_IsThosePreciseBytes(string range, int from, int length)
    {
        using var police = await host.PoliceAsync("17.02");
        var (address, reportId) = await StoredAsync("17.02");

        using var answer = await GetAsync(police.Http, address, ("Range", range));

        Assert.Equal(HttpStatusCode.PartialContent, answer.StatusCode);
        Assert.Equal(Content.AsSpan(from, length).ToArray(), await answer.Content.ReadAsByteArrayAsync());
        var told = $"bytes {from}-{from + length - 1}/{Content.Length}";
        Assert.Equal(told, answer.Content.Headers.ContentRange?.ToString());
        var entry = Assert.Single(await host.LedgerAsync(reportId, "original_read"));
        Assert.Equal(told, JsonDocument.Parse(entry.Details).RootElement.Text("range"));
    }

    [Fact]
    public async Task Original_NothingGivenOut_LeavesNoCustodyEvent()
    {
        using var police = await host.PoliceAsync("17.03");
        var (address, reportId) = await StoredAsync("17.03");
        var tag = $"\"{Convert.ToHexStringLower(SHA256.HashData(Content))}\"";

        using var beyond = await GetAsync(police.Http, address, ("Range", $"bytes={Content.Length}-"));
        using var known = await GetAsync(police.Http, address, ("If-None-Match", tag));
        using var changed = await GetAsync(police.Http, address, ("If-Match", "\"other\""));

        Assert.Equal(HttpStatusCode.RequestedRangeNotSatisfiable, beyond.StatusCode);
        Assert.Equal($"bytes */{Content.Length}", beyond.Content.Headers.ContentRange?.ToString());
        Assert.Equal(HttpStatusCode.NotModified, known.StatusCode);
        Assert.Equal(HttpStatusCode.PreconditionFailed, changed.StatusCode);
        Assert.Empty(await host.LedgerAsync(reportId, "original_read"));
    }

    [Fact]
    public async Task Original_IfRange_GivesThePartOnlyOfTheSameFile()
    {
        using var police = await host.PoliceAsync("17.04");
        var (address, _) = await StoredAsync("17.04");
        var tag = $"\"{Convert.ToHexStringLower(SHA256.HashData(Content))}\"";

        using var same = await GetAsync(police.Http, address, ("Range", "bytes=5-9"), ("If-Range", tag));
        using var other = await GetAsync(police.Http, address, ("Range", "bytes=5-9"), ("If-Range", "\"other\""));

        Assert.Equal(HttpStatusCode.PartialContent, same.StatusCode);
        Assert.Equal(HttpStatusCode.OK, other.StatusCode);
    }

    [Fact]
    public async Task Original_NotScreened_HasNoTypeOfTheSender()
    {
        using var police = await host.PoliceAsync("17.05");
        var report = await host.VerifiedAsync("17.05");
        var item = await host.EvidenceAsync(report.Id, [1, 2, 3], "a\"b\r\nX-Evil: 1.html", screened: false);

        using var answer = await police.Http.GetAsync($"/api/v1/reports/{report.Id}/evidence/{item.Id}/original");

        Assert.Equal("application/octet-stream", answer.Content.Headers.ContentType?.MediaType);
        Assert.Equal("attachment", answer.Content.Headers.ContentDisposition?.DispositionType);
        Assert.False(answer.Headers.Contains("X-Evil"));
        Assert.Equal([1, 2, 3], await answer.Content.ReadAsByteArrayAsync());
    }

    [Fact]
    public async Task Original_OfAnotherReportOrAreaOrScope_IsRefused()
    {
        using var police = await host.PoliceAsync("17.06");
        using var outside = await host.PoliceAsync("17.07");
        using var reader = await host.PoliceAsync([PoliceScopes.ReadReports], "17.06");
        var (address, _) = await StoredAsync("17.06");
        var other = await host.VerifiedAsync("17.06");

        using var misplaced = await police.Http.GetAsync($"/api/v1/reports/{other.Id}/evidence/{address.Split('/')[^2]}/original");
        using var elsewhere = await outside.Http.GetAsync(address);
        using var unscoped = await reader.Http.GetAsync(address);

        Assert.Equal("evidence_not_found", await misplaced.CodeAsync(HttpStatusCode.NotFound));
        Assert.Equal("report_not_found", await elsewhere.CodeAsync(HttpStatusCode.NotFound));
        Assert.Equal("not_allowed", await unscoped.CodeAsync(HttpStatusCode.Forbidden));
    }

    private async Task<(string Address, Guid ReportId)> StoredAsync(string area)
    {
        var report = await host.VerifiedAsync(area);
        var item = await host.EvidenceAsync(report.Id, Content);
        return ($"/api/v1/reports/{report.Id}/evidence/{item.Id}/original", report.Id);
    }

    private static async Task<HttpResponseMessage> GetAsync(HttpClient http, string address, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, address);
        foreach (var (name, value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        return await http.SendAsync(request);
    }
}

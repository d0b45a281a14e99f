using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using ReportIntake.Domain.Evidence;
using ReportIntake.Web.Evidence.Store;

namespace ReportIntake.Web.Tests.Intake.Uploads;

/// <summary>tus concatenation: parts sent side by side become one ordinary upload.</summary>
public sealed class ConcatenationTests(UploadHost host) : IClassFixture<UploadHost>
{
    private readonly TusClient tus = new(host);

    [Fact]
    public async Task Final_OfFinishedParts_IsOneUploadInTheirOrder()
    {
        var content = RandomNumberGenerator.GetBytes(700_001);
        var (second, first) = (await PartAsync(content[300_000..]), await PartAsync(content[..300_000]));
        var parts = new[] { await tus.ItemAsync(first), await tus.ItemAsync(second) };

        // Absolute, as tus-js-client sends them, and relative.
        using var response = await JoinAsync([new Uri(host.Address, first).AbsoluteUri, second], ("Upload-Metadata", $"filename {TusClient.Base64("video.mp4")}"));

        Assert.Equal(HttpStatusCode.Created, response.StatusCode);
        var path = response.Headers.Location!.OriginalString;
        var item = await tus.ItemAsync(path);
        Assert.Equal((EvidenceState.Stored, 700_001L, "video.mp4"), (item.State, item.Size!.Value, item.Name));
        Assert.Equal(SHA256.HashData(content), item.Sha256);
        Assert.Equal(content, await tus.ContentAsync(item.Id));
        using var head = await tus.SendAsync("HEAD", path);
        Assert.Equal("700001", TusClient.Header(head, "Upload-Offset"));
        Assert.Equal($"final;{new Uri(host.Address, first).AbsoluteUri} {second}", TusClient.Header(head, "Upload-Concat"));
        foreach (var (address, part) in new[] { first, second }.Zip(parts))
        {
            using var gone = await tus.SendAsync("HEAD", address);
            Assert.Equal(HttpStatusCode.NotFound, gone.StatusCode);
            Assert.Null(await host.Services.GetRequiredService<IEvidenceStore>().GetStatusAsync(BlobKey.Original(part.Id), default));
        }
    }

    [Fact]
    public async Task Final_AskedForAgain_IsTheSameUpload()
    {
        var part = await PartAsync([1, 2, 3]);
        using var first = await JoinAsync([part]);

        using var again = await JoinAsync([part]);

        Assert.Equal(HttpStatusCode.Created, again.StatusCode);
        Assert.Equal(first.Headers.Location, again.Headers.Location);
    }

    [Fact]
    public async Task Final_AskedForTwiceAtOnce_IsOneUpload()
    {
        var content = RandomNumberGenerator.GetBytes(8_000_000);
        var parts = new[] { await PartAsync(content[..4_000_000]), await PartAsync(content[4_000_000..]) };

        var answers = await Task.WhenAll(JoinAsync(parts), JoinAsync(parts), JoinAsync(parts));

        Assert.All(answers, a => Assert.Equal(HttpStatusCode.Created, a.StatusCode));
        var path = Assert.Single(answers.Select(a => a.Headers.Location!.OriginalString).Distinct());
        Assert.Equal(SHA256.HashData(content), (await tus.ItemAsync(path)).Sha256);
        Array.ForEach(answers, a => a.Dispose());
    }

    [Fact]
    public async Task Final_TwoWithThePartsInOppositeOrder_OneWins()
    {
        var parts = new[] { await PartAsync(new byte[3_000_000]), await PartAsync(new byte[3_000_000]) };

        var answers = await Task.WhenAll(JoinAsync(parts), JoinAsync([.. parts.Reverse()]));

        Assert.Equal([HttpStatusCode.Created, HttpStatusCode.NotFound], answers.Select(a => a.StatusCode).Order());
        Array.ForEach(answers, a => a.Dispose());
    }

    [Fact]
    public async Task Final_OfAnUnfinishedPart_IsRefusedAndKeepsTheParts()
    {
        var (done, open) = (await PartAsync([1]), await BeginAsync(10));

        using var response = await JoinAsync([done, open]);

        Assert.Equal(HttpStatusCode.Conflict, response.StatusCode);
        Assert.Equal("upload_parts_unfinished", await TusClient.CodeAsync(response));
        Assert.Equal((1, 0), (await tus.OffsetAsync(done), await tus.OffsetAsync(open)));
    }

    [Fact]
    public async Task Final_OfAnOrdinaryUpload_IsRefused()
    {
        var ordinary = await tus.CreateAsync(1);
        using var sent = await tus.PatchAsync(ordinary, 0, [1]);

        using var response = await JoinAsync([await PartAsync([1]), ordinary]);

        Assert.Equal(HttpStatusCode.Conflict, response.StatusCode);
        Assert.Equal("upload_not_a_part", await TusClient.CodeAsync(response));
    }

    [Fact]
    public async Task Final_OfAnExpiredPart_IsGone()
    {
        var part = await PartAsync([1]);
        var id = (await tus.ItemAsync(part)).Id;
        await host.WithDatabaseAsync(d => d.Evidence.Where(e => e.Id == id).ExecuteUpdateAsync(s => s.SetProperty(e => e.ExpiresAt, DateTimeOffset.UnixEpoch)));

        using var response = await JoinAsync([part]);

        Assert.Equal(HttpStatusCode.Gone, response.StatusCode);
    }

    [Theory]
    [InlineData("final;/api/v1/uploads/AAAAAAAAAAAAAAAAAAAAAAAAAAA", 404, "upload_not_found")]
    [InlineData("final;/api/v1/uploads/x", 404, "upload_not_found")]
    [InlineData("final;https://elsewhere.example/files/AAAAAAAAAAAAAAAAAAAAAAAAAAA", 400, "upload_concat_invalid")]
    [InlineData("final;", 400, "upload_concat_invalid")]
    [InlineData("final", 400, "upload_concat_invalid")]
    [InlineData("whole", 400, "upload_concat_invalid")]
    [InlineData("", 400, "upload_concat_invalid")]
    [InlineData("final;/api/v1/uploads/AAAAAAAAAAAAAAAAAAAAAAAAAAA /api/v1/uploads/AAAAAAAAAAAAAAAAAAAAAAAAAAA", 400, "upload_concat_invalid")]
    public async Task Final_OfWhatIsNotThere_IsRefused(string concat, int status, string code)
    {
        using var response = await tus.SendAsync("POST", TusClient.Root, null, ("Upload-Concat", concat));

        Assert.Equal(status, (int)response.StatusCode);
        Assert.Equal(code, await TusClient.CodeAsync(response));
    }

    [Theory]
    [InlineData("Upload-Length", "1")]
    [InlineData("Upload-Defer-Length", "1")]
    public async Task Final_WithALength_IsRefused(string header, string value)
    {
        using var response = await JoinAsync([await PartAsync([1])], (header, value));

        Assert.Equal("upload_concat_invalid", await TusClient.CodeAsync(response));
    }

    [Fact]
    public async Task Final_LargerThanAFileMayBe_IsRefusedAndKeepsTheParts()
    {
        var parts = new[] { await PartAsync(new byte[UploadHost.MaxFileSize - 1]), await PartAsync(new byte[2]) };

        using var response = await JoinAsync(parts);

        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, response.StatusCode);
        Assert.Equal("file_too_large", await TusClient.CodeAsync(response));
        Assert.Equal(2, await tus.OffsetAsync(parts[1]));
    }

    [Fact]
    public async Task Patch_ToAFinalUpload_IsForbidden()
    {
        using var final = await JoinAsync([await PartAsync([1])]);

        using var response = await tus.PatchAsync(final.Headers.Location!.OriginalString, 1, [2]);

        Assert.Equal(HttpStatusCode.Forbidden, response.StatusCode);
        Assert.Equal("upload_final", await TusClient.CodeAsync(response));
    }

    [Fact]
    public async Task Head_OfAPart_TellsThatItIsOne()
    {
        using var head = await tus.SendAsync("HEAD", await BeginAsync(5));

        Assert.Equal("partial", TusClient.Header(head, "Upload-Concat"));
        Assert.Equal("0", TusClient.Header(head, "Upload-Offset"));
    }

    [Fact]
    public async Task Submit_WithAPart_IsRefusedAndWithTheFinalIsTaken()
    {
        using var http = host.Client();
        var part = await PartAsync([1, 2, 3]);
        using var refused = await SubmitAsync(http, part);
        Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
        Assert.Contains("upload_is_part", await refused.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        using var final = await JoinAsync([part]);

        using var taken = await SubmitAsync(http, final.Headers.Location!.OriginalString);

        Assert.Equal(HttpStatusCode.Created, taken.StatusCode);
        var item = await tus.ItemAsync(final.Headers.Location.OriginalString);
        Assert.NotNull(item.ReportId);
        Assert.Null(item.SentMetadata);
    }

    private static Task<HttpResponseMessage> SubmitAsync(HttpClient http, string upload) =>
        http.PostAsJsonAsync("/api/v1/reports", new { category = "online_fraud", uploadIds = new[] { upload.Split('/')[^1] } }, JsonSerializerOptions.Web);

    private async Task<string> BeginAsync(int length)
    {
        using var created = await tus.SendAsync("POST", TusClient.Root, null, ("Upload-Length", TusClient.Text(length)), ("Upload-Concat", "partial"));
        Assert.Equal(HttpStatusCode.Created, created.StatusCode);
        return created.Headers.Location!.OriginalString;
    }

    private async Task<string> PartAsync(byte[] content)
    {
        var path = await BeginAsync(content.Length);
        using var sent = await tus.PatchAsync(path, 0, content);
        Assert.Equal(HttpStatusCode.NoContent, sent.StatusCode);
        return path;
    }

    private Task<HttpResponseMessage> JoinAsync(string[] parts, params (string Name, string? Value)[] headers) =>
        tus.SendAsync("POST", TusClient.Root, null, [("Upload-Concat", "final;" + string.Join(' ', parts)), .. headers]);
}

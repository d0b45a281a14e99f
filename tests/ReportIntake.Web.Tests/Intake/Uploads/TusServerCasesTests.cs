using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using Microsoft.EntityFrameworkCore;

namespace ReportIntake.Web.Tests.Intake.Uploads;

/// <summary>
/// The cases that <c>@tus/server</c> is tested with, in our own words, as far as <see cref="TusTests"/> does not have them. Where that server
/// and the protocol differ, the protocol's status stands (415 for a wrong content type, not 403). Not taken over: what belongs to
/// its own hooks, stores and naming, CORS (pages and API are one origin) and GET (an upload is never given back).
/// </summary>
public sealed class TusServerCasesTests(UploadHost host) : IClassFixture<UploadHost>
{
    private readonly HttpClient http = host.Client();
    private readonly TusClient tus = new(host);

    [Fact]
    public async Task Options_OfOneUpload_TellTheSame()
    {
        using var response = await tus.SendAsync("OPTIONS", $"{TusClient.Root}/anything", null, ("Tus-Resumable", null));

        Assert.Equal(HttpStatusCode.NoContent, response.StatusCode);
        Assert.Equal("1.0.0", TusClient.Header(response, "Tus-Version"));
    }

    [Theory]
    [InlineData("POST", "")]
    [InlineData("HEAD", "/AAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    [InlineData("PATCH", "/AAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    [InlineData("DELETE", "/AAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    public async Task Any_WithoutVersion_IsRefusedWithTheVersionsSpoken(string method, string path)
    {
        using var response = await tus.SendAsync(method, TusClient.Root + path, null, ("Tus-Resumable", null));

        Assert.Equal(HttpStatusCode.PreconditionFailed, response.StatusCode);
        Assert.Equal("1.0.0", TusClient.Header(response, "Tus-Version"));
    }

    [Fact]
    public async Task Get_Upload_IsNotGivenBack()
    {
        var path = await tus.CreateAsync(5);
        using var sent = await tus.PatchAsync(path, 0, "bytes"u8.ToArray());

        using var response = await tus.SendAsync("GET", path);

        Assert.Equal(HttpStatusCode.MethodNotAllowed, response.StatusCode);
    }

    [Theory]
    [InlineData("PATCH")]
    [InlineData("DELETE")]
    [InlineData("HEAD")]
    public async Task Any_WithoutAnId_DoesNotExist(string method)
    {
        using var response = await tus.SendAsync(method, TusClient.Root, method == "PATCH" ? [1] : null, ("Upload-Offset", "0"));

        Assert.True(response.StatusCode is HttpStatusCode.NotFound or HttpStatusCode.MethodNotAllowed, response.StatusCode.ToString());
    }

    [Theory]
    [InlineData("..%2F..%2Freportintake.db")]
    [InlineData("..%5Creportintake.db")]
    [InlineData("file%00")]
    [InlineData("1234%205%23")]
    [InlineData("some/path/yeah/1234")]
    public async Task Any_IdThatWouldBeAPath_IsNotFound(string id)
    {
        foreach (var method in new[] { "HEAD", "PATCH", "DELETE" })
        {
            using var response = await tus.SendAsync(method, $"{TusClient.Root}/{id}", method == "PATCH" ? [1] : null, ("Upload-Offset", "0"));

            Assert.True(response.StatusCode is HttpStatusCode.NotFound or HttpStatusCode.BadRequest, $"{method} {response.StatusCode}");
        }
    }

    [Theory]
    [InlineData(null, null)]
    [InlineData("5", "1")]
    [InlineData("hello", null)]
    [InlineData("1.5", null)]
    [InlineData("+5", null)]
    [InlineData("99999999999999999999", null)]
    [InlineData(null, "hello")]
    [InlineData(null, "0")]
    public async Task Create_LengthMissingTwiceOrNoNumber_IsRefused(string? length, string? deferred)
    {
        using var response = await tus.SendAsync("POST", TusClient.Root, null, ("Upload-Length", length), ("Upload-Defer-Length", deferred));

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Equal("upload_length_invalid", await TusClient.CodeAsync(response));
    }

    [Theory]
    [InlineData("is_confidential,filename dmlkZW8ubXA0", "is_confidential,filename dmlkZW8ubXA0")]
    [InlineData("nonlatin c8WCb8WEY2U=,number MTAw", "nonlatin c8WCb8WEY2U=,number MTAw")]
    public async Task Head_MetadataOfAnyKeys_IsGivenBackAsSent(string sent, string given)
    {
        using var created = await tus.SendAsync("POST", TusClient.Root, null, ("Upload-Length", "5"), ("Upload-Metadata", sent));

        using var head = await tus.SendAsync("HEAD", created.Headers.Location!.OriginalString);

        Assert.Equal(given, TusClient.Header(head, "Upload-Metadata"));
        Assert.Equal("no-store", head.Headers.CacheControl?.ToString());
        Assert.Equal("5", TusClient.Header(head, "Upload-Length"));
        Assert.Null(TusClient.Header(head, "Upload-Defer-Length"));
        Assert.Null(TusClient.Header(head, "Upload-Concat"));
    }

    [Theory]
    [InlineData("filename dmlkZW8ubXA0,filename dmlkZW8ubXA0")]
    [InlineData("too-many   spaces")]
    [InlineData("filename  dmlkZW8ubXA0")]
    public async Task Create_MetadataTwiceOrMisspaced_IsRefused(string metadata)
    {
        using var response = await tus.SendAsync("POST", TusClient.Root, null, ("Upload-Length", "5"), ("Upload-Metadata", metadata));

        Assert.Equal("upload_metadata_invalid", await TusClient.CodeAsync(response));
    }

    [Fact]
    public async Task Create_WithPartOfTheFile_GoesOnBehindIt()
    {
        using var created = await tus.SendAsync("POST", TusClient.Root, "12345"u8.ToArray(), ("Upload-Length", "8"));
        Assert.Equal("5", TusClient.Header(created, "Upload-Offset"));
        Assert.NotNull(TusClient.Header(created, "Upload-Expires"));
        var path = created.Headers.Location!.OriginalString;

        using var rest = await tus.PatchAsync(path, 5, "678"u8.ToArray());

        Assert.Equal(SHA256.HashData("12345678"u8), (await tus.ItemAsync(path)).Sha256);
    }

    [Fact]
    public async Task Create_BodyOfAnotherType_IsNoPartOfTheFile()
    {
        using var created = await tus.SendAsync("POST", TusClient.Root, "12345"u8.ToArray(), ("Upload-Length", "5"), ("Content-Type", "text/plain"));

        Assert.Equal(HttpStatusCode.Created, created.StatusCode);
        Assert.Equal(0, await tus.OffsetAsync(created.Headers.Location!.OriginalString));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Patch_MoreThanTheLength_IsRefused(bool chunked)
    {
        var path = await tus.CreateAsync(100);

        using var response = await PatchAsync(path, new byte[101], chunked);

        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, response.StatusCode);
        Assert.Equal(0, await tus.OffsetAsync(path));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Patch_LengthDeferredAndMoreThanAFileMayHave_IsRefused(bool chunked)
    {
        using var created = await tus.SendAsync("POST", TusClient.Root, null, ("Upload-Defer-Length", "1"));

        using var response = await PatchAsync(created.Headers.Location!.OriginalString, new byte[UploadHost.MaxFileSize + 1], chunked);

        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, response.StatusCode);
        Assert.Equal("file_too_large", await TusClient.CodeAsync(response));
    }

    [Fact]
    public async Task Patch_TellsALengthLargerThanAFileMayHave_IsRefused()
    {
        using var created = await tus.SendAsync("POST", TusClient.Root, null, ("Upload-Defer-Length", "1"));

        using var response = await tus.PatchAsync(created.Headers.Location!.OriginalString, 0, [1], ("Upload-Length", TusClient.Text(UploadHost.MaxFileSize + 1)));

        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, response.StatusCode);
    }

    [Fact]
    public async Task Patch_Complete_TakesNothingMore()
    {
        var path = await tus.CreateAsync(1);
        using var whole = await tus.PatchAsync(path, 0, [1]);

        using var nothing = await tus.PatchAsync(path, 1, []);
        using var more = await tus.PatchAsync(path, 1, [2]);

        Assert.Equal(HttpStatusCode.NoContent, nothing.StatusCode);
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, more.StatusCode);
    }

    [Fact]
    public async Task Delete_Complete_IsRemoved()
    {
        var path = await tus.CreateAsync(1);
        using var whole = await tus.PatchAsync(path, 0, [1]);

        using var deleted = await tus.SendAsync("DELETE", path);
        using var again = await tus.SendAsync("DELETE", path);

        Assert.Equal((HttpStatusCode.NoContent, HttpStatusCode.NotFound), (deleted.StatusCode, again.StatusCode));
    }

    [Theory]
    [InlineData("HEAD")]
    [InlineData("PATCH")]
    [InlineData("DELETE")]
    public async Task Any_Expired_IsGone(string method)
    {
        var path = await tus.CreateAsync(5);
        var id = (await tus.ItemAsync(path)).Id;
        await host.WithDatabaseAsync(d => d.Evidence.Where(e => e.Id == id).ExecuteUpdateAsync(s => s.SetProperty(e => e.ExpiresAt, DateTimeOffset.UnixEpoch)));

        using var response = await tus.SendAsync(method, path, method == "PATCH" ? [1] : null, ("Upload-Offset", "0"));

        Assert.Equal(HttpStatusCode.Gone, response.StatusCode);
    }

    private async Task<HttpResponseMessage> PatchAsync(string path, byte[] body, bool chunked)
    {
        using var request = new HttpRequestMessage(HttpMethod.Patch, path) { Content = new ByteArrayContent(body) };
        request.Headers.Add("Tus-Resumable", "1.0.0");
        request.Headers.Add("Upload-Offset", "0");
        request.Headers.TransferEncodingChunked = chunked;
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/offset+octet-stream");
        return await http.SendAsync(request);
    }
}

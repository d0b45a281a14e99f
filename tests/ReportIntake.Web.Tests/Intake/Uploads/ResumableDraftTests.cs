using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using ReportIntake.Domain.Evidence;

namespace ReportIntake.Web.Tests.Intake.Uploads;

/// <summary>draft-ietf-httpbis-resumable-upload, interop version 8; the section of each rule stands with its test.</summary>
public sealed class ResumableDraftTests(UploadHost host) : IClassFixture<UploadHost>
{
    private const string Root = TusClient.Root;
    private readonly HttpClient http = host.Client();
    private readonly TusClient tus = new(host);

    [Fact]
    public async Task Options_Always_TellTheLimits()
    {
        using var response = await http.SendAsync(new HttpRequestMessage(HttpMethod.Options, Root));

        Assert.Equal("max-size=20000000", TusClient.Header(response, "Upload-Limit"));
    }

    [Fact]
    public async Task Create_Whole_IsStoredAtOnce()
    {
        var content = RandomNumberGenerator.GetBytes(100_000);
        using var response = await SendAsync("POST", Root, content, "video/mp4; codecs=\"avc1\"", ("Upload-Complete", "?1"), ("Content-Disposition", "inline; filename=\"x.mp4\"; filename*=UTF-8''anak%20.mp4"));

        Assert.Equal(HttpStatusCode.Created, response.StatusCode);
        Assert.Equal(("?1", "100000"), (TusClient.Header(response, "Upload-Complete"), TusClient.Header(response, "Upload-Offset")));
        Assert.Null(TusClient.Header(response, "Tus-Resumable"));
        Assert.Equal($"sha-256=:{Convert.ToBase64String(SHA256.HashData(content))}:", TusClient.Header(response, "Repr-Digest"));
        var item = await tus.ItemAsync(response.Headers.Location!.OriginalString);
        Assert.Equal((EvidenceState.Stored, "anak .mp4", "video/mp4"), (item.State, item.Name, item.MediaType));
        Assert.Equal(content, await tus.ContentAsync(item.Id));
    }

    /// <summary>Example 2: a series of parts, the length told nowhere.</summary>
    [Fact]
    public async Task Append_InPartsOfUnknownLength_IsStoredAtTheLastOne()
    {
        var content = RandomNumberGenerator.GetBytes(300_000);
        using var created = await SendAsync("POST", Root, content[..100_000], "video/mp4", ("Upload-Complete", "?0"));
        Assert.Equal((HttpStatusCode.Created, "?0"), (created.StatusCode, TusClient.Header(created, "Upload-Complete")));
        Assert.Matches("^max-size=20000000, max-age=[0-9]+$", TusClient.Header(created, "Upload-Limit"));
        var path = created.Headers.Location!.OriginalString;
        using var middle = await AppendAsync(path, 100_000, content[100_000..200_000], "?0");
        Assert.Equal((HttpStatusCode.NoContent, "?0", "200000"), (middle.StatusCode, TusClient.Header(middle, "Upload-Complete"), TusClient.Header(middle, "Upload-Offset")));
        using var head = await SendAsync("HEAD", path, null, null);
        Assert.Equal((HttpStatusCode.NoContent, "?0", "200000"), (head.StatusCode, TusClient.Header(head, "Upload-Complete"), TusClient.Header(head, "Upload-Offset")));
        Assert.Null(TusClient.Header(head, "Upload-Length"));
        Assert.Equal("no-store", head.Headers.CacheControl?.ToString());

        using var last = await AppendAsync(path, 200_000, content[200_000..], "?1");

        Assert.Equal((HttpStatusCode.Created, "?1"), (last.StatusCode, TusClient.Header(last, "Upload-Complete")));
        Assert.Equal(SHA256.HashData(content), (await tus.ItemAsync(path)).Sha256);
        using var after = await SendAsync("HEAD", path, null, null);
        Assert.Equal(("?1", "300000", "300000"), (TusClient.Header(after, "Upload-Complete"), TusClient.Header(after, "Upload-Offset"), TusClient.Header(after, "Upload-Length")));
    }

    /// <summary>Length: offset and length do not determine whether an upload is complete; the sender says so, if need be with an empty append.</summary>
    [Fact]
    public async Task Append_EmptyAfterAllBytes_Completes()
    {
        using var created = await SendAsync("POST", Root, new byte[50], "video/mp4", ("Upload-Complete", "?0"), ("Upload-Length", "50"));
        var path = created.Headers.Location!.OriginalString;
        Assert.Equal(EvidenceState.Uploading, (await tus.ItemAsync(path)).State);

        using var last = await AppendAsync(path, 50, [], "?1");
        using var again = await AppendAsync(path, 50, [], "?1");

        Assert.Equal((HttpStatusCode.Created, "?1"), (last.StatusCode, TusClient.Header(last, "Upload-Complete")));
        Assert.Equal((HttpStatusCode.Created, "?1"), (again.StatusCode, TusClient.Header(again, "Upload-Complete")));
        Assert.Equal(EvidenceState.Stored, (await tus.ItemAsync(path)).State);
    }

    [Fact]
    public async Task Append_BodyOfUnknownLength_Completes()
    {
        using var created = await SendAsync("POST", Root, [], "video/mp4", ("Upload-Complete", "?0"));
        var path = created.Headers.Location!.OriginalString;
        using var request = Request("PATCH", path, ("Upload-Complete", "?1"), ("Upload-Offset", "0"));
        request.Headers.TransferEncodingChunked = true;
        request.Content = new StreamContent(new MemoryStream(new byte[70_000]));
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/partial-upload");

        using var response = await http.SendAsync(request);

        Assert.Equal((HttpStatusCode.Created, "?1"), (response.StatusCode, TusClient.Header(response, "Upload-Complete")));
        Assert.Equal(70_000, (await tus.ItemAsync(path)).Size);
    }

    [Fact]
    public async Task Append_AtAnotherOffset_IsAMismatchThatTellsBoth()
    {
        using var created = await SendAsync("POST", Root, new byte[30], "video/mp4", ("Upload-Complete", "?0"));

        using var response = await AppendAsync(created.Headers.Location!.OriginalString, 10, new byte[5], "?0");

        Assert.Equal((HttpStatusCode.Conflict, "?0", "30"), (response.StatusCode, TusClient.Header(response, "Upload-Complete"), TusClient.Header(response, "Upload-Offset")));
        using var problem = JsonDocument.Parse(await response.Content.ReadAsStringAsync());
        Assert.Equal("https://iana.org/assignments/http-problem-types#mismatching-upload-offset", problem.RootElement.GetProperty("type").GetString());
        Assert.Equal((30, 10), (problem.RootElement.GetProperty("expected-offset").GetInt32(), problem.RootElement.GetProperty("provided-offset").GetInt32()));
        Assert.Equal("upload_offset_mismatch", problem.RootElement.GetProperty("code").GetString());
    }

    [Theory]
    [InlineData("?1", 5, "9")] // the body ends elsewhere than the length says
    [InlineData("?1", 5, null)] // the length told at creation was 100
    [InlineData("?0", 5, "99")]
    public async Task Append_LengthsContradict_IsRefused(string complete, int bytes, string? length)
    {
        using var created = await SendAsync("POST", Root, new byte[30], "video/mp4", ("Upload-Complete", "?0"), ("Upload-Length", "100"));
        var path = created.Headers.Location!.OriginalString;

        using var response = await AppendAsync(path, 30, new byte[bytes], complete, length);

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        using var problem = JsonDocument.Parse(await response.Content.ReadAsStringAsync());
        Assert.Equal("https://iana.org/assignments/http-problem-types#inconsistent-upload-length", problem.RootElement.GetProperty("type").GetString());
        Assert.Equal("upload_length_inconsistent", problem.RootElement.GetProperty("code").GetString());
        Assert.Equal(EvidenceState.Uploading, (await tus.ItemAsync(path)).State);
    }

    /// <summary>Server behaviour on append: past the length the upload is given up.</summary>
    [Fact]
    public async Task Append_PastTheLength_EndsTheUpload()
    {
        using var created = await SendAsync("POST", Root, new byte[30], "video/mp4", ("Upload-Complete", "?0"), ("Upload-Length", "40"));
        var path = created.Headers.Location!.OriginalString;

        using var response = await AppendAsync(path, 30, new byte[11], "?0");

        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, response.StatusCode);
        Assert.Equal("max-size=20000000", TusClient.Header(response, "Upload-Limit"));
        using var head = await SendAsync("HEAD", path, null, null);
        Assert.Equal(HttpStatusCode.NotFound, head.StatusCode);
    }

    [Theory]
    [InlineData("?1", null, 400, "file_empty")]
    [InlineData("?0", "20000001", 413, "file_too_large")]
    [InlineData("yes", null, 400, "upload_completeness_invalid")]
    [InlineData(null, null, 400, "upload_completeness_invalid")]
    public async Task Create_Wrong_IsRefused(string? complete, string? length, int status, string code)
    {
        using var response = await SendAsync("POST", Root, [], "video/mp4", ("Upload-Complete", complete), ("Upload-Length", length));

        Assert.Equal(status, (int)response.StatusCode);
        Assert.Equal(code, await TusClient.CodeAsync(response));
    }

    [Theory]
    [InlineData("application/offset+octet-stream", "0", "?0", 415, "content_type_not_accepted")]
    [InlineData("application/partial-upload", null, "?0", 400, "upload_offset_invalid")]
    [InlineData("application/partial-upload", "-1", "?0", 400, "upload_offset_invalid")]
    [InlineData("application/partial-upload", "0", null, 400, "upload_completeness_invalid")]
    public async Task Append_Malformed_IsRefused(string type, string? offset, string? complete, int status, string code)
    {
        using var created = await SendAsync("POST", Root, [], "video/mp4", ("Upload-Complete", "?0"));

        using var response = await SendAsync("PATCH", created.Headers.Location!.OriginalString, [1], type, ("Upload-Offset", offset), ("Upload-Complete", complete));

        Assert.Equal(status, (int)response.StatusCode);
        Assert.Equal(code, await TusClient.CodeAsync(response));
    }

    [Fact]
    public async Task Delete_Upload_LeavesNothing()
    {
        using var created = await SendAsync("POST", Root, new byte[10], "video/mp4", ("Upload-Complete", "?0"));
        var path = created.Headers.Location!.OriginalString;

        using var deleted = await SendAsync("DELETE", path, null, null);
        using var head = await SendAsync("HEAD", path, null, null);

        Assert.Equal((HttpStatusCode.NoContent, HttpStatusCode.NotFound), (deleted.StatusCode, head.StatusCode));
    }

    [Fact]
    public async Task Any_AnotherVersionOrNone_IsNotThisProtocol()
    {
        using var request = Request("POST", Root, ("Upload-Complete", "?0"), ("Upload-Draft-Interop-Version", "7"));

        using var response = await http.SendAsync(request);

        Assert.Equal(HttpStatusCode.PreconditionFailed, response.StatusCode);
    }

    [Fact]
    public async Task Upload_BegunHere_GoesOnInTus()
    {
        var content = RandomNumberGenerator.GetBytes(1000);
        using var created = await SendAsync("POST", Root, content[..400], "video/mp4", ("Upload-Complete", "?0"), ("Upload-Length", "1000"));
        var path = created.Headers.Location!.OriginalString;

        using var rest = await tus.PatchAsync(path, 400, content[400..]);

        Assert.Equal(HttpStatusCode.NoContent, rest.StatusCode);
        Assert.Equal(SHA256.HashData(content), (await tus.ItemAsync(path)).Sha256);
    }

    /// <summary>Example 1: the first request breaks off, and the interim response has told where to go on.</summary>
    [Fact]
    public async Task Create_CutAfterTheInterimResponse_IsGoneOnWith()
    {
        var content = RandomNumberGenerator.GetBytes(400_000);
        using var socket = new TcpClient();
        await socket.ConnectAsync(host.Address.Host, host.Address.Port);
        var head = $"POST {Root} HTTP/1.1\r\nHost: localhost\r\nUpload-Draft-Interop-Version: 8\r\nUpload-Complete: ?1\r\nContent-Type: video/mp4\r\nContent-Length: {content.Length}\r\n\r\n";
        await socket.GetStream().WriteAsync(Encoding.ASCII.GetBytes(head));
        using var reader = new StreamReader(socket.GetStream(), Encoding.ASCII);
        Assert.Equal("HTTP/1.1 104 Upload Resumption Supported", await reader.ReadLineAsync());
        var told = new Dictionary<string, string>();
        while (await reader.ReadLineAsync() is { Length: > 0 } line)
        {
            told[line[..line.IndexOf(':', StringComparison.Ordinal)]] = line[(line.IndexOf(':', StringComparison.Ordinal) + 2)..];
        }

        Assert.Equal("8", told["Upload-Draft-Interop-Version"]);
        Assert.StartsWith("max-size=20000000", told["Upload-Limit"], StringComparison.Ordinal);
        await socket.GetStream().WriteAsync(content.AsMemory(0, 150_000));
        socket.Client.Shutdown(SocketShutdown.Send);

        using var where = await SendAsync("HEAD", told["Location"], null, null);
        var offset = int.Parse(TusClient.Header(where, "Upload-Offset")!, CultureInfo.InvariantCulture);
        Assert.Equal(("?0", "400000"), (TusClient.Header(where, "Upload-Complete"), TusClient.Header(where, "Upload-Length")));
        using var rest = await AppendAsync(told["Location"], offset, content[offset..], "?1");

        Assert.Equal(HttpStatusCode.Created, rest.StatusCode);
        Assert.Equal(SHA256.HashData(content), (await tus.ItemAsync(told["Location"])).Sha256);
    }

    private static HttpRequestMessage Request(string method, string path, params (string Name, string? Value)[] headers)
    {
        var request = new HttpRequestMessage(new HttpMethod(method), path);
        foreach (var (name, value) in headers.Prepend(("Upload-Draft-Interop-Version", "8")))
        {
            request.Headers.Remove(name);
            if (value is not null)
            {
                request.Headers.TryAddWithoutValidation(name, value);
            }
        }

        return request;
    }

    private async Task<HttpResponseMessage> SendAsync(string method, string path, byte[]? body, string? type, params (string Name, string? Value)[] headers)
    {
        using var request = Request(method, path, [.. headers.Where(h => h.Name != "Content-Disposition")]);
        if (body is not null)
        {
            request.Content = new ByteArrayContent(body);
            request.Content.Headers.TryAddWithoutValidation("Content-Type", type);
            foreach (var (name, value) in headers.Where(h => h.Name == "Content-Disposition"))
            {
                request.Content.Headers.TryAddWithoutValidation(name, value);
            }
        }

        return await http.SendAsync(request);
    }

    private Task<HttpResponseMessage> AppendAsync(string path, long offset, byte[] body, string complete, string? length = null) =>
        SendAsync("PATCH", path, body, "application/partial-upload", ("Upload-Offset", TusClient.Text(offset)), ("Upload-Complete", complete), ("Upload-Length", length));
}

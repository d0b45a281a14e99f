using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using ReportIntake.Domain.Evidence;
using ReportIntake.Testing;
using ReportIntake.Web.Evidence.Store;

namespace ReportIntake.Web.Tests.Intake.Uploads;

public sealed class UploadHost : IntakeHost
{
    public const long MaxFileSize = 20_000_000;

    protected override IReadOnlyDictionary<string, string?> Settings { get; } = new Dictionary<string, string?> { ["Evidence:MaxFileSize"] = "20000000" };
}

public sealed class TusTests(UploadHost host) : IClassFixture<UploadHost>
{
    private readonly TusClient tus = new(host);

    [Fact]
    public async Task Options_Always_TellsWhatIsSpoken()
    {
        using var response = await tus.SendAsync("OPTIONS", TusClient.Root, null, ("Tus-Resumable", null));

        Assert.Equal(HttpStatusCode.NoContent, response.StatusCode);
        Assert.Equal("1.0.0", TusClient.Header(response, "Tus-Version"));
        Assert.Equal("20000000", TusClient.Header(response, "Tus-Max-Size"));
        Assert.Equal("creation,creation-with-upload,creation-defer-length,termination,checksum,expiration,concatenation", TusClient.Header(response, "Tus-Extension"));
        Assert.Equal("sha256,sha1,md5", TusClient.Header(response, "Tus-Checksum-Algorithm"));
    }

    [Fact]
    public async Task Upload_InTwoParts_IsStoredWithItsHashes()
    {
        var content = RandomNumberGenerator.GetBytes(300_001);
        var path = await tus.CreateAsync(content.Length, "../dir/anak\u202e.mp4");
        using var first = await tus.PatchAsync(path, 0, content[..200_000]);
        Assert.Equal(HttpStatusCode.NoContent, first.StatusCode);
        Assert.Equal("200000", TusClient.Header(first, "Upload-Offset"));
        Assert.NotNull(TusClient.Header(first, "Upload-Expires"));
        Assert.Equal(200_000, await tus.OffsetAsync(path));

        using var second = await tus.PatchAsync(path, 200_000, content[200_000..]);

        Assert.Equal("300001", TusClient.Header(second, "Upload-Offset"));
        var item = await tus.ItemAsync(path);
        Assert.Equal((EvidenceState.Stored, 300_001L, "anak_.mp4", "video/mp4"), (item.State, item.Size!.Value, item.Name, item.MediaType));
        Assert.Equal(SHA256.HashData(content), item.Sha256);
        Assert.Equal(content, await tus.ContentAsync(item.Id));
        Assert.Equal(300_001, await tus.OffsetAsync(path));
    }

    [Fact]
    public async Task Create_WithUpload_IsStoredAtOnce()
    {
        using var response = await tus.SendAsync("POST", TusClient.Root, "whole"u8.ToArray(), ("Upload-Length", "5"));

        Assert.Equal(HttpStatusCode.Created, response.StatusCode);
        Assert.Equal("5", TusClient.Header(response, "Upload-Offset"));
        Assert.StartsWith("/api/v1/uploads/", response.Headers.Location!.OriginalString, StringComparison.Ordinal);
        Assert.Equal(EvidenceState.Stored, (await tus.ItemAsync(response.Headers.Location.OriginalString)).State);
    }

    [Fact]
    public async Task Create_LengthDeferred_IsStoredWhenItIsTold()
    {
        using var created = await tus.SendAsync("POST", TusClient.Root, null, ("Upload-Defer-Length", "1"));
        var path = created.Headers.Location!.OriginalString;
        using var head = await tus.SendAsync("HEAD", path);
        Assert.Equal("1", TusClient.Header(head, "Upload-Defer-Length"));
        using var first = await tus.PatchAsync(path, 0, new byte[10]);
        Assert.Equal(EvidenceState.Uploading, (await tus.ItemAsync(path)).State);

        using var last = await tus.PatchAsync(path, 10, [], ("Upload-Length", "10"));

        Assert.Equal(HttpStatusCode.NoContent, last.StatusCode);
        Assert.Equal(EvidenceState.Stored, (await tus.ItemAsync(path)).State);
    }

    [Theory]
    [InlineData("Upload-Length", "0", 400, "file_empty")]
    [InlineData("Upload-Length", "-1", 400, "upload_length_invalid")]
    [InlineData("Upload-Length", "20000001", 413, "file_too_large")]
    [InlineData("Upload-Defer-Length", "2", 400, "upload_length_invalid")]
    [InlineData("Tus-Resumable", "0.2.0", 412, "tus_version_not_supported")]
    public async Task Create_Malformed_IsRefused(string header, string value, int status, string code)
    {
        using var response = await tus.SendAsync("POST", TusClient.Root, null, (header, value));

        Assert.Equal(status, (int)response.StatusCode);
        Assert.Equal(code, await TusClient.CodeAsync(response));
        Assert.Equal("1.0.0", TusClient.Header(response, "Tus-Resumable"));
        Assert.Equal(status == 412 ? "1.0.0" : null, TusClient.Header(response, "Tus-Version"));
    }

    [Theory]
    [InlineData("filename not*base64")]
    [InlineData("filename a b")]
    [InlineData("filename /w==")]
    [InlineData("filetype bm90IGEgdHlwZQ==")]
    public async Task Create_MetadataMalformed_IsRefused(string metadata)
    {
        using var response = await tus.SendAsync("POST", TusClient.Root, null, ("Upload-Length", "1"), ("Upload-Metadata", metadata));

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Equal("upload_metadata_invalid", await TusClient.CodeAsync(response));
    }

    [Theory]
    [InlineData("Upload-Offset", "5", 409, "upload_offset_mismatch")]
    [InlineData("Upload-Offset", "x", 400, "upload_offset_invalid")]
    [InlineData("Content-Type", "application/octet-stream", 415, "content_type_not_accepted")]
    [InlineData("Upload-Checksum", "crc32 AAAA", 400, "upload_checksum_invalid")]
    [InlineData("Upload-Checksum", "sha1 AAAA", 460, "upload_checksum_mismatch")]
    [InlineData("Upload-Length", "99", 409, "upload_length_known")]
    [InlineData("Tus-Resumable", null, 412, "tus_version_not_supported")]
    public async Task Patch_Wrong_IsRefusedAndKeepsNothing(string header, string? value, int status, string code)
    {
        var path = await tus.CreateAsync(100);

        using var response = await tus.PatchAsync(path, 0, new byte[50], (header, value));

        Assert.Equal(status, (int)response.StatusCode);
        Assert.Equal(code, await TusClient.CodeAsync(response));
        Assert.Equal(0, await tus.OffsetAsync(path));
    }

    [Theory]
    [InlineData("sha256")]
    [InlineData("sha1")]
    [InlineData("md5")]
    public async Task Patch_RightChecksumAfterAWrongOne_IsStored(string algorithm)
    {
        var content = RandomNumberGenerator.GetBytes(200_000);
        var path = await tus.CreateAsync(content.Length);
        using var hash = IncrementalHash.CreateHash(new HashAlgorithmName(algorithm.ToUpperInvariant()));
        hash.AppendData(content);
        var checksum = ("Upload-Checksum", $"{algorithm} {Convert.ToBase64String(hash.GetHashAndReset())}");
        using var wrong = await tus.PatchAsync(path, 0, RandomNumberGenerator.GetBytes(200_000), checksum);
        Assert.Equal(460, (int)wrong.StatusCode);

        using var right = await tus.PatchAsync(path, 0, content, checksum);

        Assert.Equal(HttpStatusCode.NoContent, right.StatusCode);
        Assert.Equal(SHA256.HashData(content), (await tus.ItemAsync(path)).Sha256);
    }

    [Fact]
    public async Task Patch_MoreThanTheLength_IsRefused()
    {
        var path = await tus.CreateAsync(10);

        using var response = await tus.PatchAsync(path, 0, new byte[11]);

        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, response.StatusCode);
        Assert.Equal("upload_length_exceeded", await TusClient.CodeAsync(response));
        Assert.Equal(0, await tus.OffsetAsync(path));
    }

    [Theory]
    [InlineData("HEAD")]
    [InlineData("PATCH")]
    [InlineData("DELETE")]
    public async Task Any_UnknownId_IsNotFound(string method)
    {
        foreach (var id in new[] { "x", new string('A', 27), new string('*', 27) })
        {
            using var response = await tus.SendAsync(method, $"{TusClient.Root}/{id}", method == "PATCH" ? [1] : null, ("Upload-Offset", "0"));

            Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
        }
    }

    [Fact]
    public async Task Delete_Upload_LeavesNothing()
    {
        var path = await tus.CreateAsync(100);
        using var patched = await tus.PatchAsync(path, 0, new byte[50]);
        var item = await tus.ItemAsync(path);

        using var response = await tus.SendAsync("DELETE", path);

        Assert.Equal(HttpStatusCode.NoContent, response.StatusCode);
        using var head = await tus.SendAsync("HEAD", path);
        Assert.Equal(HttpStatusCode.NotFound, head.StatusCode);
        Assert.Empty(Directory.EnumerateFiles(Path.Combine(host.DataDirectory, "evidence"), $"{item.Id:n}*", SearchOption.AllDirectories));
    }

    [Fact]
    public async Task Post_MethodOverridden_IsThatMethod()
    {
        var path = await tus.CreateAsync(5);

        using var patched = await tus.SendAsync("POST", path, "bytes"u8.ToArray(), ("X-HTTP-Method-Override", "PATCH"), ("Upload-Offset", "0"));
        using var none = await tus.SendAsync("POST", path);
        using var deleted = await tus.SendAsync("POST", path, null, ("X-HTTP-Method-Override", "DELETE"));

        Assert.Equal("5", TusClient.Header(patched, "Upload-Offset"));
        Assert.Equal(HttpStatusCode.MethodNotAllowed, none.StatusCode);
        Assert.Equal(HttpStatusCode.NoContent, deleted.StatusCode);
    }

    [Fact]
    public async Task Patch_ConnectionDropped_KeepsWhatCame()
    {
        var path = await tus.CreateAsync(1_000_000);
        using (var dropped = await StartPatchAsync(path, 1_000_000, new byte[150_000]))
        {
            await SegmentsWrittenAsync((await tus.ItemAsync(path)).Id, 2);
            var stream = dropped.GetStream();
            dropped.Client.Shutdown(SocketShutdown.Send);
            await Assert.ThrowsAnyAsync<IOException>(async () =>
            {
                await stream.CopyToAsync(Stream.Null); // until the server has hung up, by reset or in peace
                throw new EndOfStreamException();
            });
        }

        // Kestrel throws away what it has received and the program has not read yet; nobody was told of those bytes.
        Assert.InRange(await tus.OffsetAsync(path), 2 * SealedBlobFormat.SegmentSize, 150_000);
    }

    [Fact]
    public async Task Head_WhileAnOlderRequestHangs_TakesOver()
    {
        var content = RandomNumberGenerator.GetBytes(500_000);
        var path = await tus.CreateAsync(content.Length);
        using var hanging = await StartPatchAsync(path, content.Length, content[..150_000]);
        await SegmentsWrittenAsync((await tus.ItemAsync(path)).Id, 2);

        var offset = await tus.OffsetAsync(path);
        using var rest = await tus.PatchAsync(path, offset, content[(int)offset..]);

        Assert.Equal(HttpStatusCode.NoContent, rest.StatusCode);
        Assert.Equal(SHA256.HashData(content), (await tus.ItemAsync(path)).Sha256);
        var reader = new StreamReader(hanging.GetStream());
        Assert.Equal("HTTP/1.1 409 Conflict", await reader.ReadLineAsync());
    }

    [Fact]
    public async Task Upload_ManyAtOnce_AreAllWhole()
    {
        await Parallel.ForEachAsync(Enumerable.Range(0, 24), new ParallelOptions { MaxDegreeOfParallelism = 24 }, async (_, _) =>
        {
            var content = RandomNumberGenerator.GetBytes(400_000);
            var path = await tus.CreateAsync(content.Length);
            for (var at = 0; at < content.Length; at += 130_000)
            {
                using var response = await tus.PatchAsync(path, at, content[at..Math.Min(at + 130_000, content.Length)]);
                Assert.Equal(HttpStatusCode.NoContent, response.StatusCode);
            }

            Assert.Equal(SHA256.HashData(content), (await tus.ItemAsync(path)).Sha256);
        });
    }

    /// <summary>Waits until that much of a request's body has been read; else what follows could overtake it.</summary>
    private async Task SegmentsWrittenAsync(Guid id, int segments)
    {
        var file = Directory.EnumerateFiles(Path.Combine(host.DataDirectory, "evidence"), $"{id:n}*.part", SearchOption.AllDirectories).Single();
        while (new FileInfo(file).Length < SealedBlobFormat.OffsetOf(segments))
        {
            await Task.Delay(10);
        }
    }

    /// <summary>Sends a request's head and the first bytes of its body over a bare socket, and leaves it there.</summary>
    private async Task<TcpClient> StartPatchAsync(string path, long length, byte[] start)
    {
        var socket = new TcpClient();
        await socket.ConnectAsync(host.Address.Host, host.Address.Port);
        var head = $"PATCH {path} HTTP/1.1\r\nHost: localhost\r\nTus-Resumable: 1.0.0\r\nUpload-Offset: 0\r\nContent-Type: application/offset+octet-stream\r\nContent-Length: {length}\r\n\r\n";
        await socket.GetStream().WriteAsync(Encoding.ASCII.GetBytes(head));
        await socket.GetStream().WriteAsync(start);
        return socket;
    }
}

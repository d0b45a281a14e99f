using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using Microsoft.EntityFrameworkCore;
using ReportIntake.Testing;

namespace ReportIntake.Web.Tests.ErrorHandling;

/// <summary>A full disk, a real one: the evidence folder is a file system of one mebibyte.</summary>
public sealed class StorageFullTests
{
    private const int Room = 1024 * 1024;

    [MountFact]
    public async Task Upload_AnnouncedLargerThanTheRoom_RefusedAtOnce()
    {
        await using var host = new SmallHost();
        using var client = host.Client();

        using var refused = await CreateAsync(client, 2 * Room);

        Assert.Equal(HttpStatusCode.InsufficientStorage, refused.StatusCode);
        Assert.Equal("storage_full", await refused.CodeAsync());
        Assert.Equal(0, await host.WithDatabaseAsync(database => database.Evidence.CountAsync()));
        Assert.Empty(host.Blobs());
    }

    [MountFact]
    public async Task Upload_RoomRunsOutInTheMiddle_RefusedThenGoesOnAfterRoomIsMade()
    {
        await using var host = new SmallHost();
        using var client = host.Client();
        using var created = await CreateAsync(client, Room / 2);
        var path = created.Headers.Location!.OriginalString;
        var ballast = Path.Combine(host.Evidence, "ballast");
        await File.WriteAllBytesAsync(ballast, new byte[(Room * 3 / 4) - (64 * 1024)]);

        using (var refused = await AppendAsync(client, path, 0, new byte[Room / 2]))
        {
            Assert.Equal(HttpStatusCode.InsufficientStorage, refused.StatusCode);
            Assert.Equal("storage_full", await refused.CodeAsync());
        }

        var registered = await host.WithDatabaseAsync(database => database.Evidence.AsNoTracking().SingleAsync());
        Assert.Null(registered.Sha256);
        File.Delete(ballast);
        var offset = await OffsetAsync(client, path);
        using var rest = await AppendAsync(client, path, offset, new byte[(Room / 2) - offset]);
        Assert.Equal(HttpStatusCode.NoContent, rest.StatusCode);
        Assert.Equal(Room / 2, await OffsetAsync(client, path));
    }

    [MountFact]
    public async Task Upload_RoomRunsOutAfterAnAnsweredPart_GoesOnBehindThatPart()
    {
        await using var host = new SmallHost();
        using var client = host.Client();
        using var created = await CreateAsync(client, Room / 2);
        var path = created.Headers.Location!.OriginalString;
        var content = RandomNumberGenerator.GetBytes(Room / 2);
        using (var first = await AppendAsync(client, path, 0, content[..150_000]))
        {
            Assert.Equal(HttpStatusCode.NoContent, first.StatusCode);
        }

        var ballast = Path.Combine(host.Evidence, "ballast");
        await File.WriteAllBytesAsync(ballast, new byte[Room * 5 / 8]);
        for (var attempt = 0; attempt < 2; attempt++)
        {
            var stands = (int)await OffsetAsync(client, path);
            Assert.True(stands >= 150_000, "What was answered is gone.");
            using var refused = await AppendAsync(client, path, stands, content[stands..]);
            Assert.Equal(HttpStatusCode.InsufficientStorage, refused.StatusCode);
            Assert.Equal("storage_full", await refused.CodeAsync());
        }

        File.Delete(ballast);
        var offset = (int)await OffsetAsync(client, path);
        Assert.True(offset >= 150_000, "What was answered is gone.");
        using var rest = await AppendAsync(client, path, offset, content[offset..]);
        Assert.Equal(HttpStatusCode.NoContent, rest.StatusCode);
        Assert.Equal(SHA256.HashData(content), (await host.WithDatabaseAsync(database => database.Evidence.AsNoTracking().SingleAsync())).Sha256);
    }

    [MountFact]
    public async Task Join_NoRoomForTheWholeFile_IsRefusedAndKeepsTheParts()
    {
        await using var host = new SmallHost();
        using var client = host.Client();
        var parts = new List<string>();
        for (var part = 0; part < 2; part++)
        {
            using var created = await CreateAsync(client, Room * 3 / 10, ("Upload-Concat", "partial"));
            parts.Add(created.Headers.Location!.OriginalString);
            using var sent = await AppendAsync(client, parts[part], 0, new byte[Room * 3 / 10]);
            Assert.Equal(HttpStatusCode.NoContent, sent.StatusCode);
        }

        using var refused = await CreateAsync(client, null, ("Upload-Concat", "final;" + string.Join(' ', parts)));

        Assert.Equal(HttpStatusCode.InsufficientStorage, refused.StatusCode);
        Assert.Equal(Room * 3 / 10, await OffsetAsync(client, parts[0]));
        Assert.Equal(Room * 3 / 10, await OffsetAsync(client, parts[1]));
        Assert.Equal(2, host.Blobs().Count());
    }

    private static async Task<HttpResponseMessage> CreateAsync(HttpClient client, int? length, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/v1/uploads");
        request.Headers.Add("Tus-Resumable", "1.0.0");
        foreach (var (name, value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        if (length is not null)
        {
            request.Headers.Add("Upload-Length", $"{length}");
        }

        return await client.SendAsync(request);
    }

    private static async Task<HttpResponseMessage> AppendAsync(HttpClient client, string path, long offset, byte[] bytes)
    {
        using var request = new HttpRequestMessage(HttpMethod.Patch, path) { Content = new ByteArrayContent(bytes) };
        request.Headers.Add("Tus-Resumable", "1.0.0");
        request.Headers.Add("Upload-Offset", $"{offset}");
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/offset+octet-stream");
        return await client.SendAsync(request);
    }

    private static async Task<long> OffsetAsync(HttpClient client, string path)
    {
        using var request = new HttpRequestMessage(HttpMethod.Head, path);
        request.Headers.Add("Tus-Resumable", "1.0.0");
        using var answer = await client.SendAsync(request);
        return long.Parse(Assert.Single(answer.Headers.GetValues("Upload-Offset")), System.Globalization.CultureInfo.InvariantCulture);
    }

    private static int Run(string tool, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(tool, arguments) { UseShellExecute = false, RedirectStandardError = true })!;
        process.WaitForExit();
        return process.ExitCode;
    }

    /// <summary>Skipped where no file system may be mounted.</summary>
    private sealed class MountFactAttribute : FactAttribute
    {
        private static readonly Lazy<bool> Possible = new(TryMount);

        public MountFactAttribute() => Skip = Possible.Value ? null : "A file system of a known size can be mounted by root only.";

        private static bool TryMount()
        {
            var folder = Directory.CreateTempSubdirectory("reportintake-mount-").FullName;
            try
            {
                return Environment.IsPrivilegedProcess && Run("mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", folder) == 0 && Run("umount", folder) == 0;
            }
            finally
            {
                Directory.Delete(folder);
            }
        }
    }

    private sealed class SmallHost : IntakeHost
    {
        public SmallHost()
        {
            Directory.CreateDirectory(Evidence);
            Assert.Equal(0, Run("mount", "-t", "tmpfs", "-o", $"size={Room}", "tmpfs", Evidence));
        }

        public string Evidence => Path.Combine(DataDirectory, "evidence");

        /// <summary>Blobs, without the keys beside them.</summary>
        public IEnumerable<string> Blobs() => Directory.EnumerateFiles(Evidence, "*", SearchOption.AllDirectories).Where(f => !f.EndsWith(".key", StringComparison.Ordinal));

        public override async ValueTask DisposeAsync()
        {
            // Whatever still has a file open there: the mount goes with the last of them.
            Assert.Equal(0, Run("umount", "--lazy", Evidence));
            await base.DisposeAsync();
            GC.SuppressFinalize(this);
        }
    }
}

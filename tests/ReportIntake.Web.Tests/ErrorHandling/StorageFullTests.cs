using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
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

    private static async Task<HttpResponseMessage> CreateAsync(HttpClient client, int length)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/v1/uploads");
        request.Headers.Add("Tus-Resumable", "1.0.0");
        request.Headers.Add("Upload-Length", $"{length}");
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

        public IEnumerable<string> Blobs() => Directory.EnumerateFiles(Evidence, "*", SearchOption.AllDirectories);

        public override async ValueTask DisposeAsync()
        {
            // Whatever still has a file open there: the mount goes with the last of them.
            Assert.Equal(0, Run("umount", "--lazy", Evidence));
            await base.DisposeAsync();
            GC.SuppressFinalize(this);
        }
    }
}

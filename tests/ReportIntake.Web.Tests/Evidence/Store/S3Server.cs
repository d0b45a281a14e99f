using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Runtime.CompilerServices;
using ReportIntake.Web.Evidence.Store.S3;

namespace ReportIntake.Web.Tests.Evidence.Store;

/// <summary>
/// s3rver of npm as a process of its own, with one bucket, on a free port of loopback. It can be stopped and started again
/// at the same address with the same objects.
/// </summary>
/// <remarks>
/// It overlooks conditions on writes (If-Match), as some servers do, and writes objects in place: end it between requests, or half
/// an object stays, which no real store shows.
/// </remarks>
public sealed class S3Server : IDisposable
{
    public const string Bucket = "evidence";

    /// <summary>Installed by this project's build.</summary>
    private static readonly string Script = Path.Combine(Path.GetDirectoryName(SourcePath())!, "s3-server/node_modules/s3rver/bin/s3rver.js");

    private readonly string directory = Directory.CreateTempSubdirectory("reportintake-s3-").FullName;
    private readonly int port = FreePort();
    private Process? server;

    public S3Server() => Start();

    public Uri Address => new($"http://127.0.0.1:{port}");

    public void Start()
    {
        // It ends with its standard input, and so with this process, however that ends.
        server = Process.Start(new ProcessStartInfo(
            "node",
            [
                "--openssl-legacy-provider", // its lists' continuation tokens are DES
                "-e", "process.stdin.on('end', () => process.exit()).resume(); require(process.argv[1])", "--",
                Script, "-d", directory, "-a", "127.0.0.1", "-p", $"{port}", "--no-vhost-buckets", "--configure-bucket", Bucket,
            ])
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        })!;
        while (server.StandardOutput.ReadLine() is { } line)
        {
            if (line.Contains("listening", StringComparison.Ordinal))
            {
                _ = server.StandardOutput.BaseStream.CopyToAsync(Stream.Null); // else it would stand still when the pipe is full
                return;
            }
        }

        throw new InvalidOperationException("The S3 server ended.");
    }

    public void Stop()
    {
        server!.Kill(); // ends it frozen too
        server.WaitForExit();
        server.Dispose();
        server = null;
    }

    /// <summary>It keeps its connections, and says nothing more.</summary>
    public void Freeze() => Signal("-STOP");

    public void Thaw() => Signal("-CONT");

    internal S3Options Options(string prefix, int retries = 2) => new()
    {
        Bucket = Bucket,
        ServiceUrl = Address,
        AccessKey = "S3RVER", // the one account that this server knows
        SecretKey = "S3RVER",
        ForcePathStyle = true,
        Prefix = prefix,
        Retries = retries,
    };

    /// <summary>The file that an object is kept in.</summary>
    public string FileOf(string name) => Path.Combine(directory, Bucket, name + "._S3rver_object");

    /// <summary>The entity tag of what stands at that path of an address; null where there is nothing.</summary>
    public string? TagOf(string path)
    {
        var tag = Path.Combine(directory, path.TrimStart('/') + "._S3rver_object.md5");
        return File.Exists(tag) ? $"\"{File.ReadAllText(tag)}\"" : null;
    }

    public IEnumerable<string> Files(string prefix) => Directory.EnumerateFiles(Path.Combine(directory, Bucket), "*", SearchOption.AllDirectories)
        .Where(f => f.Contains(prefix.TrimEnd('/'), StringComparison.Ordinal) || f.Contains("_uploads", StringComparison.Ordinal));

    public void Dispose()
    {
        if (server is not null)
        {
            Stop();
        }

        if (Directory.Exists(directory))
        {
            Directory.Delete(directory, recursive: true); // at the end of the process all temporary files may have gone before
        }
    }

    private void Signal(string signal)
    {
        using var kill = Process.Start("kill", [signal, $"{server!.Id}"]);
        kill.WaitForExit();
    }

    private static string SourcePath([CallerFilePath] string path = "") => path;

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}

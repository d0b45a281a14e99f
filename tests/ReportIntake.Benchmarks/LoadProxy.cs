using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace ReportIntake.Benchmarks;

/// <summary>Debian's nginx with the configuration of <c>deploy/nginx</c>; only paths, ports and the upstream's servers are put in.</summary>
internal sealed class LoadProxy : IAsyncDisposable
{
    private const string Citizens = "report.example", Police = "police.report.example";

    public const string CertificateSubject = $"CN={Citizens}";

    private readonly Process nginx;

    private LoadProxy(Process nginx, int port) => (this.nginx, CitizensAddress, PoliceAddress) = (nginx, new Uri($"https://{Citizens}:{port}"), new Uri($"https://{Police}:{port}"));

    public Uri CitizensAddress { get; }

    public Uri PoliceAddress { get; }

    public static async Task<LoadProxy> StartAsync(string directory, IEnumerable<int> webPorts)
    {
        var home = Directory.CreateDirectory(Path.Combine(directory, "nginx")).FullName;
        await WriteCertificateAsync(home);
        var deploy = Path.GetFullPath(Path.Combine(Path.GetDirectoryName(SourcePath())!, "../../deploy/nginx"));
        foreach (var file in new[] { "proxy.conf", "certificate.js" })
        {
            File.Copy(Path.Combine(deploy, file), Path.Combine(home, file));
        }

        var (port, plain) = (FreePort(), FreePort());
        var upstream = await File.ReadAllTextAsync(Path.Combine(deploy, "upstream.conf"));
        var one = upstream.Split('\n').Single(l => l.TrimStart().StartsWith("server ", StringComparison.Ordinal));
        await File.WriteAllTextAsync(Path.Combine(home, "upstream.conf"), upstream.Replace(one, string.Join('\n', webPorts.Select(p => one.Replace("8081", $"{p}", StringComparison.Ordinal))), StringComparison.Ordinal));
        var configuration = (await File.ReadAllTextAsync(Path.Combine(deploy, "nginx.conf")))
            .Replace("/etc/nginx/reportintake/", home + "/", StringComparison.Ordinal)
            .Replace("/etc/nginx/tls/", home + "/", StringComparison.Ordinal)
            .Replace("modules/ngx_http_js_module.so", "/usr/lib/nginx/modules/ngx_http_js_module.so", StringComparison.Ordinal)
            .Replace("/tmp/nginx.pid", home + "/nginx.pid", StringComparison.Ordinal)
            .Replace("access_log /dev/stdout plain", $"access_log {home}/access.log plain", StringComparison.Ordinal)
            .Replace("error_log /dev/stderr crit", $"error_log {home}/error.log crit", StringComparison.Ordinal);
        configuration = string.Join('\n', configuration.Split('\n').Where(l => !l.Contains("listen [::]", StringComparison.Ordinal))
            .Select(l => l.Replace("listen 8443", $"listen 127.0.0.1:{port}", StringComparison.Ordinal).Replace("listen 8080", $"listen 127.0.0.1:{plain}", StringComparison.Ordinal)));
        var file2 = Path.Combine(home, "nginx.conf");
        await File.WriteAllTextAsync(file2, configuration);
        var process = Process.Start(new ProcessStartInfo("/usr/sbin/nginx", ["-e", Path.Combine(home, "error.log"), "-p", home, "-c", file2, "-g", "daemon off;"]) { UseShellExecute = false })!;
        for (var i = 0; i < 50 && !process.HasExited; i++)
        {
            using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
            try
            {
                await socket.ConnectAsync(IPAddress.Loopback, port);
                return new LoadProxy(process, port);
            }
            catch (SocketException)
            {
                await Task.Delay(100);
            }
        }

        throw new InvalidOperationException($"nginx does not listen: {await File.ReadAllTextAsync(Path.Combine(home, "error.log"))}");
    }

    /// <inheritdoc cref="LoadNode.Abandon"/>
    public void Abandon()
    {
        if (!nginx.HasExited)
        {
            nginx.Kill(entireProcessTree: true);
        }
    }

    public async ValueTask DisposeAsync()
    {
        // SIGTERM, so that the master ends its workers; .NET has SIGKILL only.
        if (!nginx.HasExited)
        {
            using var kill = Process.Start(new ProcessStartInfo("kill", ["-TERM", $"{nginx.Id}"]) { UseShellExecute = false })!;
            await kill.WaitForExitAsync();
            await nginx.WaitForExitAsync();
        }

        nginx.Dispose();
    }

    /// <summary>A port that was free a moment ago.</summary>
    public static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private static async Task WriteCertificateAsync(string home)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName(Citizens);
        names.AddDnsName(Police);
        var request = new CertificateRequest(CertificateSubject, key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(names.Build());
        var today = TimeProvider.System.GetUtcNow();
        using var certificate = request.CreateSelfSigned(today.AddDays(-1), today.AddDays(2));
        await File.WriteAllTextAsync(Path.Combine(home, "tls.crt"), certificate.ExportCertificatePem());
        await File.WriteAllTextAsync(Path.Combine(home, "tls.key"), key.ExportPkcs8PrivateKeyPem());
    }

    private static string SourcePath([CallerFilePath] string path = "") => path;
}

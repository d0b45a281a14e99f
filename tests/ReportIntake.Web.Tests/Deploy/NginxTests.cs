using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace ReportIntake.Web.Tests.Deploy;

/// <summary>nginx itself reads the configuration, as the runbook and as the composition lay it out.</summary>
public sealed class NginxTests : IDisposable
{
    private const string Module = "/usr/lib/nginx/modules/ngx_http_js_module.so";

    private readonly string folder = Directory.CreateTempSubdirectory("reportintake-nginx-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [NginxFact]
    public async Task OnAHost_Test_IsSuccessful() => await AcceptsAsync("nginx/upstream.conf", text => text);

    [NginxFact]
    public async Task InTheComposition_Test_IsSuccessful() =>
        await AcceptsAsync("compose/upstream.conf", text => text.Replace("web1:", "127.0.0.1:", StringComparison.Ordinal).Replace("web2:", "127.0.0.2:", StringComparison.Ordinal)); // its names are the composition's own

    private async Task AcceptsAsync(string upstream, Func<string, string> changed)
    {
        foreach (var file in new[] { "nginx/proxy.conf", "nginx/certificate.js" })
        {
            File.Copy(DeployFiles.PathOf(file), Path.Combine(folder, Path.GetFileName(file)));
        }

        await File.WriteAllTextAsync(Path.Combine(folder, "upstream.conf"), changed(DeployFiles.Text(upstream)));
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var now = TimeProvider.System.GetUtcNow();
        using var certificate = new CertificateRequest("CN=report.example", key, HashAlgorithmName.SHA256).CreateSelfSigned(now.AddDays(-1), now.AddDays(1));
        await File.WriteAllTextAsync(Path.Combine(folder, "tls.crt"), certificate.ExportCertificatePem());
        await File.WriteAllTextAsync(Path.Combine(folder, "tls.key"), key.ExportPkcs8PrivateKeyPem());
        var configuration = DeployFiles.Text("nginx/nginx.conf")
            .Replace("modules/ngx_http_js_module.so", Module, StringComparison.Ordinal)
            .Replace("/etc/nginx/reportintake/", folder + "/", StringComparison.Ordinal)
            .Replace("/etc/nginx/tls/", folder + "/", StringComparison.Ordinal)
            .Replace("/tmp/nginx.pid", folder + "/nginx.pid", StringComparison.Ordinal);
        await File.WriteAllTextAsync(Path.Combine(folder, "nginx.conf"), configuration);

        var (exit, output) = await DeployFiles.RunAsync("nginx", "-t", "-q", "-p", folder, "-c", Path.Combine(folder, "nginx.conf"));

        Assert.True(exit == 0, output);
    }

    private sealed class NginxFactAttribute : FactAttribute
    {
        public NginxFactAttribute() => Skip = DeployFiles.Has("nginx") && File.Exists(Module) ? null : "nginx with its JavaScript module is not installed (Debian packages nginx and libnginx-mod-http-js).";
    }
}

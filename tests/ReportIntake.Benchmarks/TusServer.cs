using System.Diagnostics;
using System.Globalization;
using System.Runtime.CompilerServices;

namespace ReportIntake.Benchmarks;

/// <summary>The reference tus server of npm as a process of its own; installed beside its lock file when it is not there yet.</summary>
internal sealed class TusServer : IDisposable
{
    private readonly Process node;

    private TusServer(Process node, Uri address) => (this.node, Address) = (node, address);

    public Uri Address { get; }

    public int Id => node.Id;

    public static TusServer Start(string directory)
    {
        var home = Path.Combine(Path.GetDirectoryName(SourcePath())!, "tus-server");
        if (!Directory.Exists(Path.Combine(home, "node_modules")))
        {
            using var install = Process.Start(new ProcessStartInfo("npm", "ci --ignore-scripts --no-audit --no-fund --loglevel=error") { WorkingDirectory = home })!;
            install.WaitForExit();
        }

        var server = Process.Start(new ProcessStartInfo("node", ["server.mjs", directory]) { UseShellExecute = false, WorkingDirectory = home, RedirectStandardOutput = true })!;
        var port = server.StandardOutput.ReadLine() ?? throw new InvalidOperationException("The tus server ended.");
        return new TusServer(server, new Uri(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{port}")));
    }

    public void Dispose()
    {
        node.Kill();
        node.WaitForExit();
        node.Dispose();
    }

    private static string SourcePath([CallerFilePath] string path = "") => path;
}

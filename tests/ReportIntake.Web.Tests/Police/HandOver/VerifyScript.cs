using ReportIntake.Testing;

namespace ReportIntake.Web.Tests.Police.HandOver;

/// <summary><c>deploy/verify-package.sh</c> as a court's expert runs it: a process of its own, on a file.</summary>
internal static class VerifyScript
{
    /// <param name="Output">What it printed, both streams.</param>
    internal sealed record Run(int Exit, string Output)
    {
        public string LastLine => Output.Split('\n', StringSplitOptions.RemoveEmptyEntries)[^1];
    }

    public static async Task<Run> RunAsync(string file, string? key = null)
    {
        var run = await ChildProcess.RunAsync("bash", key is null ? [Path(), file] : [Path(), file, "--key", key]);
        return new Run(run.Exit, run.Out + run.Error);
    }

    private static string Path()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(System.IO.Path.Combine(folder.FullName, "ReportIntake.sln")))
        {
            folder = folder.Parent;
        }

        return System.IO.Path.Combine(folder!.FullName, "deploy", "verify-package.sh");
    }
}

using System.Text.RegularExpressions;

namespace ReportIntake.Web.Tests.Deploy;

/// <summary>The workflows of continuous integration: what they take from outside is pinned, what they call is there.</summary>
public sealed partial class WorkflowTests
{
    private static readonly string[] Files = Directory.GetFiles(Path.Combine(DeployFiles.Root, ".github", "workflows"));

    [Fact]
    public void Actions_AreNamedByCommit_WithTheirVersionBeside()
    {
        var uses = Files.SelectMany(File.ReadLines).Where(l => l.Contains("uses:", StringComparison.Ordinal)).Select(l => l.Trim()).ToList();

        Assert.NotEmpty(uses);
        Assert.All(uses, line => Assert.Matches(@"^(- )?uses: (\./\.github/workflows/\w+\.yml|[\w/-]+@[0-9a-f]{40} # v[0-9.]+)$", line));
    }

    [Fact]
    public void Scripts_AndProjects_AreThere()
    {
        var called = Files.SelectMany(f => Called().Matches(File.ReadAllText(f))).Select(m => m.Value).Distinct().ToList();

        Assert.Contains("tests/run.sh", called);
        Assert.All(called, path => Assert.True(Path.Exists(Path.Combine(DeployFiles.Root, path)), path));
        Assert.All(
            called.Where(p => p.EndsWith(".sh", StringComparison.Ordinal)),
            p => Assert.True(File.GetUnixFileMode(Path.Combine(DeployFiles.Root, p)).HasFlag(UnixFileMode.UserExecute), $"{p} cannot be run."));
    }

    [YamlFact]
    public async Task Workflows_Parse_AndMayReadOnlyWhereTheySayNothingElse()
    {
        foreach (var file in Files)
        {
            var workflow = (await DeployFiles.YamlAsync(file))[0];
            Assert.Equal("read", workflow.GetProperty("permissions").GetProperty("contents").GetString());
            Assert.All(workflow.GetProperty("jobs").EnumerateObject(), job => Assert.True(job.Value.TryGetProperty("uses", out _) || job.Value.TryGetProperty("timeout-minutes", out _), $"{file}: {job.Name} has no limit."));
            Assert.All(workflow.Everywhere("needs"), n => Assert.True(workflow.GetProperty("jobs").TryGetProperty(n.GetString()!, out _)));
        }
    }

    /// <summary>Also those that only the deployment needs.</summary>
    [ToolFact("shellcheck", "shellcheck")]
    public async Task ShellScripts_ShellCheck_FindsNothing()
    {
        var scripts = Directory.GetFiles(DeployFiles.PathOf(""), "*.sh", SearchOption.AllDirectories)
            .Where(s => !s.Contains("/bin/", StringComparison.Ordinal) && !s.Contains("/obj/", StringComparison.Ordinal)).Append(Path.Combine(DeployFiles.Root, "tests", "run.sh"));

        var (exit, output) = await DeployFiles.RunAsync("shellcheck", ["--shell=bash", "--severity=warning", .. scripts]);

        Assert.True(exit == 0, output);
    }

    [GeneratedRegex(@"(?<![\w/.])(?:deploy|tests|src|openapi)/[\w./-]+\w", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Called();
}

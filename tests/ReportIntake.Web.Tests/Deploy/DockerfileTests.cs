using System.Text.RegularExpressions;

namespace ReportIntake.Web.Tests.Deploy;

public sealed partial class DockerfileTests
{
    private static readonly string Text = Continued().Replace(DeployFiles.Text("docker/Dockerfile"), " ");

    [Fact]
    public void Copies_ComeFromStagesAndFilesThatAreThere()
    {
        var stages = Stage().Matches(Text).Select(m => m.Groups["name"].Value).ToList();

        Assert.Equal(["node", "build"], stages);
        foreach (Match copy in Copy().Matches(Text))
        {
            if (copy.Groups["stage"] is { Success: true, Value: var stage })
            {
                Assert.Contains(stage, stages);
                if (copy.Groups["from"].Value is var from && from.StartsWith("/source/", StringComparison.Ordinal))
                {
                    Assert.True(File.Exists(Path.Combine(DeployFiles.Root, from["/source/".Length..])), from);
                }
            }
            else
            {
                Assert.True(Path.Exists(Path.Combine(DeployFiles.Root, copy.Groups["from"].Value)), copy.Value);
            }
        }

        Assert.Contains("dotnet publish src/ReportIntake.Web ", Text, StringComparison.Ordinal);
        Assert.Contains($"/app/{typeof(Program).Assembly.GetName().Name}.dll", Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Packages_AreThoseThatTheProductRequires()
    {
        var installed = Installed().Match(Text).Groups["names"].Value.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var required = Required().Match(DeployFiles.Text("requirements.sh")).Groups["pairs"].Value.Split(' ').Where((_, i) => i % 2 == 0);

        Assert.Equal(required.Order(), installed.Order());
    }

    /// <summary>.NET's own images come with a user of this number; the manifests name it where a name would not do.</summary>
    [Fact]
    public void User_IsTheManifestsOwn()
    {
        Assert.Contains("USER ${APP_UID}", Text, StringComparison.Ordinal);
        Assert.All(new[] { "web", "worker", "migrate" }, m => Assert.Contains("runAsUser: 1654", DeployFiles.Text($"kubernetes/{m}.yaml"), StringComparison.Ordinal));
    }

    [GeneratedRegex(@"\\\n\s*(?:#[^\n]*\n\s*)*", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Continued();

    [GeneratedRegex(@"^FROM \S+ AS (?<name>\w+)$", RegexOptions.ExplicitCapture | RegexOptions.Multiline, 1000)]
    private static partial Regex Stage();

    [GeneratedRegex(@"^COPY (?:--from=(?<stage>\w+) )?(?<from>\S+) \S+$", RegexOptions.ExplicitCapture | RegexOptions.Multiline, 1000)]
    private static partial Regex Copy();

    [GeneratedRegex("apt-get install -y --no-install-recommends (?<names>[^&]+)&&", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Installed();

    [GeneratedRegex(@"^  require (?<pairs>ffmpeg [^\n]+)$", RegexOptions.ExplicitCapture | RegexOptions.Multiline, 1000)]
    private static partial Regex Required();
}

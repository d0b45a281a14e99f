using System.Globalization;

namespace ReportIntake.Web.Tests.Deploy;

public sealed class SystemdTests
{
    [ToolFact("systemd-analyze", "systemd")]
    public async Task Units_Verify_SaysNothing()
    {
        var units = DeployFiles.In("systemd", "*.service").Concat(DeployFiles.In("systemd", "*.timer")).ToList();

        var (exit, output) = await DeployFiles.RunAsync("systemd-analyze", ["verify", "--man=no", .. units]);

        // The program is not installed where the tests run.
        var said = output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Where(l => !l.Contains("/usr/bin/dotnet", StringComparison.Ordinal)).ToList();
        Assert.Equal([], said);
        Assert.True(exit == 0 || output.Contains("/usr/bin/dotnet", StringComparison.Ordinal), output);
    }

    /// <summary>The worker's sandbox makes namespaces and mounts; nothing else may be looser than it is.</summary>
    [ToolTheory("systemd-analyze", "systemd")]
    [InlineData("web", 15)]
    [InlineData("backup", 15)]
    [InlineData("worker", 32)]
    public async Task Unit_Exposure_IsNoMoreThanItNeeds(string unit, int tenths)
    {
        var (exit, output) = await DeployFiles.RunAsync(
            "systemd-analyze", "security", "--offline=true", "--no-pager", "--threshold=" + tenths.ToString(CultureInfo.InvariantCulture), DeployFiles.PathOf($"systemd/reportintake-{unit}.service"));

        Assert.True(exit == 0, output.Split('\n', StringSplitOptions.RemoveEmptyEntries)[^1]);
    }

    [Fact]
    public void Units_SameSettings_AndWhatTheyWriteIsTheirs()
    {
        foreach (var unit in DeployFiles.In("systemd", "*.service").Select(File.ReadAllLines))
        {
            Assert.Contains("EnvironmentFile=-/etc/reportintake/settings.env", unit);
            Assert.Contains("Environment=ReportIntake__SecretsDirectory=/etc/reportintake/secrets", unit);
            Assert.Contains(unit, line => line.Contains("ReportIntake__DataDirectory=/var/lib/reportintake", StringComparison.Ordinal));
            Assert.Contains("StateDirectory=reportintake", unit);
            Assert.Contains("User=reportintake", unit);
            Assert.Contains("UMask=0077", unit);
        }

        Assert.Contains("u reportintake ", DeployFiles.Text("systemd/reportintake.sysusers"), StringComparison.Ordinal);
    }
}

/// <summary>As <see cref="ToolFactAttribute"/>, with data.</summary>
public sealed class ToolTheoryAttribute : TheoryAttribute
{
    /// <param name="tool">The program.</param>
    /// <param name="package">Debian's package of it.</param>
    public ToolTheoryAttribute(string tool, string package) => Skip = DeployFiles.Has(tool) ? null : $"{tool} is not installed (Debian package {package}).";
}

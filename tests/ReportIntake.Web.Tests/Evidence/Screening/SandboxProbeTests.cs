using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using ReportIntake.Web.Evidence.Screening;

namespace ReportIntake.Web.Tests.Evidence.Screening;

public sealed class SandboxProbeTests
{
    [Fact]
    public async Task FindProblemAsync_ToolsInstalled_FindsNone()
    {
        Assert.Null(await FindAsync(new ScreeningOptions()));
    }

    [Fact]
    public async Task FindProblemAsync_NoBubblewrap_NamesIt()
    {
        var problem = await FindAsync(new ScreeningOptions { Bubblewrap = "/usr/bin/no-such-program" });

        Assert.Equal("Evidence cannot be screened: /usr/bin/no-such-program is missing (Debian package bubblewrap).", problem);
    }

    [Fact]
    public async Task FindProblemAsync_ToolMissing_NamesIt()
    {
        var problem = await FindAsync(new ScreeningOptions { Ffprobe = "/usr/bin/no-such-ffprobe" });

        Assert.Equal(
            "Evidence cannot be screened: /usr/bin/no-such-ffprobe does not run in the sandbox (Debian packages ffmpeg and libvips-tools).", problem);
    }

    [Fact]
    public async Task FindProblemAsync_BubblewrapFails_TellsWhatItSaid()
    {
        var problem = await FindAsync(new ScreeningOptions { Bubblewrap = "/bin/false" });

        Assert.StartsWith("Evidence cannot be screened: bubblewrap cannot make a sandbox here", problem, StringComparison.Ordinal);
    }

    private static async Task<string?> FindAsync(ScreeningOptions options)
    {
        using var probe = new SandboxProbe(
            Screened.NewSandbox(options), Options.Create(options), TimeProvider.System, NullLogger<SandboxProbe>.Instance);
        return await probe.FindProblemAsync(CancellationToken.None);
    }
}

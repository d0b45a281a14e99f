using Microsoft.Extensions.Options;

namespace ReportIntake.Web.Evidence.Screening;

/// <summary>Tries the sandbox out at start, and again every minute until it works; readiness tells <see cref="Problem"/>.</summary>
public sealed partial class SandboxProbe(Sandbox sandbox, IOptions<ScreeningOptions> options, TimeProvider time, ILogger<SandboxProbe> log)
    : BackgroundService
{
    private static readonly TimeSpan Pause = TimeSpan.FromMinutes(1);

    // Runs each tool rather than looking for its file: a library that is missing shows only then.
    private const string Script = """
        "$VIPS" --version || { echo "$VIPS"; exit 64; } >&2
        "$VIPSHEADER" --version || { echo "$VIPSHEADER"; exit 64; } >&2
        "$VIPSTHUMBNAIL" --version || { echo "$VIPSTHUMBNAIL"; exit 64; } >&2
        "$FFMPEG" -version || { echo "$FFMPEG"; exit 64; } >&2
        "$FFPROBE" -version || { echo "$FFPROBE"; exit 64; } >&2
        """;

    /// <summary>One sentence for the operator; null when files can be screened.</summary>
    public string? Problem { get; private set; } = "The screening sandbox has not been tried yet.";

    /// <summary>Tries now. Null, or what is wrong and what to do.</summary>
    public async Task<string?> FindProblemAsync(CancellationToken cancellationToken)
    {
        if (!File.Exists(options.Value.Bubblewrap))
        {
            return $"Evidence cannot be screened: {options.Value.Bubblewrap} is missing (Debian package bubblewrap).";
        }

        try
        {
            var limits = new SandboxLimits(TimeSpan.FromSeconds(30), 30, 1024 * 1024);
            var exit = await sandbox.RunAsync(Script, [], limits, Stream.Null, (_, _) => Task.CompletedTask, cancellationToken);
            return exit switch
            {
                { TimedOut: true } => "Evidence cannot be screened: the sandbox did not answer within 30 seconds.",
                { Code: 0 } => null,
                { Code: 64 } => $"Evidence cannot be screened: {LastLine(exit)} does not run in the sandbox (Debian packages ffmpeg and libvips-tools).",
                _ => $"Evidence cannot be screened: bubblewrap cannot make a sandbox here ({LastLine(exit)}); allow unprivileged user namespaces to the service.",
            };
        }
        catch (SandboxException e)
        {
            return $"Evidence cannot be screened: {e.Message}";
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while ((Problem = await FindProblemAsync(stoppingToken)) is { } problem)
        {
            LogProblem(log, problem);
            await Task.Delay(Pause, time, stoppingToken);
        }
    }

    private static string LastLine(SandboxExit exit) => exit.Diagnostics.Trim().Split('\n')[^1];

    [LoggerMessage(Level = LogLevel.Error, Message = "{Problem}")]
    private static partial void LogProblem(ILogger logger, string problem);
}

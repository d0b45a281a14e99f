using System.Diagnostics;
using System.Text.RegularExpressions;

namespace ReportIntake.Testing;

/// <summary>The built program as a process of its own, serving on a port of loopback that it chose itself.</summary>
public sealed partial class ProgramProcess : IAsyncDisposable
{
    private static readonly TimeSpan StartTime = TimeSpan.FromSeconds(60);
    private readonly Process program;

    private ProgramProcess(Process process, Uri address) => (program, Address) = (process, address);

    public Uri Address { get; }

    /// <summary>What the operating system calls it.</summary>
    public int Id => program.Id;

    /// <param name="settings">Configuration in the environment's own words (<c>Staff__RequireTwoFactor</c>).</param>
    /// <param name="line">Is given every line of its standard output.</param>
    /// <param name="port">Of loopback; 0 lets it choose one.</param>
    /// <exception cref="InvalidOperationException">It ended or did not listen within a minute.</exception>
    public static async Task<ProgramProcess> StartAsync(string directory, IReadOnlyDictionary<string, string> settings, Action<string>? line = null, int port = 0)
    {
        var process = Process.Start(Start(directory, settings, ["--urls", $"http://127.0.0.1:{port}"]))!;
        var errors = process.StandardError.ReadToEndAsync();
        using var patience = new CancellationTokenSource(StartTime);
        while (await process.StandardOutput.ReadLineAsync(patience.Token) is { } said)
        {
            line?.Invoke(said);
            if (Listening().Match(said) is { Success: true } listening)
            {
                // Somebody must go on reading, or the program would stand still when the pipe is full.
                _ = line is null ? process.StandardOutput.BaseStream.CopyToAsync(Stream.Null, CancellationToken.None) : ReadAsync(process.StandardOutput, line);
                return new ProgramProcess(process, new Uri(listening.Groups["address"].Value));
            }
        }

        throw new InvalidOperationException($"The program ended: {await errors}");
    }

    /// <summary>Runs a verb to its end.</summary>
    public static Task<(int Exit, string Out, string Error)> RunAsync(string directory, IReadOnlyDictionary<string, string> settings, string arguments, string input = "") =>
        ChildProcess.RunAsync(Start(directory, settings, arguments.Split(' ')), input);

    /// <summary><c>kill -9</c>: nothing of it runs any further.</summary>
    public async Task KillAsync()
    {
        program.Kill();
        await program.WaitForExitAsync();
    }

    /// <summary>Where this process is ending itself and cannot wait.</summary>
    public void Abandon() => program.Kill();

    public async ValueTask DisposeAsync()
    {
        if (!program.HasExited)
        {
            await KillAsync();
        }

        program.Dispose();
    }

    private static async Task ReadAsync(StreamReader output, Action<string> line)
    {
        while (await output.ReadLineAsync() is { } said)
        {
            line(said);
        }
    }

    private static ProcessStartInfo Start(string directory, IReadOnlyDictionary<string, string> settings, IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo("dotnet")
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = directory,
            ArgumentList = { Path.Combine(AppContext.BaseDirectory, "ReportIntake.Web.dll") },
        };
        foreach (var argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        start.Environment["ReportIntake__DataDirectory"] = directory;
        foreach (var (name, value) in settings)
        {
            start.Environment[name] = value;
        }

        return start;
    }

    [GeneratedRegex("Now listening on: (?<address>http://[^\\s\"]+)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Listening();
}

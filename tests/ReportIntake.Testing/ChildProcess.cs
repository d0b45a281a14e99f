using System.Diagnostics;

namespace ReportIntake.Testing;

/// <summary>Another program, run to its end with both of its streams read meanwhile. Gives its exit code and what it wrote.</summary>
public static class ChildProcess
{
    public static Task<(int Exit, string Out, string Error)> RunAsync(string program, params IEnumerable<string> arguments) => RunAsync(new ProcessStartInfo(program, arguments));

    /// <param name="start">Program, arguments, environment and directory; the streams are seen to here.</param>
    /// <param name="input">All that it reads.</param>
    public static async Task<(int Exit, string Out, string Error)> RunAsync(ProcessStartInfo start, string input = "")
    {
        start.UseShellExecute = false;
        start.RedirectStandardInput = start.RedirectStandardOutput = start.RedirectStandardError = true;
        using var process = Process.Start(start)!;
        var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        try
        {
            await process.StandardInput.WriteAsync(input);
            process.StandardInput.Close();
        }
        catch (IOException)
        {
            // It ended without having read; how, its exit code tells.
        }

        await process.WaitForExitAsync();
        return (process.ExitCode, await output, await error);
    }
}

using System.Diagnostics;

namespace ReportIntake.Testing;

/// <summary>Another program, run to its end with both of its streams read meanwhile.</summary>
public static class ChildProcess
{
    /// <param name="Out">Its standard output.</param>
    public sealed record Ended(int Exit, string Out, string Error)
    {
        /// <summary>Both streams, one after the other.</summary>
        public string Output => Out + Error;
    }

    public static Task<Ended> RunAsync(string program, params IEnumerable<string> arguments) => RunAsync(new ProcessStartInfo(program, arguments));

    /// <param name="start">Program, arguments, environment and directory; the streams are seen to here.</param>
    /// <param name="input">All that it reads.</param>
    public static async Task<Ended> RunAsync(ProcessStartInfo start, string input = "")
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
        return new Ended(process.ExitCode, await output, await error);
    }
}

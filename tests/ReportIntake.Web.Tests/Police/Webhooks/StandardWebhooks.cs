using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Text.Json;

namespace ReportIntake.Web.Tests.Police.Webhooks;

/// <summary>npm's <c>standardwebhooks</c>, the specification's own library, in a process of its own.</summary>
internal static class StandardWebhooks
{
    /// <summary>For each call <c>ok</c>, or why it does not verify with that secret.</summary>
    public static async Task<string[]> VerifyAsync(string secret, params IEnumerable<Call> calls)
    {
        using var node = Process.Start(new ProcessStartInfo("node", "verify-webhook.mjs")
        {
            WorkingDirectory = Path.GetFullPath(Path.Combine(Path.GetDirectoryName(Here())!, "../../Node")),
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        })!;
        foreach (var call in calls)
        {
            await node.StandardInput.WriteLineAsync(JsonSerializer.Serialize(new { secret, headers = call.Headers, body = call.Body }));
        }

        node.StandardInput.Close();
        var answers = await node.StandardOutput.ReadToEndAsync();
        await node.WaitForExitAsync();
        Assert.Equal(0, node.ExitCode);
        return answers.Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }

    private static string Here([CallerFilePath] string path = "") => path;
}

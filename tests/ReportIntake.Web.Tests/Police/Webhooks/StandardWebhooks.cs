using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Text.Json;
using ReportIntake.Testing;

namespace ReportIntake.Web.Tests.Police.Webhooks;

/// <summary>npm's <c>standardwebhooks</c>, the specification's own library, in a process of its own.</summary>
internal static class StandardWebhooks
{
    /// <summary>For each call <c>ok</c>, or why it does not verify with that secret.</summary>
    public static async Task<string[]> VerifyAsync(string secret, params IEnumerable<Call> calls)
    {
        var start = new ProcessStartInfo("node", "verify-webhook.mjs") { WorkingDirectory = Path.GetFullPath(Path.Combine(Path.GetDirectoryName(Here())!, "../../Node")) };
        var lines = calls.Select(call => JsonSerializer.Serialize(new { secret, headers = call.Headers, body = call.Body }) + "\n");
        var run = await ChildProcess.RunAsync(start, string.Concat(lines));
        Assert.Equal((0, ""), (run.Exit, run.Error));
        return run.Out.Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }

    private static string Here([CallerFilePath] string path = "") => path;
}

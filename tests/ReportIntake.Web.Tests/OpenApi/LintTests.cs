using System.Diagnostics;
using System.Text.Json;
using ReportIntake.Testing;
using Xunit.Abstractions;

namespace ReportIntake.Web.Tests.OpenApi;

/// <summary>Redocly's linter with the committed rules (<c>openapi/redocly.yaml</c>): neither an error nor a warning.</summary>
public sealed class LintTests(ITestOutputHelper output)
{
    [Fact]
    public async Task Description_Linted_HasNoErrorAndNoWarning()
    {
        var run = await ChildProcess.RunAsync(new ProcessStartInfo("node")
        {
            ArgumentList =
            {
                Path.Combine(Description.Repository(), "tests/ReportIntake.Web.Tests/Node/node_modules/@redocly/cli/bin/cli.js"),
                "lint", "v1.json", "--config", "redocly.yaml", "--format", "json", "--max-problems", "50",
            },
            Environment = { ["REDOCLY_TELEMETRY"] = "off", ["REDOCLY_SUPPRESS_UPDATE_NOTICE"] = "true" },
            WorkingDirectory = Description.Folder,
        });
        output.WriteLine(run.Error);

        var found = JsonDocument.Parse(run.Out).RootElement;
        var totals = found.GetProperty("totals");
        Assert.True(
            totals.GetProperty("errors").GetInt32() == 0 && totals.GetProperty("warnings").GetInt32() == 0,
            string.Join('\n', found.GetProperty("problems").EnumerateArray().Select(p =>
                $"{p.GetProperty("ruleId")}: {p.GetProperty("message")} at {(p.GetProperty("location") is { ValueKind: JsonValueKind.Array } l && l.GetArrayLength() > 0 && l[0].TryGetProperty("pointer", out var pointer) ? pointer : null)}")));
    }
}

using System.Diagnostics.Metrics;
using System.Text.Json;
using System.Text.RegularExpressions;
using ReportIntake.Web.Telemetry;
using ReportIntake.Web.Tests.Moderation;

namespace ReportIntake.Web.Tests.Telemetry;

/// <summary>Dashboard and alert rules name metrics that the program has, under the names that Prometheus gives them.</summary>
public sealed partial class DashboardTests
{
    private static readonly string Deploy = Path.Combine(Root(), "deploy");

    [Theory]
    [InlineData("grafana/reportintake.json")]
    [InlineData("alerts/reportintake.rules.yaml")]
    public async Task File_EveryMetric_IsOneOfTheProgram(string file)
    {
        var known = await NamesAsync();

        var named = MetricName().Matches(await File.ReadAllTextAsync(Path.Combine(Deploy, file))).Select(m => m.Value).Distinct().ToList();

        Assert.NotEmpty(named);
        Assert.Empty(named.Except(known));
    }

    [Fact]
    public async Task Dashboard_IsJson_AndShowsEveryMetricOfTheProgram()
    {
        var text = await File.ReadAllTextAsync(Path.Combine(Deploy, "grafana/reportintake.json"));
        using var dashboard = JsonDocument.Parse(text);

        var missing = (await NamesAsync()).Where(n => n.StartsWith("reportintake_", StringComparison.Ordinal) && !HistogramPart().IsMatch(n)).Where(n => !text.Contains(n, StringComparison.Ordinal));

        Assert.NotEmpty(dashboard.RootElement.GetProperty("panels").EnumerateArray());
        Assert.Empty(missing);
    }

    [Fact]
    public async Task Runbook_EveryAlert_IsExplained()
    {
        var alerts = AlertName().Matches(await File.ReadAllTextAsync(Path.Combine(Deploy, "alerts/reportintake.rules.yaml"))).Select(m => m.Groups["name"].Value).ToList();
        var runbook = await File.ReadAllTextAsync(Path.Combine(Deploy, "runbook.md"));

        Assert.NotEmpty(alerts);
        Assert.All(alerts, alert => Assert.Contains($"| `{alert}` |", runbook, StringComparison.Ordinal));
    }

    /// <summary>The instruments of the running program, as the OTLP receiver of Prometheus calls them: unit as a suffix, and the parts of a histogram.</summary>
    private static async Task<HashSet<string>> NamesAsync()
    {
        var names = new HashSet<string>();
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, _) =>
        {
            if (instrument.Meter.Name is Signals.Name or "Microsoft.AspNetCore.Hosting")
            {
                var name = instrument.Name.Replace('.', '_') + (instrument.Unit == "s" ? "_seconds" : "");
                lock (names)
                {
                    names.UnionWith(instrument.GetType().Name.StartsWith("Histogram", StringComparison.Ordinal) ? [name, name + "_bucket", name + "_count", name + "_sum"] : [name]);
                }
            }
        };
        listener.Start();
        Signals.Delivered(TimeSpan.Zero); // its instruments are made when they are first needed
        await using var host = new ModerationHost();
        using var client = host.Client();
        using var any = await client.GetAsync("/health/live");
        lock (names)
        {
            return [.. names];
        }
    }

    private static string Root()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "ReportIntake.sln")))
        {
            folder = folder.Parent!;
        }

        return folder.FullName;
    }

    [GeneratedRegex(@"\b(?:reportintake|http_server)_[a-z_]+", RegexOptions.None, 1000)]
    private static partial Regex MetricName();

    [GeneratedRegex("(?:_bucket|_count|_sum)$", RegexOptions.None, 1000)]
    private static partial Regex HistogramPart();

    [GeneratedRegex(@"alert: (?<name>\w+)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex AlertName();
}

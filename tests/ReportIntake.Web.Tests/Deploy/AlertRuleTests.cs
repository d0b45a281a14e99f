using System.Text.RegularExpressions;
using ReportIntake.Domain;
using ReportIntake.Domain.Triage;
using ReportIntake.Web.Jobs;

namespace ReportIntake.Web.Tests.Deploy;

/// <summary>That each rule names metrics of the program is for <see cref="Telemetry.DashboardTests"/>.</summary>
public sealed partial class AlertRuleTests
{
    private const string Rules = "alerts/reportintake.rules.yaml", Tests = "alerts/reportintake.test.yaml";

    [ToolFact("promtool", "prometheus")]
    public async Task Rules_Promtool_AcceptsThemAndTheyFireWhenTheyShould()
    {
        var check = await DeployFiles.RunAsync("promtool", "check", "rules", DeployFiles.PathOf(Rules));
        var test = await DeployFiles.RunAsync("promtool", "test", "rules", DeployFiles.PathOf(Tests));

        Assert.True(check.Exit == 0, check.Output);
        Assert.True(test.Exit == 0, test.Output);
    }

    [Fact]
    public void Rules_Every_HasATest()
    {
        var rules = Alert().Matches(DeployFiles.Text(Rules)).Select(m => m.Groups["name"].Value).ToList();

        Assert.NotEmpty(rules);
        Assert.All(rules, rule => Assert.Contains($"alertname: {rule}", DeployFiles.Text(Tests), StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(Rules)]
    [InlineData(Tests)]
    [InlineData("grafana/reportintake.json")]
    public void Labels_OfTierAndUrgency_AreTheProgramsOwn(string file)
    {
        var known = Enum.GetValues<Tier>().Select(t => t.Name()).Concat(Enum.GetValues<JobUrgency>().Select(u => u.Name())).ToList();

        var named = Label().Matches(DeployFiles.Text(file)).SelectMany(m => m.Groups["values"].Value.Split('|')).Distinct().ToList();

        Assert.Empty(named.Except(known));
    }

    [GeneratedRegex(@"alert: (?<name>\w+)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Alert();

    [GeneratedRegex("""(?:tier|urgency)=~?\\?"(?<values>[a-z_|]+)""", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Label();
}

using System.Text.RegularExpressions;
using Microsoft.Extensions.Configuration;
using ReportIntake.Web.Settings;

namespace ReportIntake.Web.Tests.Deploy;

/// <summary>A setting that <c>deploy/</c> names, in a manifest or a sentence, is one of the program's, and so is its value.</summary>
public sealed partial class DeployedSettingsTests
{
    /// <summary>Sections that others read: the framework, and this program by name alone.</summary>
    private static readonly string[] Others = ["ConnectionStrings", "Logging"];

    public static TheoryData<string> Files =>
    [
        "compose/compose.yaml", "kubernetes/kustomization.yaml", "kubernetes/web.yaml", "kubernetes/worker.yaml", "kubernetes/migrate.yaml", "docker/Dockerfile",
        "systemd/settings.env", "systemd/reportintake-web.service", "systemd/reportintake-worker.service", "systemd/reportintake-backup.service", "runbook.md",
    ];

    [Theory]
    [MemberData(nameof(Files))]
    public void File_EverySetting_IsOneOfTheProgramWithAValueItTakes(string file)
    {
        var named = Assignment().Matches(DeployFiles.Text(file)).Select(m => (Name: m.Groups["name"].Value.Replace("__", ":", StringComparison.Ordinal), Value: m.Groups["value"].Value))
            .Where(n => n.Name is not "Section:Name").ToList(); // how they are written, in words
        using var configuration = new ConfigurationManager();
        configuration.AddInMemoryCollection(named.Where(n => n.Value.Length > 0).DistinctBy(n => n.Name).ToDictionary(n => n.Name, n => (string?)n.Value));

        var mistakes = SettingMistakes.OfNamesAndValues(configuration);

        Assert.Empty(mistakes);
        Assert.All(named, n => Assert.True(IsKnown(n.Name), $"{n.Name} is not a setting."));
        Assert.True(named.Count > 0 || !file.StartsWith("compose", StringComparison.Ordinal));
    }

    [Fact]
    public void Runbook_EverySettingInItsText_IsOneOfTheProgram()
    {
        var named = InText().Matches(DeployFiles.Text("runbook.md")).SelectMany(m => Expand(m.Groups["name"].Value)).Distinct().ToList();

        Assert.Contains("Health:MinFreeBytes", named);
        Assert.All(named, name => Assert.True(IsKnown(name), $"{name} is not a setting."));
    }

    private static bool IsKnown(string name)
    {
        var parts = name.Split(':');
        if (Others.Contains(parts[0]))
        {
            return true;
        }

        using var configuration = new ConfigurationManager();
        configuration.AddInMemoryCollection([new(name, null)]);
        return KnownSettings.Sections.Keys.Any(s => name.StartsWith(s, StringComparison.OrdinalIgnoreCase))
            && SettingMistakes.OfNamesAndValues(configuration).All(m => !m.Contains("is not a setting", StringComparison.Ordinal));
    }

    private static IEnumerable<string> Expand(string name) => name.IndexOf('{', StringComparison.Ordinal) is var at and >= 0
        ? name[(at + 1)..name.IndexOf('}', StringComparison.Ordinal)].Split(',').Select(part => name[..at] + part)
        : [name];

    /// <summary><c>Section__Name=value</c>, <c>Section__Name: value</c>, or the name alone.</summary>
    [GeneratedRegex("""\b(?<name>[A-Z][A-Za-z0-9]+(?:__[A-Za-z0-9]+)+)(?:(?:=|: )"?(?<value>[^\s"`\\]+))?""", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Assignment();

    /// <summary><c>`Section:Name`</c>, with or without a value behind.</summary>
    [GeneratedRegex("`(?<name>[A-Z][A-Za-z0-9]+(?::[A-Z0-9][A-Za-z0-9]*)+(?::?\\{[A-Za-z,]+\\})?)(?:=[A-Za-z]+)?`", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex InText();
}

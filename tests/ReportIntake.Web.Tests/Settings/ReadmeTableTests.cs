using System.Reflection;
using System.Text.RegularExpressions;
using ReportIntake.Web.Settings;

namespace ReportIntake.Web.Tests.Settings;

/// <summary>The README's table of settings and the classes that read them say the same.</summary>
public sealed partial class ReadmeTableTests
{
    /// <summary>Read by the framework, or by name alone.</summary>
    private static readonly string[] Others = ["ConnectionStrings:ReportIntake"];

    [Fact]
    public void Table_Settings_AreThoseOfTheOptions()
    {
        var written = Written();
        var read = KnownSettings.Sections.SelectMany(s => Settings(s.Key, s.Value)).Concat(Others).ToList();

        Assert.Equal([], read.Except(written));
        Assert.Equal([], written.Where(w => w.StartsWith("Logging:", StringComparison.Ordinal) is false).Except(read));
    }

    [Fact]
    public void KnownSettings_EveryOptionsClass_IsThere()
    {
        var classes = typeof(KnownSettings).Assembly.GetTypes()
            .Where(t => t is { IsClass: true, IsNested: false } && t.Name.EndsWith("Options", StringComparison.Ordinal));

        Assert.Equal([], classes.Except(KnownSettings.Sections.Values));
    }

    private static IEnumerable<string> Settings(string path, Type type) => KnownSettings.PropertiesOf(type).SelectMany(p => Settings($"{path}:{p.Name}", p));

    private static IEnumerable<string> Settings(string path, PropertyInfo property)
    {
        var element = KnownSettings.ElementOf(property.PropertyType);
        var type = element ?? property.PropertyType;
        return KnownSettings.IsGroup(type) && !type.IsEnum ? Settings(element is null ? path : $"{path}:0", type) : [path];
    }

    /// <summary>The first column, <c>{A,B}</c> being two settings.</summary>
    private static List<string> Written()
    {
        var directory = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(directory.FullName, "ReportIntake.sln")))
        {
            directory = directory.Parent!;
        }

        return [.. File.ReadLines(Path.Combine(directory.FullName, "README.md"))
            .SkipWhile(l => !l.StartsWith("| setting |", StringComparison.Ordinal)).Skip(2).TakeWhile(l => l.StartsWith('|'))
            .SelectMany(l => Name().Matches(l.Split('|')[1]).Select(m => m.Groups["name"].Value)).SelectMany(Expand)];
    }

    private static IEnumerable<string> Expand(string name) => Braces().Match(name) is { Success: true } braces
        ? braces.Groups["inner"].Value.Split(',').SelectMany(part => Expand(name[..braces.Index] + part + name[(braces.Index + braces.Length)..]))
        : [name];

    [GeneratedRegex("`(?<name>[^`]+)`", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Name();

    [GeneratedRegex(@"\{(?<inner>[^}]+)\}", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Braces();
}

using System.Collections;
using System.Globalization;
using System.Reflection;
using System.Resources;
using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using ReportIntake.Web.Features.Shared;

namespace ReportIntake.Web.Tests.Shared;

/// <summary>Covers every <c>…Texts</c> class of the program, those that come later too.</summary>
public sealed partial class TextsTests
{
    private static readonly Assembly Web = typeof(SharedTexts).Assembly;

    public static TheoryData<string> Classes => [.. Web.GetTypes().Where(t => t.Name.EndsWith("Texts", StringComparison.Ordinal) && !t.IsAbstract).Select(t => t.FullName!)];

    [Theory]
    [MemberData(nameof(Classes))]
    public void Texts_InBothLanguages_HaveTheSameKeys(string name) =>
        Assert.Equal(Read(name, "").Keys.Order(StringComparer.Ordinal), Read(name, "en").Keys.Order(StringComparer.Ordinal));

    [Theory]
    [MemberData(nameof(Classes))]
    public void Texts_InBothLanguages_AreNeverEmptyAndTakeTheSameValues(string name)
    {
        var english = Read(name, "en");
        foreach (var (key, text) in Read(name, ""))
        {
            Assert.False(string.IsNullOrWhiteSpace(text), $"{key} is empty in Indonesian");
            Assert.False(string.IsNullOrWhiteSpace(english[key]), $"{key} is empty in English");
            Assert.True(Placeholders(text).SetEquals(Placeholders(english[key])), $"{key} takes different values in the two languages");
        }
    }

    // Luxembourg Guidelines, https://ecpat.org/luxembourg-guidelines/
    [Theory]
    [MemberData(nameof(Classes))]
    public void Texts_AboutChildren_BlameNoChild(string name)
    {
        string[] never = ["child prostitut", "child porn", "prostitusi anak", "pornografi anak", "pelacur"];
        foreach (var (key, text) in Read(name, "").Concat(Read(name, "en")))
        {
            Assert.DoesNotContain(never, word => text.Contains(word, StringComparison.OrdinalIgnoreCase) && key.Length > 0);
        }
    }

    [Fact]
    public void Pages_ThatNameAText_NameOneThatExists()
    {
        var features = Path.Combine(Path.GetDirectoryName(Here())!, "../../../src/ReportIntake.Web/Features");
        Assert.True(Directory.Exists(features), "The sources are not beside the tests; nothing was checked.");
        var known = Web.GetTypes().Where(t => t.Name.EndsWith("Texts", StringComparison.Ordinal)).SelectMany(t => Read(t.FullName!, "").Keys).ToHashSet();

        var unknown = Directory.EnumerateFiles(features, "*.cs*", SearchOption.AllDirectories)
            .SelectMany(file => Named().Matches(File.ReadAllText(file)).Select(match => match.Groups["key"].Value))
            .Where(key => !known.Contains(key) && !(key.EndsWith('.') && known.Any(k => k.StartsWith(key, StringComparison.Ordinal)))); // a key put together from a code

        Assert.Empty(unknown);
    }

    private static string Here([CallerFilePath] string path = "") => path;

    private static Dictionary<string, string> Read(string name, string culture) =>
        new ResourceManager(name, Web).GetResourceSet(new CultureInfo(culture), createIfNotExists: true, tryParents: false)!
            .Cast<DictionaryEntry>()
            .ToDictionary(e => (string)e.Key, e => (string)e.Value!);

    private static HashSet<string> Placeholders(string text) => [.. Placeholder().Matches(text).Select(m => m.Value)];

    [GeneratedRegex(@"\{\w+\}|%\{\w+\}", RegexOptions.None, 1000)]
    private static partial Regex Placeholder();

    [GeneratedRegex(@"\b(?:I|S|T|[Tt]exts)\[""(?<key>[a-z0-9_.]+)""[\],]", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Named();
}

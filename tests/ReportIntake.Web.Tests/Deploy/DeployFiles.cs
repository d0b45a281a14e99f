using System.Text.Json;
using ReportIntake.Testing;

namespace ReportIntake.Web.Tests.Deploy;

/// <summary>The files of <c>deploy/</c>, and the tools that know what is right in them.</summary>
internal static class DeployFiles
{
    public static string Root { get; } = FindRoot();

    public static string PathOf(string file) => Path.Combine(Root, "deploy", file);

    public static string Text(string file) => File.ReadAllText(PathOf(file));

    public static IEnumerable<string> In(string folder, string pattern) => Directory.GetFiles(PathOf(folder), pattern).Order(StringComparer.Ordinal);

    /// <summary>Whether a program is on the path, or where Debian keeps what is root's.</summary>
    public static bool Has(string tool) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Append("/usr/sbin").Any(folder => File.Exists(Path.Combine(folder, tool)));

    public static async Task<(int Exit, string Output)> RunAsync(string tool, params IEnumerable<string> arguments)
    {
        var run = await ChildProcess.RunAsync(File.Exists("/usr/sbin/" + tool) ? "/usr/sbin/" + tool : tool, arguments);
        return (run.Exit, run.Out + run.Error);
    }

    /// <summary>The documents of a YAML file, merge keys applied, as JSON; by Python, since .NET has no YAML of its own.</summary>
    public static async Task<JsonElement> YamlAsync(string path)
    {
        var (exit, output) = await RunAsync("python3", "-c", "import json, sys, yaml; print(json.dumps(list(yaml.safe_load_all(open(sys.argv[1]))), default=str))", path);
        Assert.True(exit == 0, $"{path}: {output}");
        return JsonDocument.Parse(output).RootElement;
    }

    /// <summary>Every value below, at any depth, that stands under one of the names.</summary>
    public static IEnumerable<JsonElement> Everywhere(this JsonElement element, params string[] names) => element.ValueKind switch
    {
        JsonValueKind.Object => element.EnumerateObject().SelectMany(p => names.Contains(p.Name) ? p.Value.Everywhere(names).Prepend(p.Value) : p.Value.Everywhere(names)),
        JsonValueKind.Array => element.EnumerateArray().SelectMany(e => e.Everywhere(names)),
        _ => [],
    };

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "ReportIntake.sln")))
        {
            folder = folder.Parent!;
        }

        return folder.FullName;
    }
}

/// <summary>A test that needs a tool which not every machine has; the continuous integration's has all of them.</summary>
public sealed class ToolFactAttribute : FactAttribute
{
    /// <param name="tool">The program.</param>
    /// <param name="package">Debian's package of it.</param>
    public ToolFactAttribute(string tool, string package) => Skip = DeployFiles.Has(tool) ? null : $"{tool} is not installed (Debian package {package}).";
}

/// <summary>A test that reads YAML.</summary>
public sealed class YamlFactAttribute : FactAttribute
{
    private static readonly Lazy<Task<bool>> Reads = new(async () => DeployFiles.Has("python3") && (await DeployFiles.RunAsync("python3", "-c", "import yaml")).Exit == 0);

    public YamlFactAttribute() => Skip = Reads.Value.GetAwaiter().GetResult() ? null : "Python cannot read YAML (Debian package python3-yaml).";
}

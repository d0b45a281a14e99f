using System.Reflection;
using System.Text.RegularExpressions;
using ReportIntake.Domain.Reports;

namespace ReportIntake.Web.Tests.Architecture;

/// <summary>What may know what, read from the compiled program and from its sources.</summary>
public sealed partial class LayerTests
{
    private const string Features = "ReportIntake.Web.Features.";
    private const string Shared = "Shared";

    /// <summary>What a feature may know beside itself, Features.Shared and the domain.</summary>
    private static readonly string[] Foundations = ["Persistence", "Evidence", "Security", "Pipeline", "ErrorHandling", "Jobs", "RateLimiting", "Linking", "Telemetry"];

    private static readonly Assembly Web = typeof(Program).Assembly;
    private static readonly string Sources = Path.Combine(Repository(), "src", "ReportIntake.Web");

    [Fact]
    public void Domain_References_TheFrameworkAlone()
    {
        var others = typeof(Report).Assembly.GetReferencedAssemblies().Select(a => a.Name!)
            .Where(name => !name.StartsWith("System.", StringComparison.Ordinal) && name is not ("System" or "netstandard" or "mscorlib"));

        Assert.Empty(others);
    }

    [Fact]
    public void Features_Types_KnowNoOtherFeature()
    {
        var strangers = from type in Web.GetTypes()
                        let feature = FeatureOf(type)
                        where feature is not null
                        from known in Known(type)
                        let other = FeatureOf(known)
                        where other is not null && other != feature && other != Shared
                        select $"{type.FullName} knows {known.FullName}";

        Assert.Empty(strangers.Distinct());
    }

    [Fact]
    public void Features_Types_KnowOnlyTheFoundations()
    {
        var strangers = from type in Web.GetTypes()
                        where FeatureOf(type) is not null
                        from known in Known(type)
                        where known.Assembly == Web && FeatureOf(known) is null
                        let layer = known.Namespace?["ReportIntake.Web".Length..].TrimStart('.').Split('.')[0]
                        where !string.IsNullOrEmpty(layer) && !Foundations.Contains(layer)
                        select $"{type.FullName} knows {known.FullName}";

        Assert.Empty(strangers.Distinct());
    }

    [Fact]
    public void Features_Sources_NameNoOtherFeature()
    {
        var strangers = from file in Directory.EnumerateFiles(Path.Combine(Sources, "Features"), "*.cs*", SearchOption.AllDirectories)
                        let feature = Path.GetRelativePath(Path.Combine(Sources, "Features"), file).Split(Path.DirectorySeparatorChar)[0]
                        from Match named in FeatureName().Matches(File.ReadAllText(file))
                        let other = named.Groups["feature"].Value
                        where IsFeature(feature) && IsFeature(other) && other != feature && other != Shared
                        select $"{Path.GetRelativePath(Sources, file)} names Features.{other}";

        Assert.Empty(strangers.Distinct());
    }

    [Theory]
    [InlineData("Persistence")]
    [InlineData("Evidence")]
    [InlineData("Security")]
    [InlineData("Pipeline")]
    [InlineData("Telemetry")]
    [InlineData("ErrorHandling")]
    [InlineData("RateLimiting")]
    [InlineData("Linking")]
    [InlineData("Health")]
    public void Foundation_Sources_NameNoFeature(string layer)
    {
        var named = from file in Directory.EnumerateFiles(Path.Combine(Sources, layer), "*.cs", SearchOption.AllDirectories)
                    from Match feature in FeatureName().Matches(File.ReadAllText(file))
                    where IsFeature(feature.Groups["feature"].Value) && feature.Groups["feature"].Value != Shared
                    select $"{Path.GetRelativePath(Sources, file)} names Features.{feature.Groups["feature"].Value}";

        Assert.Empty(named.Distinct());
    }

    /// <summary>Features.Get is a member of HttpContext's.</summary>
    private static bool IsFeature(string name) => Directory.Exists(Path.Combine(Sources, "Features", name));

    private static string? FeatureOf(Type type) =>
        type.Namespace is { } name && name.StartsWith(Features, StringComparison.Ordinal) ? name[Features.Length..].Split('.')[0] : null;

    /// <summary>Types in a type's declaration: bases, fields, properties, parameters, results and attributes.</summary>
    private static IEnumerable<Type> Known(Type type)
    {
        const BindingFlags All = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;
        IEnumerable<Type?> named =
        [
            type.BaseType,
            .. type.GetInterfaces(),
            .. type.GetFields(All).Select(f => f.FieldType),
            .. type.GetConstructors(All).SelectMany(c => c.GetParameters()).Select(p => p.ParameterType),
            .. type.GetMethods(All).SelectMany(m => m.GetParameters().Select(p => p.ParameterType).Append(m.ReturnType)),
            .. type.GetCustomAttributesData().Select(a => a.AttributeType),
            .. type.GetMembers(All).SelectMany(m => m.GetCustomAttributesData()).Select(a => a.AttributeType),
        ];
        return named.OfType<Type>().SelectMany(Parts);
    }

    private static IEnumerable<Type> Parts(Type type) =>
        type.HasElementType ? Parts(type.GetElementType()!)
        : type.IsGenericType ? type.GetGenericArguments().SelectMany(Parts).Append(type)
        : [type];

    private static string Repository()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "ReportIntake.sln")))
        {
            folder = folder.Parent;
        }

        return folder?.FullName ?? throw new InvalidOperationException("The tests do not run inside the repository.");
    }

    [GeneratedRegex(@"\bFeatures\.(?<feature>[A-Z]\w*)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex FeatureName();
}

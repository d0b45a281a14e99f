using System.ComponentModel;
using System.Globalization;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Options;

namespace ReportIntake.Web.Settings;

/// <summary>
/// Everything that is wrong with the configuration, told at once and before anything is touched: one line a mistake. Values
/// are repeated only where their type shows that they are no secrets.
/// </summary>
public static partial class SettingMistakes
{
    /// <summary>
    /// Names that no class reads, and values of the wrong kind. Each of the latter is replaced by the default, so that
    /// <see cref="OfRules"/> can tell what else is wrong; the program must not serve with that.
    /// </summary>
    public static IReadOnlyList<string> OfNamesAndValues(IConfigurationManager configuration)
    {
        var (mistakes, defaults) = (new List<string>(), new Dictionary<string, string?>());
        foreach (var (path, type) in KnownSettings.Sections)
        {
            Walk(configuration.GetSection(path), type, Activator.CreateInstance(type), mistakes, defaults);
        }

        configuration.AddInMemoryCollection(defaults);
        return mistakes;
    }

    /// <summary>What the options classes themselves refuse.</summary>
    public static IReadOnlyList<string> OfRules(IServiceProvider services)
    {
        try
        {
            services.GetRequiredService<IStartupValidator>().Validate();
            return [];
        }
        catch (OptionsValidationException one)
        {
            return [.. Read(one)];
        }
        catch (AggregateException several) when (several.InnerExceptions.All(e => e is OptionsValidationException))
        {
            // A class that looks at another tells the other's mistakes again.
            return [.. several.InnerExceptions.Cast<OptionsValidationException>().SelectMany(Read).Distinct(StringComparer.Ordinal)];
        }
    }

    private static void Walk(IConfigurationSection section, Type type, object? defaults, List<string> mistakes, Dictionary<string, string?> replaced)
    {
        var properties = KnownSettings.PropertiesOf(type).ToDictionary(p => p.Name, StringComparer.OrdinalIgnoreCase);
        foreach (var child in section.GetChildren())
        {
            if (!properties.TryGetValue(child.Key, out var property))
            {
                if (!KnownSettings.Sections.ContainsKey(child.Path))
                {
                    mistakes.Add($"{child.Path} is not a setting.{Suggestion(child.Key, [.. properties.Keys])}");
                }

                continue;
            }

            var value = defaults is null ? null : property.GetValue(defaults);
            if (KnownSettings.ElementOf(property.PropertyType) is { } element)
            {
                foreach (var item in child.GetChildren().Where(_ => KnownSettings.IsGroup(element)))
                {
                    Walk(item, element, Activator.CreateInstance(element), mistakes, replaced);
                }
            }
            else if (KnownSettings.IsGroup(property.PropertyType))
            {
                Walk(child, property.PropertyType, value, mistakes, replaced);
            }
            else if (Problem(child.Value, property.PropertyType) is { } problem)
            {
                mistakes.Add($"{child.Path} {problem}");
                replaced[child.Path] = Convert.ToString(value, CultureInfo.InvariantCulture);
            }
        }
    }

    private static string? Problem(string? value, Type declared)
    {
        var type = Nullable.GetUnderlyingType(declared) ?? declared;
        if (type == typeof(string) || (string.IsNullOrEmpty(value) && type != declared))
        {
            return null;
        }

        try
        {
            TypeDescriptor.GetConverter(type).ConvertFromInvariantString(value ?? "");
            return null;
        }
        catch (Exception e) when (e is FormatException or ArgumentException or NotSupportedException or OverflowException)
        {
            return type == typeof(Uri) ? "must be an address." : $"is '{value}'; it must be {Kind(type)}.";
        }
    }

    private static string Kind(Type type) => type switch
    {
        { IsEnum: true } => string.Join(" or ", Enum.GetNames(type)),
        _ when type == typeof(bool) => "true or false",
        _ when type == typeof(TimeSpan) => "a duration such as 00:10:00 (hours:minutes:seconds) or 2.00:00:00 (two days)",
        _ when type == typeof(double) => "a number",
        _ => "a whole number within range",
    };

    private static string Suggestion(string typed, IReadOnlyList<string> known)
    {
        var nearest = known.MinBy(k => Distance(typed, k));
        return nearest is not null && Distance(typed, nearest) <= Math.Max(2, nearest.Length / 4) ? $" Is {nearest} meant?" : "";
    }

    /// <summary>Levenshtein's, letters of either case alike; two that changed places count as two.</summary>
    private static int Distance(string a, string b)
    {
        var row = Enumerable.Range(0, b.Length + 1).ToArray();
        for (var i = 1; i <= a.Length; i++)
        {
            var (diagonal, left) = (row[0], row[0] = i);
            for (var j = 1; j <= b.Length; j++)
            {
                var same = char.ToUpperInvariant(a[i - 1]) == char.ToUpperInvariant(b[j - 1]);
                left = Math.Min(Math.Min(row[j], left) + 1, diagonal + (same ? 0 : 1));
                (diagonal, row[j]) = (row[j], left);
            }
        }

        return row[^1];
    }

    private static IEnumerable<string> Read(OptionsValidationException refused)
    {
        var section = KnownSettings.Sections.FirstOrDefault(s => s.Value == refused.OptionsType).Key;
        return refused.Failures.Select(failure => Annotation().Match(failure) is { Success: true } match
            ? (match.Groups["member"].Length > 0 ? $"{section}:{match.Groups["member"]}: " : "") + match.Groups["text"]
            : failure);
    }

    /// <summary>The framework's frame around what an attribute says.</summary>
    [GeneratedRegex("^DataAnnotation validation failed for '[^']*' members: '(?<member>[^']*)' with the error: '(?<text>.*)'\\.$", RegexOptions.ExplicitCapture | RegexOptions.Singleline, 1000)]
    private static partial Regex Annotation();
}

using System.Collections.Frozen;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace ReportIntake.Domain;

/// <summary>
/// The one spelling of an enum value outside the program: snake_case (<c>under_verification</c>), or what
/// <see cref="JsonStringEnumMemberNameAttribute"/> says. JSON, database, ledger and pages all use it.
/// </summary>
public static class EnumNames
{
    public static string Name<T>(this T value) where T : struct, Enum => Names<T>.ByValue[value];

    public static bool TryParse<T>(string? name, out T value) where T : struct, Enum
    {
        value = default;
        return name is not null && Names<T>.ByName.TryGetValue(name, out value);
    }

    /// <summary>The value of a name that is known to be one; anything else is a bug or a damaged row.</summary>
    public static T Parse<T>(string name) where T : struct, Enum =>
        TryParse<T>(name, out var value) ? value : throw new FormatException($"'{name}' is not a {typeof(T).Name}.");

    public static IReadOnlyCollection<string> All<T>() where T : struct, Enum => Names<T>.ByName.Keys;

    /// <summary>The same for a type that is known at run time only.</summary>
    public static IReadOnlyList<string> All(Type type) => [.. Enum.GetNames(type).Select(member => NameOf(type, member))];

    private static string NameOf(Type type, string member) =>
        type.GetField(member)!.GetCustomAttribute<JsonStringEnumMemberNameAttribute>()?.Name
        ?? JsonNamingPolicy.SnakeCaseLower.ConvertName(member);

    private static class Names<T> where T : struct, Enum
    {
        internal static readonly FrozenDictionary<T, string> ByValue = Enum.GetValues<T>().ToFrozenDictionary(v => v, v => NameOf(typeof(T), v.ToString()));
        internal static readonly FrozenDictionary<string, T> ByName = ByValue.ToFrozenDictionary(p => p.Value, p => p.Key, StringComparer.Ordinal);
    }
}

using System.Collections.Frozen;
using System.Globalization;
using System.Text.Json;

namespace ReportIntake.Web.Features.Shared.Catalogue;

/// <summary>One text in both languages.</summary>
public sealed record LocalText(string Id, string En)
{
    public string In(CultureInfo culture) => BilingualRoutes.IsEnglish(culture) ? En : Id;

    /// <summary>In the language of the current request.</summary>
    public override string ToString() => In(CultureInfo.CurrentUICulture);
}

/// <summary>What happened. <paramref name="ChildSafety"/>: rejecting such a report takes two people. <paramref name="Asks"/>: names of extra questions, see <see cref="ReportCatalogue.Questions"/>.</summary>
public sealed record Category(string Code, bool ChildSafety, IReadOnlyList<string> Asks, LocalText Name, LocalText Description);

/// <summary>Where it was seen.</summary>
public sealed record Platform(string Code, LocalText Name);

/// <summary>How far it has gone: one of the seven stages of Usman &amp; Budiman 2023.</summary>
public sealed record Stage(string Code, LocalText Name, LocalText Description);

/// <summary>A province (<c>32</c>) or regency (<c>32.74</c>) by the Ministry of Home Affairs' code; the name is the official one in any language.</summary>
public sealed record Area(string Code, string Name)
{
    /// <summary>Code of the province a regency is in; null for a province.</summary>
    public string? Province => Code.Length > 2 ? Code[..2] : null;
}

/// <summary>
/// The words and codes a report is made of: data, not code. Read once from the program itself, then never changed.
/// Lists keep the order in which a form shows them.
/// </summary>
public sealed class ReportCatalogue
{
    /// <summary>Every name <see cref="Category.Asks"/> may hold.</summary>
    public static readonly IReadOnlyList<string> Questions = ["platform", "victim", "stage", "meeting", "place", "time"];

    private readonly FrozenDictionary<string, Category> categories;
    private readonly FrozenDictionary<string, Platform> platforms;
    private readonly FrozenDictionary<string, Stage> stages;
    private readonly FrozenDictionary<string, Area> areas;

    private ReportCatalogue(Entries entries, IEnumerable<Area> areas)
    {
        (Categories, Platforms, Stages, Areas) = (entries.Categories, entries.Platforms, entries.Stages, [.. areas]);
        categories = Categories.ToFrozenDictionary(c => c.Code);
        platforms = Platforms.ToFrozenDictionary(p => p.Code);
        stages = Stages.ToFrozenDictionary(s => s.Code);
        this.areas = Areas.ToFrozenDictionary(a => a.Code);
        if (Categories.SelectMany(c => c.Asks).FirstOrDefault(q => !Questions.Contains(q)) is { } unknown)
        {
            throw new InvalidOperationException($"The catalogue asks for '{unknown}', which no form knows.");
        }
    }

    public IReadOnlyList<Category> Categories { get; }

    public IReadOnlyList<Platform> Platforms { get; }

    public IReadOnlyList<Stage> Stages { get; }

    /// <summary>Provinces first, then regencies, each by code.</summary>
    public IReadOnlyList<Area> Areas { get; }

    public Category? Category(string? code) => code is null ? null : categories.GetValueOrDefault(code);

    public Platform? Platform(string? code) => code is null ? null : platforms.GetValueOrDefault(code);

    public Stage? Stage(string? code) => code is null ? null : stages.GetValueOrDefault(code);

    public Area? Area(string? code) => code is null ? null : areas.GetValueOrDefault(code);

    public bool IsArea(string? code) => Area(code) is not null;

    /// <exception cref="InvalidOperationException">The embedded data are damaged: a broken build.</exception>
    public static ReportCatalogue Load()
    {
        var entries = Read<Entries>("catalogue.json");
        var names = Read<Dictionary<string, string>>("areas.json");
        var byCode = names.Select(p => new Area(p.Key, p.Value)).OrderBy(a => a.Code.Length).ThenBy(a => a.Code, StringComparer.Ordinal);
        return new ReportCatalogue(entries, byCode);
    }

    private static T Read<T>(string name)
    {
        using var stream = typeof(ReportCatalogue).Assembly.GetManifestResourceStream(name)
            ?? throw new InvalidOperationException($"{name} is not in the program.");
        return JsonSerializer.Deserialize<T>(stream, JsonSerializerOptions.Web)
            ?? throw new InvalidOperationException($"{name} is empty.");
    }

    private sealed record Entries(IReadOnlyList<Category> Categories, IReadOnlyList<Platform> Platforms, IReadOnlyList<Stage> Stages);
}

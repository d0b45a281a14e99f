using System.Text.Json;
using System.Text.Json.Serialization;

namespace ReportIntake.Domain.Triage;

/// <summary>
/// The shape of <c>rules.json</c>. Conditions are a predicate or definition by name, <c>{"allOf": […]}</c> or
/// <c>{"anyOf": […]}</c>. Unknown members, names and groups are refused: a typo must not switch a rule off.
/// </summary>
internal sealed record RuleSetFile(
    string Version,
    Thresholds Thresholds,
    Dictionary<string, JsonElement> Definitions,
    IReadOnlyList<RuleSetFile.RuleEntry> Rules,
    Dictionary<string, Dictionary<string, List<string>>> Lexicon)
{
    private static readonly JsonSerializerOptions Format = new(JsonSerializerDefaults.Web)
    {
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        AllowDuplicateProperties = false,
        RespectRequiredConstructorParameters = true,
        RespectNullableAnnotations = true,
    };

    internal sealed record RuleEntry(string Id, string Tier, Dictionary<string, string> Description, JsonElement When);

    public static RuleSetFile Read(Stream file)
    {
        try
        {
            return JsonSerializer.Deserialize<RuleSetFile>(file, Format) ?? throw Bad("it is empty");
        }
        catch (JsonException e)
        {
            throw new InvalidDataException($"The triage rules cannot be read: {e.Message}", e);
        }
    }

    public RuleSet Build()
    {
        Require(!string.IsNullOrWhiteSpace(Version), "the version is empty");
        Require(
            Thresholds is { ExpectedWithinHours: > 0, ExpectedGraceHours: >= 0, IndependentReports: > 0, SeveralVictims: > 0, MinorAgeTo: > 0 },
            "a threshold is not positive");
        Require(Rules.Count > 0 && Rules.All(r => r is not null), "there are no rules, or one is null");

        // The serialiser does not look for null inside collections.
        Require(
            Lexicon.All(g => g.Value is not null && g.Value.All(l => l.Value is not null && l.Value.TrueForAll(t => t is not null))),
            "a lexicon group, language or term is null");
        foreach (var (name, definition) in Definitions)
        {
            Require(Predicates.Find(name, Lexicon.Keys.ToHashSet()) is null, $"the definition '{name}' has the name of a predicate");
            ConditionOf(definition, $"definition '{name}'", [name]);
        }

        var groups = Lexicon.Select(g => KeyValuePair.Create(g.Key, g.Value.Values.SelectMany(terms => terms)));
        return new RuleSet(Version, Thresholds, LexiconOf(groups), [.. Rules.Select(RuleOf)]);
    }

    private Lexicon LexiconOf(IEnumerable<KeyValuePair<string, IEnumerable<string>>> groups)
    {
        try
        {
            return new Lexicon(groups, Thresholds.MinorAgeTo);
        }
        catch (InvalidDataException e)
        {
            throw Bad(e.Message);
        }
    }

    private (TriageRule Rule, Condition When) RuleOf(RuleEntry entry)
    {
        Require(!string.IsNullOrWhiteSpace(entry.Id) && Rules.Count(r => r.Id == entry.Id) == 1, $"rule id '{entry.Id}' is empty or not unique");
        Require(
            EnumNames.TryParse<Tier>(entry.Tier, out var tier) && tier != Triage.Tier.NonUrgent,
            $"rule {entry.Id} has the tier '{entry.Tier}'; 'immediate' and 'urgent' are possible");
        foreach (var language in new[] { "id", "en" })
        {
            Require(!string.IsNullOrWhiteSpace(entry.Description.GetValueOrDefault(language)), $"rule {entry.Id} has no description in '{language}'");
        }

        return (new TriageRule(entry.Id, tier, entry.Description), ConditionOf(entry.When, $"rule {entry.Id}", []));
    }

    /// <param name="json">The expression.</param>
    /// <param name="where">The rule, for messages.</param>
    /// <param name="within">Definitions being resolved: one inside itself has no meaning.</param>
    private Condition ConditionOf(JsonElement json, string where, IReadOnlyList<string> within)
    {
        if (json.ValueKind is JsonValueKind.String)
        {
            return NamedCondition(json.GetString()!, where, within);
        }

        var members = json.ValueKind is JsonValueKind.Object ? json.EnumerateObject().ToList() : [];
        Require(
            members is [{ Name: "allOf" or "anyOf", Value.ValueKind: JsonValueKind.Array }] && members[0].Value.GetArrayLength() > 0,
            $"{where} has a condition that is neither a name nor one 'allOf' or 'anyOf' with a list (there is no negation)");
        var parts = members[0].Value.EnumerateArray().Select(part => ConditionOf(part, where, within)).ToList();
        return members[0].Name == "allOf" ? new Condition.AllOf(parts) : new Condition.AnyOf(parts);
    }

    private Condition NamedCondition(string name, string where, IReadOnlyList<string> within)
    {
        if (!Definitions.TryGetValue(name, out var definition))
        {
            return Predicates.Find(name, Lexicon.Keys.ToHashSet()) is { } predicate
                ? new Condition.Of(predicate)
                : throw Bad($"{where} uses '{name}', which is no predicate, definition or lexicon group");
        }

        Require(!within.Contains(name), $"{where} uses the definition '{name}', which contains itself");
        return ConditionOf(definition, where, [.. within, name]);
    }

    private static void Require(bool condition, string otherwise)
    {
        if (!condition)
        {
            throw Bad(otherwise);
        }
    }

    private static InvalidDataException Bad(string why) => new($"The triage rules cannot be used: {why}.");
}

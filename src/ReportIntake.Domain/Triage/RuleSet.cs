namespace ReportIntake.Domain.Triage;

/// <summary>One rule as people read it. <paramref name="Description"/>: why this tier, by language (<c>id</c>, <c>en</c>).</summary>
public sealed record TriageRule(string Id, Tier Tier, IReadOnlyDictionary<string, string> Description);

/// <summary>
/// A version of the triage rules with its thresholds and lexicon: data, so that operators may replace it without a new
/// program (<c>Triage/rules.json</c> is the one that comes with it). Immutable; safe for use by several threads.
/// </summary>
/// <remarks>
/// Deterministic: the same facts and version give the same answer. Monotone by construction, see <see cref="Condition"/>:
/// neither an added danger, nor a missing fact, nor a further report of the same indicator lowers the tier.
/// </remarks>
public sealed class RuleSet
{
    private readonly IReadOnlyList<(TriageRule Rule, Condition When)> rules;
    private readonly Thresholds thresholds;
    private readonly Lexicon lexicon;

    internal RuleSet(string version, Thresholds thresholds, Lexicon lexicon, IReadOnlyList<(TriageRule Rule, Condition When)> rules)
    {
        (Version, this.thresholds, this.lexicon, this.rules) = (version, thresholds, lexicon, rules);
        Rules = [.. rules.Select(r => r.Rule)];
    }

    /// <summary>Such as <c>2026-11-1</c>: year, month, number in the month.</summary>
    public string Version { get; }

    public IReadOnlyList<TriageRule> Rules { get; }

    /// <summary>Independent reports of one thing from which on they weigh by their number.</summary>
    public int IndependentReports => thresholds.IndependentReports;

    /// <summary>The rules that come with the program.</summary>
    public static RuleSet Embedded()
    {
        using var file = typeof(RuleSet).Assembly.GetManifestResourceStream("ReportIntake.Domain.Triage.rules.json")!;
        return Load(file);
    }

    /// <summary>Rules from a file of the same shape as <c>Triage/rules.json</c>.</summary>
    /// <exception cref="InvalidDataException">The file is not such a file; the one message says where and why.</exception>
    public static RuleSet Load(Stream file) => RuleSetFile.Read(file).Build();

    /// <summary>Why a rule gives its tier, in a language or else in English; null where this version has no such rule.</summary>
    public string? Explain(string ruleId, string language) =>
        Rules.FirstOrDefault(r => r.Id == ruleId) is { } rule
            ? rule.Description.GetValueOrDefault(language) ?? rule.Description["en"]
            : null;

    /// <summary>Evaluates every rule; the most pressing tier of those that fire wins, <see cref="Tier.NonUrgent"/> where none does.</summary>
    public Assessment Evaluate(TriageFacts facts)
    {
        ArgumentNullException.ThrowIfNull(facts);
        var evaluation = new Evaluation(facts, thresholds, lexicon.Find(facts.Texts));
        var hits = new List<RuleHit>();
        foreach (var (rule, when) in rules)
        {
            var used = new SortedDictionary<string, string>(StringComparer.Ordinal);
            if (when.Holds(evaluation, used))
            {
                hits.Add(new RuleHit(rule.Id, rule.Tier, used));
            }
        }

        return new Assessment(hits.Count == 0 ? Tier.NonUrgent : hits.Min(h => h.Tier), Version, hits, facts.EvaluatedAt);
    }
}

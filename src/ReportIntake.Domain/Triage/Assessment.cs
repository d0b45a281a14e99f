namespace ReportIntake.Domain.Triage;

/// <summary>One rule that fired, with the facts that made it fire. Facts never quote a citizen's free text, only lexicon terms.</summary>
public sealed record RuleHit(string RuleId, Tier Tier, IReadOnlyDictionary<string, string> FactsUsed);

/// <summary>What the rules say of a report's facts. Deterministic: same facts and same rule-set version, same answer.</summary>
public sealed record Assessment(Tier Tier, string RuleSetVersion, IReadOnlyList<RuleHit> Hits, DateTimeOffset EvaluatedAt)
{
    /// <summary>The number of independent reports was among what made a rule fire.</summary>
    public bool CountsReports() => Hits.Any(h => h.FactsUsed.ContainsKey(Predicates.RepeatedIndicator));
}

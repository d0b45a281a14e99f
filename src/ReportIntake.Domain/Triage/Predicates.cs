using System.Globalization;
using ReportIntake.Domain.Reports;

namespace ReportIntake.Domain.Triage;

/// <summary>Numbers that the predicates compare with; part of the rule set's data.</summary>
/// <param name="ExpectedWithinHours">How far ahead a meeting counts as soon (rule I2: 72).</param>
/// <param name="ExpectedGraceHours">How long after its time a meeting still counts: it may be going on, or the clock of the phone was wrong.</param>
/// <param name="IndependentReports">From how many reports on an indicator counts as repeated (rule U5: 3).</param>
/// <param name="SeveralVictims">From how many victims on they are several (rule U5: 2).</param>
/// <param name="MinorAgeTo">Highest age of a minor, in years (law 35/2014 on child protection: under 18).</param>
internal sealed record Thresholds(int ExpectedWithinHours, int ExpectedGraceHours, int IndependentReports, int SeveralVictims, int MinorAgeTo);

/// <summary>What the predicates look at: the facts, the thresholds and the terms found in the texts.</summary>
internal sealed record Evaluation(TriageFacts Facts, Thresholds Thresholds, IReadOnlyDictionary<string, SortedSet<string>> Terms);

/// <summary>A fact that made a predicate hold, as the assessment names it.</summary>
internal readonly record struct FactUsed(string Name, string Value);

/// <summary>Tells whether it holds, by the fact it used; null where it does not hold.</summary>
internal delegate FactUsed? Predicate(Evaluation evaluation);

/// <summary>
/// The vocabulary of the rules. Each predicate is closed upwards: it holds of "not known" wherever it holds of the
/// fact's harmless value, and once it holds, a more dangerous value keeps it. So "known adult" is not among them, and
/// neither is "no danger".
/// </summary>
internal static class Predicates
{
    internal const string RepeatedIndicator = "independentReportsOfIndicator";

    private static readonly Dictionary<string, Predicate> Named = new()
    {
        ["child_safety_category"] = e => e.Facts.ChildSafety ? new FactUsed("childSafety", "true") : null,
        ["minor_known"] = e => e.Facts.AgeBand is AgeBand.Under13 or AgeBand.From13To17 ? Age(e) : null,
        ["minor_possible"] = e => e.Facts.AgeBand is not AgeBand.Adult ? Age(e) : null,
        ["danger_now"] = e => e.Facts.DangerNow is Danger.Yes ? new FactUsed("dangerNow", e.Facts.DangerNow.Name()) : null,
        ["victim_is_reporter"] = e => e.Facts.VictimIsReporter ? new FactUsed("victimIsReporter", "true") : null,
        ["ongoing"] = Ongoing,
        ["expected_soon"] = ExpectedSoon,
        ["hash_match"] = e => e.Facts.HashListMatches.Count > 0 ? Joined("hashListMatches", e.Facts.HashListMatches) : null,
        ["several_victims"] = e => e.Facts.VictimCount >= e.Thresholds.SeveralVictims ? Number("victimCount", e.Facts.VictimCount.Value) : null,
        ["repeated_indicator"] = e => e.Facts.IndependentReportsOfIndicator >= e.Thresholds.IndependentReports
            ? Number(RepeatedIndicator, e.Facts.IndependentReportsOfIndicator)
            : null,
    };

    private static readonly Dictionary<string, Func<string[], Predicate>> WithArgument = new()
    {
        ["category"] = codes => e => codes.Contains(e.Facts.Category) ? new FactUsed("category", e.Facts.Category) : null,
        ["stage"] = codes => e => e.Facts.Stage is { } stage && codes.Contains(stage) ? new FactUsed("stage", stage) : null,
        ["indicator"] = kinds => e => e.Facts.IndicatorKinds.Intersect(kinds).ToList() is { Count: > 0 } found ? Joined("indicatorKinds", found) : null,
        ["text"] = groups => e =>
            groups.FirstOrDefault(e.Terms.ContainsKey) is { } group ? Joined($"text.{group}", e.Terms[group]) : null,
    };

    /// <summary>
    /// <c>danger_now</c>, or <c>text:missing</c>, <c>category:trafficking|kidnapping</c> with what follows the colon as
    /// alternatives. Null when there is no such predicate.
    /// </summary>
    public static Predicate? Find(string expression, IReadOnlySet<string> lexiconGroups)
    {
        if (expression.Split(':') is not [var name, var argument])
        {
            return Named.GetValueOrDefault(expression);
        }

        var alternatives = argument.Split('|');
        return WithArgument.TryGetValue(name, out var create)
            && alternatives.All(a => a.Length > 0 && (name != "text" || lexiconGroups.Contains(a)))
            ? create(alternatives)
            : null;
    }

    private static FactUsed Age(Evaluation e) => new("ageBand", e.Facts.AgeBand.Name());

    private static FactUsed? Ongoing(Evaluation e) =>
        e.Facts.Ongoing ? new FactUsed("ongoing", "true")
        : e.Facts.OccurredFrom <= e.Facts.EvaluatedAt && e.Facts.OccurredTo >= e.Facts.EvaluatedAt ? Time("occurredTo", e.Facts.OccurredTo.Value)
        : null;

    private static FactUsed? ExpectedSoon(Evaluation e)
    {
        var now = e.Facts.EvaluatedAt;
        var latest = now.AddHours(e.Thresholds.ExpectedWithinHours);
        return e.Facts.ExpectedAt is { } expected && expected >= now.AddHours(-e.Thresholds.ExpectedGraceHours) && expected <= latest
                ? Time("expectedAt", expected)
            // A beginning that lies ahead is an announcement, whichever field it was typed into.
            : e.Facts.OccurredFrom is { } from && from > now && from <= latest ? Time("occurredFrom", from)
            : null;
    }

    private static FactUsed Time(string name, DateTimeOffset time) =>
        new(name, time.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture));

    private static FactUsed Number(string name, int number) => new(name, number.ToString(CultureInfo.InvariantCulture));

    private static FactUsed Joined(string name, IEnumerable<string> values) => new(name, string.Join(", ", values.Order(StringComparer.Ordinal)));
}

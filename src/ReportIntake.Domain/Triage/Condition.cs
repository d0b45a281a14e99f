namespace ReportIntake.Domain.Triage;

/// <summary>
/// A positive expression over <see cref="Predicates"/>. There is no negation, on purpose: with predicates that are closed
/// upwards, every expression is too, so no rule set that loads can let an added danger or a missing fact lower a tier.
/// </summary>
internal abstract record Condition
{
    /// <summary>Whether it holds; if so, the facts that made it hold are added to <paramref name="used"/>, all of them and not just the first.</summary>
    public abstract bool Holds(Evaluation evaluation, IDictionary<string, string> used);

    public sealed record Of(Predicate Predicate) : Condition
    {
        public override bool Holds(Evaluation evaluation, IDictionary<string, string> used)
        {
            if (Predicate(evaluation) is not { } fact)
            {
                return false;
            }

            used[fact.Name] = fact.Value;
            return true;
        }
    }

    public sealed record AllOf(IReadOnlyList<Condition> Parts) : Condition
    {
        public override bool Holds(Evaluation evaluation, IDictionary<string, string> used)
        {
            var ofParts = new Dictionary<string, string>();
            if (!Parts.All(part => part.Holds(evaluation, ofParts)))
            {
                return false;
            }

            foreach (var (name, value) in ofParts)
            {
                used[name] = value;
            }

            return true;
        }
    }

    public sealed record AnyOf(IReadOnlyList<Condition> Parts) : Condition
    {
        public override bool Holds(Evaluation evaluation, IDictionary<string, string> used)
        {
            // No stop at the first that holds: a moderator is told every reason.
            var holds = false;
            foreach (var part in Parts)
            {
                holds |= part.Holds(evaluation, used);
            }

            return holds;
        }
    }
}

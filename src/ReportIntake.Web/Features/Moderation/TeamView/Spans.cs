using ReportIntake.Domain.Triage;

namespace ReportIntake.Web.Features.Moderation.TeamView;

/// <summary>How long something took for the reports of one tier.</summary>
/// <param name="Late">Of <paramref name="Count"/>, after the report's time was up.</param>
/// <param name="MedianSeconds">Half of them took no longer; null where there are none.</param>
/// <param name="NinetiethSeconds">Nine of ten took no longer; null where there are none.</param>
/// <param name="Buckets">The same reports by how long they took, always all of <see cref="Bounds"/> and one without an end.</param>
public sealed record Spans(Tier Tier, int Count, int Late, long? MedianSeconds, long? NinetiethSeconds, IReadOnlyList<Spans.Bucket> Buckets)
{
    /// <summary>Up to a minute, 5, 15, 30; an hour, 2, 4, 8, 24; 2 days, 3, 7. In seconds.</summary>
    public static readonly IReadOnlyList<long> Bounds = [60, 300, 900, 1800, 3600, 7200, 14400, 28800, 86400, 172800, 259200, 604800];

    /// <param name="UpToSeconds">Included; null for what took longer than all bounds.</param>
    /// <param name="Late">Of <paramref name="Count"/>.</param>
    public sealed record Bucket(long? UpToSeconds, int Count, int Late);

    public static Spans Of(Tier tier, IEnumerable<(TimeSpan Took, bool Late)> all)
    {
        var sorted = all.OrderBy(s => s.Took).ToList();
        var buckets = sorted.GroupBy(s => Place(s.Took)).ToDictionary(g => g.Key, g => (Count: g.Count(), Late: g.Count(s => s.Late)));
        return new Spans(tier, sorted.Count, sorted.Count(s => s.Late), AtRank(sorted, 0.5), AtRank(sorted, 0.9),
            [.. Enumerable.Range(0, Bounds.Count + 1).Select(i => (i, Of: buckets.GetValueOrDefault(i)))
                .Select(b => new Bucket(b.i < Bounds.Count ? Bounds[b.i] : null, b.Of.Count, b.Of.Late))]);
    }

    /// <summary>Which bucket a span is in, counted from 0.</summary>
    public static int Place(TimeSpan took) => Bounds.TakeWhile(bound => took.TotalSeconds > bound).Count();

    /// <summary>Nearest rank: a value that was really measured.</summary>
    private static long? AtRank(List<(TimeSpan Took, bool Late)> sorted, double share) =>
        sorted.Count == 0 ? null : (long)sorted[Math.Max(0, (int)Math.Ceiling(share * sorted.Count) - 1)].Took.TotalSeconds;
}

using System.Globalization;

namespace ReportIntake.Web.Features.Moderation.TeamView.Charts;

/// <summary>For each tier how its reports spread over the buckets of <see cref="Spans.Bounds"/>, what was late striped, and where the middle is.</summary>
internal static class SpanChart
{
    private const int Row = 104;
    private const int Tallest = 48;
    private const double Column = Drawing.Width / 13.0;

    /// <summary>The bounds that are written below: the others would touch them.</summary>
    private static readonly HashSet<long> Written = [300, 1800, 7200, 28800, 86400, 259200];

    public static Drawing Draw(string id, string title, IReadOnlyList<Spans> tiers, TeamWords words)
    {
        var sentences = tiers.Select(t => t.Count == 0
            ? words["span.sentence_none", words.Tier(t.Tier)]
            : words["span.sentence", words.Tier(t.Tier), t.Count, words.Span(t.MedianSeconds), words.Span(t.NinetiethSeconds), t.Late]);
        var chart = new Drawing(id, (tiers.Count * Row) + 72, title, string.Join(' ', sentences));
        for (var i = 0; i < tiers.Count; i++)
        {
            DrawTier(chart, tiers[i], i * Row, words);
        }

        var axis = tiers.Count * Row;
        foreach (var (bound, place) in Spans.Bounds.Select((b, at) => (b, at)).Where(b => Written.Contains(b.b)))
        {
            chart.Text((place + 1) * Column, axis + 16, words.Span(bound), "middle", "axis");
        }

        chart.Key(axis + 44, [(TierColours.Neutral, Drawing.Fill.Solid, words["span.in_time"]), (TierColours.Neutral, Drawing.Fill.Striped, words["span.late"])]);
        return chart;
    }

    private static void DrawTier(Drawing chart, Spans tier, int top, TeamWords words)
    {
        var (floor, colour, most) = (top + Row - 16, TierColours.Of(tier.Tier), Math.Max(1, tier.Buckets.Max(b => b.Count)));
        chart.Text(0, top + 16, words.Tier(tier.Tier));
        chart.Text(Drawing.Width, top + 16, tier.Count == 0 ? words["none"] : words["span.middle", words.Span(tier.MedianSeconds)], "end", tier.Count == 0 ? "axis" : "number");
        foreach (var bound in Written)
        {
            var x = (Spans.Place(TimeSpan.FromSeconds(bound)) + 1) * Column;
            chart.Line(x, floor - Tallest, x, floor + 5, "grid");
        }

        for (var place = 0; place < tier.Buckets.Count; place++)
        {
            var (bucket, x) = (tier.Buckets[place], (place * Column) + 2);
            var height = bucket.Count * (double)Tallest / most;
            var late = bucket.Late * (double)Tallest / most;
            chart.Bar(x, floor - height, Column - 4, height - late, colour);
            chart.Bar(x, floor - late, Column - 4, late, colour, Drawing.Fill.Striped);
            if (bucket.Count > 0)
            {
                chart.Text(x + (Column / 2) - 2, floor - height - 4, bucket.Count.ToString("N0", CultureInfo.CurrentCulture), "middle", "small");
            }
        }

        chart.Line(0, floor, Drawing.Width, floor, "base");
    }
}

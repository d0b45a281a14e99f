using System.Globalization;

namespace ReportIntake.Web.Features.Moderation.TeamView.Charts;

/// <summary>A bar for each tier, in three parts: in time, overdue, waiting for the reporter.</summary>
internal static class DepthChart
{
    private const int Row = 58;
    private const int Thickness = 26;

    public static Drawing Draw(IReadOnlyList<TeamReader.OpenOfTier> open, TeamWords words)
    {
        var largest = Math.Max(1, open.Max(o => o.All));
        var sentences = open.Select(o => words["depth.sentence", words.Tier(o.Tier), o.All, o.Overdue, o.WaitingForReporter]);
        var chart = new Drawing("depth", (open.Count * Row) + 44, words["depth.title"], string.Join(' ', sentences));
        for (var i = 0; i < open.Count; i++)
        {
            var (tier, top) = (open[i], i * Row);
            var (colour, x) = (TierColours.Of(tier.Tier), 1.0);
            chart.Text(0, top + 16, words.Tier(tier.Tier));
            chart.Text(Drawing.Width, top + 16, tier.All.ToString("N0", CultureInfo.CurrentCulture), "end", "number");
            chart.Line(0, top + 24 + Thickness, Drawing.Width, top + 24 + Thickness, "base");
            foreach (var (count, fill) in new[] { (tier.InTime, Drawing.Fill.Solid), (tier.Overdue, Drawing.Fill.Striped), (tier.WaitingForReporter, Drawing.Fill.Dotted) })
            {
                var width = count * (Drawing.Width - 2.0) / largest;
                chart.Bar(x, top + 24, width, Thickness, colour, fill);
                x += width;
            }
        }

        chart.Key((open.Count * Row) + 18,
        [
            (TierColours.Neutral, Drawing.Fill.Solid, words["depth.in_time"]),
            (TierColours.Neutral, Drawing.Fill.Striped, words["overdue"]),
            (TierColours.Neutral, Drawing.Fill.Dotted, words["depth.asked"]),
        ]);
        return chart;
    }
}

using System.Globalization;
using ReportIntake.Domain.Calendar;

namespace ReportIntake.Web.Features.Moderation.TeamView.Charts;

/// <summary>A line of what each shift handed over, and below it what came in (up) and went out (down) in its time.</summary>
internal static class HandOverChart
{
    private const int Left = 34;
    private const int LineTop = 26;
    private const int LineFoot = 120;
    private const int Middle = 224;
    private const int Reach = 60;
    private const int MostDays = 7;

    public static Drawing Draw(IReadOnlyList<ShiftSummary> shifts, TeamWords words)
    {
        var last = shifts[^1];
        var chart = new Drawing("handover", 350, words["handover.title"], words["handover.sentence",
            shifts.Count, shifts[0].TakenOver, shifts.Sum(s => s.CameIn), shifts.Sum(s => s.WentOut), last.HandedOver, shifts.Max(s => s.HandedOver)]);
        var column = (Drawing.Width - (double)Left) / shifts.Count;
        DrawDays(chart, shifts, column);
        DrawLine(chart, shifts, column, words);
        DrawFlow(chart, shifts, column);
        chart.Text(0, 12, words["handover.line"], kind: "axis");
        chart.Text(0, Middle - Reach - 14, words["handover.flow"], kind: "axis");
        chart.Key(Middle + Reach + 44, [(TierColours.Of(Domain.Triage.Tier.NonUrgent), Drawing.Fill.Solid, words["handover.in"]), (TierColours.Neutral, Drawing.Fill.Striped, words["handover.out"])]);
        return chart;
    }

    /// <summary>A line where each day begins, with its date as long as the dates have room.</summary>
    private static void DrawDays(Drawing chart, IReadOnlyList<ShiftSummary> shifts, double column)
    {
        var days = shifts.Select((s, i) => (Day: Day(s.Start), i)).DistinctBy(d => d.Day).ToList();
        var every = (days.Count + MostDays - 1) / MostDays;
        foreach (var ((day, i), number) in days.Select((d, n) => (d, n)))
        {
            var x = Left + (i * column);
            chart.Line(x, LineTop, x, Middle + Reach + 4, "grid");
            if (number % every == 0 && (Drawing.Width - x > 30 || days.Count == 1))
            {
                chart.Text(x + 2, Middle + Reach + 18, day.ToString("d MMM", CultureInfo.CurrentCulture), kind: "small");
            }
        }
    }

    private static void DrawLine(Drawing chart, IReadOnlyList<ShiftSummary> shifts, double column, TeamWords words)
    {
        var most = Math.Max(1, Math.Max(shifts[0].TakenOver, shifts.Max(s => s.HandedOver)));
        double Y(int count) => LineFoot - (count * (double)(LineFoot - LineTop) / most);
        chart.Line(Left, LineFoot, Drawing.Width, LineFoot, "base");
        chart.Text(Left - 6, LineTop + 5, words.Count(most), "end", "small");
        chart.Text(Left - 6, LineFoot + 4, "0", "end", "small");
        chart.Steps([(Left, Y(shifts[0].TakenOver)), .. shifts.Select((s, i) => (Left + ((i + 1) * column), Y(s.HandedOver)))], "line");
        chart.Dot(Drawing.Width - 3.5, Y(shifts[^1].HandedOver), "dot");
    }

    private static void DrawFlow(Drawing chart, IReadOnlyList<ShiftSummary> shifts, double column)
    {
        var most = Math.Max(1, shifts.Max(s => Math.Max(s.CameIn, s.WentOut)));
        var gap = column > 6 ? 1.5 : 0.3;
        foreach (var (shift, i) in shifts.Select((s, i) => (s, i)))
        {
            var (x, width) = (Left + (i * column) + gap, column - (2 * gap));
            var (came, went) = (shift.CameIn * (double)Reach / most, shift.WentOut * (double)Reach / most);
            chart.Bar(x, Middle - came, width, came, TierColours.Of(Domain.Triage.Tier.NonUrgent));
            chart.Bar(x, Middle, width, went, TierColours.Neutral, Drawing.Fill.Striped);
        }

        chart.Line(Left, Middle, Drawing.Width, Middle, "base");
        chart.Text(Left - 6, Middle - Reach + 5, most.ToString("N0", CultureInfo.CurrentCulture), "end", "small");
        chart.Text(Left - 6, Middle + Reach + 4, most.ToString("N0", CultureInfo.CurrentCulture), "end", "small");
    }

    private static DateOnly Day(DateTimeOffset at) => DateOnly.FromDateTime(at.ToOffset(WorkingCalendar.Wib).DateTime);
}

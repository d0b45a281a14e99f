using ReportIntake.Web.Features.Statistics;

namespace ReportIntake.Web.Tests.Statistics;

public sealed class SmallCellsTests
{
    [Fact]
    public void Suppress_NothingSmall_ShowsAll() =>
        Assert.Equal([5, 60, 7], Counts(true, 5, 60, 7));

    [Fact]
    public void Suppress_OneSmall_HidesTheNextToo() =>
        Assert.Equal([null, 60, null], Counts(true, 3, 60, 7));

    [Fact]
    public void Suppress_OneSmallInOverlappingCounts_HidesItAlone() =>
        Assert.Equal([null, 60, 7], Counts(false, 3, 60, 7));

    [Fact]
    public void Suppress_OnlyNones_HidesNothingBesideThem() =>
        Assert.Equal([null, null, 60, 7], Counts(true, 0, 0, 60, 7));

    [Fact]
    public void Suppress_EveryTableOfSmallNumbers_LeavesTwoWaysToReadEachHiddenCount()
    {
        foreach (var table in from a in Enumerable.Range(0, 8) from b in Enumerable.Range(0, 8) from c in Enumerable.Range(0, 8) from d in new[] { 0, 3, 5, 9 } select new[] { a, b, c, d })
        {
            if (table.All(c => c == SmallCells.Threshold - 1))
            {
                continue; // the one case that the class says remains
            }

            var shown = Counts(true, table);
            var hidden = Enumerable.Range(0, 4).Where(i => shown[i] is null).ToList();
            Assert.All(Enumerable.Range(0, 4).Where(i => table[i] < SmallCells.Threshold), i => Assert.Null(shown[i]));
            var total = hidden.Sum(i => table[i]);

            // All tables that would have been shown just like this one: no positive small count is the same in all of them.
            var readings = Fill(hidden.Count, total).Where(values => Same(shown, hidden, values)).ToList();
            Assert.All(
                Enumerable.Range(0, hidden.Count).Where(i => table[hidden[i]] is > 0 and < SmallCells.Threshold),
                i => Assert.True(readings.Select(r => r[i]).Distinct().Count() > 1, $"{string.Join(',', table)} gives {i} away"));
        }
    }

    private static bool Same(int?[] shown, List<int> hidden, int[] values)
    {
        var table = shown.Select(s => s ?? 0).ToArray();
        foreach (var (place, value) in hidden.Zip(values))
        {
            table[place] = value;
        }

        return Counts(true, table).SequenceEqual(shown);
    }

    private static IEnumerable<int[]> Fill(int places, int total) =>
        places == 0 ? [[]]
        : places == 1 ? [[total]]
        : Enumerable.Range(0, total + 1).SelectMany(first => Fill(places - 1, total - first).Select(rest => (int[])[first, .. rest]));

    private static int?[] Counts(bool sumIsPublished, params int[] counts) =>
        [.. SmallCells.Suppress(counts.Select((c, i) => ($"{i}", c)), sumIsPublished).Select(c => c.Count)];
}

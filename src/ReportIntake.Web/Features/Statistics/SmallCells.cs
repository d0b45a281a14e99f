namespace ReportIntake.Web.Features.Statistics;

/// <summary>One line of a table. <paramref name="Count"/> is null where it is kept back.</summary>
public sealed record Cell(string Code, int? Count);

/// <summary>
/// Keeps small counts back, so that nobody can be recognised in them: every count below <see cref="Threshold"/>, none included,
/// and, where the total would give one away, a larger count beside them (complementary suppression).
/// </summary>
/// <remarks>
/// The larger one is chosen by its place and not by its size, so the choice itself tells nothing. Then every hidden count above
/// none could also be one less, and the larger one, or another hidden one, one more: the table shown would be the same. What
/// remains is a table in which each count is hidden and each is the largest hidden value there is.
/// </remarks>
public static class SmallCells
{
    public const int Threshold = 5;

    /// <param name="sumIsPublished">The counts add up to a number that is published too; false for overlapping counts.</param>
    public static IReadOnlyList<Cell> Suppress(IEnumerable<(string Code, int Count)> counts, bool sumIsPublished)
    {
        var cells = counts.ToList();
        var small = cells.Count(c => c.Count < Threshold);
        var onlyNones = small > 1 && cells.Sum(c => c.Count < Threshold ? c.Count : 0) == 0; // the total tells that, and it harms nobody
        var beside = sumIsPublished && small > 0 && !onlyNones ? cells.FindLastIndex(c => c.Count >= Threshold) : -1;
        return [.. cells.Select((c, place) => new Cell(c.Code, c.Count < Threshold || place == beside ? null : c.Count))];
    }
}

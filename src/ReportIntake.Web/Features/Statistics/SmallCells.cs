namespace ReportIntake.Web.Features.Statistics;

/// <summary>One line of a table. <paramref name="Count"/> is null where it is kept back.</summary>
public sealed record Cell(string Code, int? Count);

/// <summary>
/// Keeps small counts back, so that nobody can be recognised in them: every count below <see cref="Threshold"/>, none included,
/// and as many others as it takes that they cannot be worked out from the total (complementary suppression).
/// </summary>
public static class SmallCells
{
    public const int Threshold = 5;

    /// <param name="sumIsPublished">The counts add up to a number that is published too; false for overlapping counts.</param>
    public static IReadOnlyList<Cell> Suppress(IEnumerable<(string Code, int Count)> counts, bool sumIsPublished)
    {
        var cells = counts.ToList();
        var hidden = cells.Where(c => c.Count < Threshold).Select(c => c.Code).ToHashSet(StringComparer.Ordinal);
        if (sumIsPublished)
        {
            // One hidden count is the total less the others; and if all hidden ones have the largest hidden value there is, each is known.
            while (hidden.Count < cells.Count && (hidden.Count == 1 || (hidden.Count > 0 && HiddenSum() == hidden.Count * (Threshold - 1))))
            {
                hidden.Add(cells.Where(c => !hidden.Contains(c.Code)).MinBy(c => c.Count).Code);
            }
        }

        return [.. cells.Select(c => new Cell(c.Code, hidden.Contains(c.Code) ? null : c.Count))];

        int HiddenSum() => cells.Where(c => hidden.Contains(c.Code)).Sum(c => c.Count);
    }
}

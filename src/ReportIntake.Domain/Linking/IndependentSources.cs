namespace ReportIntake.Domain.Linking;

/// <summary>What tells one report's source from another's, without knowing who anybody is.</summary>
/// <param name="Text">Of the description; null where there is none.</param>
/// <param name="Files">Hashes of its files, in hex.</param>
public sealed record ReportSource(TextShingles? Text, IReadOnlyCollection<string> Files)
{
    /// <summary>
    /// One source, though it was sent twice: near-same words, which are copied and not witnessed; or the very same file
    /// where one has no words of its own, or too few to tell and the same. The same file under different words is two
    /// sources: an advertisement is seen, and photographed, by many. Nor does the same account make them one: it is what
    /// they report. Contact details are not asked; they are sealed, and anonymous reports weigh no less.
    /// </summary>
    public bool IsSameAs(ReportSource other)
    {
        var likeness = Text is null || other.Text is null ? (double?)null : Text.LikenessTo(other.Text);
        return likeness >= TextShingles.NearSame && Text!.IsTelling && other.Text!.IsTelling
            || (likeness is null or >= TextShingles.NearSame && Files.Intersect(other.Files).Any());
    }
}

public static class IndependentSources
{
    /// <summary>
    /// Reports, in the order they were filed, less those that are the same source as one counted before. A further report
    /// therefore never lowers the number, as joining whole chains of copies would.
    /// </summary>
    public static int Count(IReadOnlyList<ReportSource> reports)
    {
        var first = new List<ReportSource>();
        foreach (var report in reports)
        {
            if (!first.Exists(report.IsSameAs))
            {
                first.Add(report);
            }
        }

        return first.Count;
    }
}

namespace ReportIntake.Web.Linking;

/// <summary>A report's place among the texts: the larger, the later it was indexed.</summary>
public sealed class ReportText
{
    public long Id { get; private set; }

    public required Guid ReportId { get; init; }

    /// <summary>Its <see cref="ReportCluster"/> when it, or one that is linked with it, was last linked: to ask anew takes a dozen queries.</summary>
    public int ClusterReports { get; private set; } = 1;

    public int ClusterSources { get; private set; } = 1;

    public bool ClusterIsWhole { get; private set; } = true;
}

/// <summary>
/// One word of a report's texts, or one band of its description's signature, as the first 64 bits of a keyed hash.
/// </summary>
/// <remarks>
/// What it tells without the key: how many reports have a word in common, and how often each stands in the whole; which
/// descriptions are near-same. The most frequent hash is likely the most frequent word that is no stop word, so common
/// words can be guessed by their frequency; a name, a number or a sentence cannot be tried, because that takes the key.
/// The order of the words, and how often one stands in a report, is not kept. The same is true of the beginnings of
/// indicators (<see cref="Persistence.Configurations.IndicatorConfiguration"/>): which begin alike is seen, how is not.
/// </remarks>
public sealed class TextTerm
{
    public required long Term { get; init; }

    /// <summary><see cref="ReportText.Id"/>.</summary>
    public required long TextId { get; init; }
}

/// <summary>Two reports whose descriptions are near-same.</summary>
public sealed class RelatedText
{
    public required Guid ReportId { get; init; }

    /// <summary>The one that was indexed before.</summary>
    public required Guid EarlierReportId { get; init; }

    /// <summary>Runs of words that they share, in percent of all: 70 to 100.</summary>
    public required int Likeness { get; init; }

    public required DateTimeOffset At { get; init; }
}

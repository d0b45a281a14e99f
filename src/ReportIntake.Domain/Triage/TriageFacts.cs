using ReportIntake.Domain.Reports;

namespace ReportIntake.Domain.Triage;

/// <summary>
/// All that triage may know of a report. Whether the reporter is anonymous is not among it, and neither is a tier that
/// somebody asks for. A default value means "not known" and never counts as good news.
/// </summary>
public sealed record TriageFacts
{
    /// <summary>Catalogue code, such as <c>online_enticement</c>.</summary>
    public required string Category { get; init; }

    /// <summary>The catalogue's flag of the category.</summary>
    public bool ChildSafety { get; init; }

    public AgeBand AgeBand { get; init; }

    public Danger DangerNow { get; init; }

    public bool VictimIsReporter { get; init; }

    /// <summary>Catalogue code of the stage observed, such as <c>advertising</c>.</summary>
    public string? Stage { get; init; }

    public DateTimeOffset? OccurredFrom { get; init; }

    public DateTimeOffset? OccurredTo { get; init; }

    public bool Ongoing { get; init; }

    /// <summary>When a meeting or transaction is expected.</summary>
    public DateTimeOffset? ExpectedAt { get; init; }

    /// <summary>Description, subjects' notes, the reporter's later messages: searched for lexicon terms, never quoted.</summary>
    public IReadOnlyList<string> Texts { get; init; } = [];

    /// <summary>Kinds of indicators that the report has, spelt as <see cref="EnumNames"/> does: <c>platform_handle</c>, <c>url</c>, <c>phone</c> …</summary>
    public IReadOnlyList<string> IndicatorKinds { get; init; } = [];

    /// <summary>Victims counted by a person; null where nobody has.</summary>
    public int? VictimCount { get; init; }

    /// <summary>Independent sources, this one included, of the reports that name the same account, show the same file, or are linked with one that does (<see cref="Linking.IndependentSources"/>).</summary>
    public int IndependentReportsOfIndicator { get; init; }

    /// <summary>Meanings of the hash lists that files of the report are on. Only lists of illegal files belong here.</summary>
    public IReadOnlyList<string> HashListMatches { get; init; } = [];

    /// <summary>Now, for all that depends on the time.</summary>
    public required DateTimeOffset EvaluatedAt { get; init; }
}

namespace ReportIntake.Domain.Reports;

/// <summary>What the citizen tells. Codes (category, stage, platform, area) are of the catalogue and were checked against it.</summary>
public sealed record ReportFacts
{
    public required string Category { get; init; }

    /// <summary>The catalogue's word on the category: rejecting such a report takes two people.</summary>
    public required bool ChildSafety { get; init; }

    public string? Description { get; init; }

    /// <summary>Language the reporter writes and is answered in: <c>id</c> or <c>en</c>.</summary>
    public string Language { get; init; } = "id";

    public string? Stage { get; init; }

    public Incident Incident { get; init; } = new();

    public Victim Victim { get; init; } = new();

    public IReadOnlyList<Subject> Subjects { get; init; } = [];
}

/// <summary>When and where. Times are UTC; <paramref name="AreaCode"/> is an official province or regency code such as <c>32.74</c>.</summary>
public sealed record Incident(
    DateTimeOffset? OccurredFrom = null,
    DateTimeOffset? OccurredTo = null,
    bool Ongoing = false,
    DateTimeOffset? ExpectedAt = null,
    string? AreaCode = null,
    string? Place = null)
{
    public const int PlaceMaxLength = 500;
}

using System.Text.Json;
using System.Text.Json.Serialization;
using ReportIntake.Domain.Triage;

namespace ReportIntake.Domain.Reports;

/// <summary>
/// A decision that may still be undone: neither police nor reporter know of it yet. Kept as sealed JSON, because it
/// repeats what people wrote.
/// </summary>
/// <param name="Decided">What happened; the outside is told of it at release.</param>
/// <param name="Before">What undoing brings back.</param>
/// <param name="Messages">Messages to the reporter that came with it; the same for notes and votes.</param>
/// <param name="Tier">Of a retriage: the tier that the police see from the release on.</param>
/// <param name="TierReason">Its reason.</param>
public sealed record HeldDecision(
    ReportEvent Decided,
    StateBefore Before,
    IReadOnlyList<Guid> Messages,
    IReadOnlyList<Guid> Notes,
    IReadOnlyList<Guid> Votes,
    Tier? Tier,
    string? TierReason)
{
    /// <summary>Retriage leaves the state as it is, which the police may change meanwhile.</summary>
    public bool IsRetriage => Decided.Action is ReportAction.Retriaged or ReportAction.RetriageProposed;

    /// <summary>A first vote, of which the outside is never told: all that is held is the way back.</summary>
    public bool IsProposal => Decided.Action is ReportAction.RejectionProposed or ReportAction.RetriageProposed;

    private static readonly JsonSerializerOptions ByName = new() { Converters = { new JsonStringEnumConverter() } };

    public static string Write(HeldDecision held) => JsonSerializer.Serialize(held, ByName);

    public static HeldDecision Read(string json) => JsonSerializer.Deserialize<HeldDecision>(json, ByName)!;
}

/// <summary>What decisions change of a report, as it was before one.</summary>
/// <param name="OpenVotes">Votes that were open.</param>
public sealed record StateBefore(
    ReportState State,
    string Category,
    bool ChildSafety,
    Tier? Tier,
    string? TierReason,
    Disposition? Disposition,
    bool Returned,
    Guid? CanonicalReportId,
    bool AwaitingSecondReview,
    Guid? FirstVoterId,
    DateTimeOffset? DeadlineAt,
    DateTimeOffset UpdatedAt,
    IReadOnlyList<Guid> OpenVotes);

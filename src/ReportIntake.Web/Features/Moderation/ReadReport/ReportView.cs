using ReportIntake.Domain;
using ReportIntake.Domain.Evidence;
using ReportIntake.Domain.Reports;
using ReportIntake.Domain.Triage;

namespace ReportIntake.Web.Features.Moderation.ReadReport;

/// <summary>
/// A report as moderators read it, by API and by page: everything but who the reporter is. While a first vote waits for
/// the second person, nothing here tells whose it is or what it says.
/// </summary>
public sealed record ReportView
{
    public required Guid Id { get; init; }

    public required string Reference { get; init; }

    public required int Version { get; init; }

    public required ReportState State { get; init; }

    public required string Category { get; init; }

    public required bool ChildSafety { get; init; }

    public required DateTimeOffset SubmittedAt { get; init; }

    public required DateTimeOffset UpdatedAt { get; init; }

    /// <summary>When it must be with the police.</summary>
    public required DateTimeOffset DueAt { get; init; }

    public required Guid? ClaimedBy { get; init; }

    public required DateTimeOffset? ClaimedUntil { get; init; }

    /// <summary>A first vote stands; a second person must decide.</summary>
    public required bool AwaitingSecondReview { get; init; }

    /// <summary>The police gave it back.</summary>
    public required bool Returned { get; init; }

    public required bool LegalHold { get; init; }

    public required Disposition? Disposition { get; init; }

    public required OutcomeCode? Outcome { get; init; }

    public required DateTimeOffset? DeadlineAt { get; init; }

    /// <summary>The language the reporter writes and is answered in.</summary>
    public required string Language { get; init; }

    public required string? Stage { get; init; }

    public required string? Description { get; init; }

    public required Incident Incident { get; init; }

    public required Victim Victim { get; init; }

    public required TriageView Triage { get; init; }

    public required IReadOnlyList<SubjectView> Subjects { get; init; }

    public required IReadOnlyList<IndicatorView> Indicators { get; init; }

    public required IReadOnlyList<EvidenceView> Evidence { get; init; }

    /// <summary>Hits on lists of known files.</summary>
    public IReadOnlyList<MatchView> Matches { get; init; } = [];

    public required IReadOnlyList<RelatedReport> Related { get; init; }

    /// <summary>Null where nothing is linked with it.</summary>
    public ClusterView? Cluster { get; init; }

    public required IReadOnlyList<MessageView> Messages { get; init; }

    public required IReadOnlyList<NoteView> Notes { get; init; }

    /// <summary>Settled votes only.</summary>
    public required IReadOnlyList<VoteView> Votes { get; init; }

    public required IReadOnlyList<FollowUpView> FollowUps { get; init; }

    /// <summary>Oldest first.</summary>
    public required IReadOnlyList<HistoryEntry> History { get; init; }
}

/// <summary>Why this tier. <paramref name="Reason"/>: what the person wrote who confirmed or changed it.</summary>
public sealed record TriageView(Tier ProvisionalTier, Tier? Tier, string? Reason, string RuleSetVersion, DateTimeOffset EvaluatedAt, IReadOnlyList<RuleView> Rules);

/// <summary>A rule that fired, in the reader's language, with the facts that made it fire.</summary>
public sealed record RuleView(string Id, Tier Tier, string Text, IReadOnlyDictionary<string, string> Facts);

public sealed record SubjectView(string? Platform, string? Handle, string? Url, string? Phone, string? Note);

/// <param name="Occurrences">Reports that name it, this one included.</param>
/// <param name="Elsewhere">The newest of the others, at most <see cref="RelatedReports.MaxShown"/>.</param>
public sealed record IndicatorView(IndicatorKind Kind, string Value, string Normalised, int Occurrences, IReadOnlyList<ReportLink> Elsewhere);

public sealed record ReportLink(Guid Id, string Reference, ReportState State);

public sealed record EvidenceView(
    Guid Id, string Name, string MediaType, long? Size, EvidenceState State, string? Sha256, string? QuarantineReason, bool HasThumbnail, bool HasContactSheet, string? WorkingCopyType);

/// <param name="EvidenceId">The file that is known.</param>
/// <param name="List">The list it is on.</param>
/// <param name="Meaning">What being on it means.</param>
/// <param name="Algorithm">By which hash.</param>
/// <param name="Distance">Bits by which it differs from the list's hash, 0 to 31; 0 for exact hashes.</param>
public sealed record MatchView(Guid EvidenceId, string List, string Meaning, string Algorithm, int Distance);

/// <param name="Because">One or more of <c>same_indicator</c>, <c>same_file</c>, <c>like_file</c>, <c>same_text</c>, <c>canonical</c>, <c>duplicate</c>.</param>
/// <param name="LikeFiles">Its files that show the same as files of this report, without being the very same.</param>
/// <param name="TextLikeness">Share of the two descriptions' runs of words that both have, in percent, where they are near-same: 70 to 100.</param>
public sealed record RelatedReport(
    Guid Id, string Reference, ReportState State, Tier Tier, string Category, DateTimeOffset SubmittedAt, IReadOnlyList<string> Because, IReadOnlyList<LikeFile> LikeFiles, int? TextLikeness = null);

/// <summary>All that is linked with a report, directly or by a report between: same account, same or like file, same words.</summary>
/// <param name="Reports">This one included; at most 100 are counted.</param>
/// <param name="IndependentSources">Those that are not told by copying words or passing one file on without words of one's own.</param>
/// <param name="IsWhole">False where there are more than were counted.</param>
public sealed record ClusterView(int Reports, int IndependentSources, bool IsWhole);

/// <param name="EvidenceId">A file of the report that is read.</param>
/// <param name="OtherEvidenceId">The other report's file.</param>
/// <param name="Distance">Bits between the two frames that are nearest, 0 to 31.</param>
public sealed record LikeFile(Guid EvidenceId, Guid OtherEvidenceId, int Distance);

public sealed record MessageView(MessageFrom From, string Text, DateTimeOffset At);

/// <param name="Id">The account or client; null for the reporter, for the system, and for staff while a first vote is open.</param>
public sealed record PersonView(ActorKind Kind, Guid? Id);

public sealed record NoteView(PersonView Author, string Text, DateTimeOffset At);

public sealed record VoteView(PersonView Voter, Disposition? Disposition, Tier? Tier, string? Note, DateTimeOffset At);

/// <param name="Desk">Of words for the reporter: whether they were passed on.</param>
public sealed record FollowUpView(FollowUpKind Kind, Guid ClientId, DateTimeOffset At, string? Text, string? Hazards, string? Impact, string? FurtherAction, OutcomeCode? Outcome, DeskState? Desk);

/// <param name="Action">What was done, in the ledger's words, such as <c>verified</c> or <c>working_copy_viewed</c>.</param>
/// <param name="EvidenceId">The file it was done with, where it was one.</param>
public sealed record HistoryEntry(string Action, PersonView Actor, DateTimeOffset At, Guid? EvidenceId);

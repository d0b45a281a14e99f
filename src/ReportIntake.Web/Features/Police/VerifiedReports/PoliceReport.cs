using ReportIntake.Domain;
using ReportIntake.Domain.Evidence;
using ReportIntake.Domain.Reports;
using ReportIntake.Domain.Triage;

namespace ReportIntake.Web.Features.Police.VerifiedReports;

/// <summary>A report as police systems read it. Names people only where the reporter named them.</summary>
/// <param name="Version">Counts every change; the <c>ETag</c>, and what <c>If-Match</c> of a follow-up names.</param>
/// <param name="LegalHoldUntil">When the hold ends by itself; null where there is none, or it lasts until it is released.</param>
/// <param name="VerifiedAt">When it was last verified.</param>
/// <param name="Tier">The tier that a person confirmed.</param>
/// <param name="Duplicates">References of reports that were found to be the same; their evidence is in this one's list.</param>
public sealed record PoliceReport(
    Guid Id,
    string Reference,
    int Version,
    ReportState State,
    Tier? Tier,
    string Category,
    DateTimeOffset SubmittedAt,
    DateTimeOffset UpdatedAt,
    DateTimeOffset? VerifiedAt,
    bool LegalHold,
    DateTimeOffset? LegalHoldUntil,
    OutcomeCode? Outcome,
    string? Description,
    string Language,
    string? Stage,
    Incident Incident,
    Victim Victim,
    IReadOnlyList<PoliceReport.SubjectEntry> Subjects,
    IReadOnlyList<PoliceReport.IndicatorEntry> Indicators,
    PoliceReport.TriageEntry Triage,
    IReadOnlyList<PoliceReport.EvidenceEntry> Evidence,
    IReadOnlyList<PoliceReport.MessageEntry> Messages,
    IReadOnlyList<PoliceReport.FollowUpEntry> FollowUps,
    IReadOnlyList<PoliceReport.HistoryEntry> History,
    IReadOnlyList<string> Duplicates)
{
    public static PoliceReport Of(
        Report report, IReadOnlyList<EvidenceEntry> evidence, IReadOnlyList<HistoryEntry> history, IReadOnlyList<string> duplicates) => new(
        report.Id,
        report.Reference,
        report.Version,
        report.State,
        report.Tier,
        report.Category,
        report.SubmittedAt,
        report.UpdatedAt,
        history.LastOrDefault(h => h.Action is ReportAction.Verified)?.At,
        report.LegalHold,
        report.LegalHoldUntil,
        report.Outcome,
        report.Description,
        report.Language,
        report.Stage,
        report.Incident,
        report.Victim,
        [.. report.Subjects.Select(s => new SubjectEntry(s.Platform, s.Handle, s.Url, s.Phone, s.Note))],
        [.. report.Indicators.Select(i => new IndicatorEntry(i.Kind, i.Value, i.Normalised))],
        new TriageEntry(
            report.Tier,
            report.TierReason,
            report.ProvisionalTier,
            report.Assessment.RuleSetVersion,
            report.Assessment.EvaluatedAt,
            [.. report.Assessment.Hits.Select(h => new RuleEntry(h.RuleId, h.Tier, h.FactsUsed))]),
        evidence,
        [.. report.Messages.OrderBy(m => m.At).ThenBy(m => m.Id).Select(m => new MessageEntry(m.From, m.Text, m.At))],
        [.. report.FollowUps.OrderBy(f => f.At).ThenBy(f => f.Id).Select(f =>
            new FollowUpEntry(
                f.Id, f.Kind, f.ClientId, f.At, f.Text, f.Hazards, f.Impact, f.FurtherAction, f.Outcome, f.Audience, f.Desk, f.DeskReason, f.Until, f.EndedAt))],
        history,
        duplicates);

    public sealed record SubjectEntry(string? Platform, string? Handle, string? Url, string? Phone, string? Note);

    /// <param name="Normalised">Equal for two spellings of one identifier; a handle carries its platform (<c>michat:name</c>).</param>
    public sealed record IndicatorEntry(IndicatorKind Kind, string Value, string Normalised);

    /// <param name="ProvisionalTier">What the rules said; <paramref name="Tier"/> is what a person confirmed.</param>
    public sealed record TriageEntry(
        Tier? Tier, string? Reason, Tier ProvisionalTier, string RuleSetVersion, DateTimeOffset EvaluatedAt, IReadOnlyList<RuleEntry> Rules);

    public sealed record RuleEntry(string RuleId, Tier Tier, IReadOnlyDictionary<string, string> Facts);

    /// <param name="Size">Bytes.</param>
    /// <param name="Sha256">Hexadecimal, of the original.</param>
    /// <param name="Md5">Hexadecimal, of the original, once its screening has begun: for hash lists that still use it; it proves nothing.</param>
    public sealed record EvidenceEntry(
        Guid Id, string Name, string MediaType, long? Size, string? Sha256, string? Md5, EvidenceState State, string? QuarantineReason, DateTimeOffset? StoredAt);

    public sealed record MessageEntry(MessageFrom From, string Text, DateTimeOffset At);

    /// <param name="Desk">Of words for the reporter: whether the moderators' desk has passed them on.</param>
    /// <param name="DeskReason">Why it declined.</param>
    /// <param name="Until">Of a preservation: when it ends by itself.</param>
    /// <param name="EndedAt">Of a preservation: when it was released or replaced.</param>
    public sealed record FollowUpEntry(
        Guid Id,
        FollowUpKind Kind,
        Guid ClientId,
        DateTimeOffset At,
        string? Text,
        string? Hazards,
        string? Impact,
        string? FurtherAction,
        OutcomeCode? Outcome,
        FollowUpAudience? Audience,
        DeskState? Desk,
        string? DeskReason,
        DateTimeOffset? Until,
        DateTimeOffset? EndedAt);

    /// <param name="ClientId">The police client that did it; null where somebody else did.</param>
    /// <param name="Details">Codes and counts.</param>
    public sealed record HistoryEntry(
        DateTimeOffset At, ReportAction Action, ActorKind Actor, Guid? ClientId, IReadOnlyDictionary<string, string> Details);
}

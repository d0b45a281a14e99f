using Microsoft.EntityFrameworkCore;
using ReportIntake.Domain.Reports;
using ReportIntake.Domain.Triage;
using ReportIntake.Web.Persistence;

namespace ReportIntake.Web.Features.Moderation.Search;

/// <summary>A report that was found.</summary>
/// <param name="Tier">What a person confirmed, or else what the rules say.</param>
/// <param name="Matched">The indicators that it was found by; none where it was found by reference or words.</param>
public sealed record FoundReport(
    Guid Id, string Reference, ReportState State, Tier Tier, string Category, DateTimeOffset SubmittedAt, int EvidenceCount, IReadOnlyList<MatchedIndicator> Matched)
{
    /// <summary>The reports of these ids in the order of the ids; ids without a report are left out.</summary>
    internal static async Task<IReadOnlyList<FoundReport>> ReadAsync(
        ReportIntakeDbContext database, IReadOnlyList<Guid> ids, ILookup<Guid, MatchedIndicator>? matched, CancellationToken cancellationToken)
    {
        var rows = await database.Reports.AsNoTracking().Where(r => ids.Contains(r.Id))
            .Select(r => new { r.Id, r.Reference, r.State, r.Tier, r.ProvisionalTier, r.Category, r.SubmittedAt, r.EvidenceCount })
            .ToDictionaryAsync(r => r.Id, cancellationToken);
        return [.. ids.Where(rows.ContainsKey).Select(id => rows[id]).Select(r => new FoundReport(
            r.Id, r.Reference, r.State, r.Tier ?? r.ProvisionalTier, r.Category, r.SubmittedAt, r.EvidenceCount,
            matched is null ? [] : [.. matched[r.Id]]))];
    }
}

/// <param name="Value">As the reporter typed it.</param>
public sealed record MatchedIndicator(IndicatorKind Kind, string Value, string Normalised);

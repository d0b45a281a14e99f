using Microsoft.EntityFrameworkCore;
using ReportIntake.Domain.Evidence;
using ReportIntake.Domain.Reports;
using ReportIntake.Web.Evidence.Recognition;
using ReportIntake.Web.Linking;
using ReportIntake.Web.Persistence;
using ReportIntake.Web.Persistence.Configurations;

namespace ReportIntake.Web.Features.Moderation.ReadReport;

/// <summary>What else names the same account, holds the same file, is told in the same words, or is the same report.</summary>
public sealed class RelatedReports(ReportIntakeDbContext database)
{
    /// <summary>Other reports shown for one indicator, and files or duplicates looked at: a much reported account has hundreds.</summary>
    public const int MaxShown = 20;

    public async Task<(IReadOnlyList<IndicatorView> Indicators, IReadOnlyList<RelatedReport> Related)> FindAsync(
        Report report, IReadOnlyList<EvidenceItem> evidence, CancellationToken cancellationToken)
    {
        var reasons = new Dictionary<Guid, SortedSet<string>>();
        var found = new List<(Indicator Indicator, int Occurrences, List<Guid> Elsewhere)>();
        foreach (var indicator in report.Indicators)
        {
            // What does not tell one account from another ("-") is shown, and leads nowhere.
            var elsewhere = indicator.Identifies() ? await NamingAsync(report.Id, indicator, cancellationToken) : [];
            var others = elsewhere.Count < MaxShown ? elsewhere.Count : await Naming(indicator).Distinct().CountAsync(id => id != report.Id, cancellationToken);
            found.Add((indicator, others + 1, elsewhere));
            Because("same_indicator", elsewhere);
        }

        var alike = await SameTextsAsync(report.Id, cancellationToken);
        Because("same_text", alike.Keys);
        var hashes = evidence.Where(e => e.Sha256 is not null).Select(e => e.Sha256!).ToList();
        Because("same_file", await database.Evidence
            .Where(e => e.ReportId != null && e.ReportId != report.Id && hashes.Contains(e.Sha256!))
            .Select(e => e.ReportId!.Value).Distinct().OrderBy(id => id).Take(MaxShown).ToListAsync(cancellationToken));
        var like = await LikeFilesAsync(report.Id, evidence, cancellationToken);
        Because("like_file", like.Keys);
        Because("duplicate", await database.Reports.Where(r => r.CanonicalReportId == report.Id).OrderBy(r => r.Id).Take(MaxShown).Select(r => r.Id).ToListAsync(cancellationToken));
        Because("canonical", report.CanonicalReportId is { } canonical ? [canonical] : []);

        // Some are not there for every reader; see ReportIntakeDbContext.HidesChildSafety.
        var ids = reasons.Keys.ToList();
        var reports = await database.Reports.Where(r => ids.Contains(r.Id))
            .Select(r => new { r.Id, r.Reference, r.State, r.ProvisionalTier, r.Tier, r.Category, r.SubmittedAt })
            .ToDictionaryAsync(r => r.Id, cancellationToken);
        return (
            [.. found.Select(f => new IndicatorView(f.Indicator.Kind, f.Indicator.Value, f.Indicator.Normalised, f.Occurrences,
                [.. f.Elsewhere.Where(reports.ContainsKey).Select(id => new ReportLink(id, reports[id].Reference, reports[id].State))]))],
            [.. reports.Values.OrderByDescending(r => r.SubmittedAt).Select(r => new RelatedReport(
                r.Id, r.Reference, r.State, r.Tier ?? r.ProvisionalTier, r.Category, r.SubmittedAt, [.. reasons[r.Id]], like.GetValueOrDefault(r.Id) ?? [], alike.TryGetValue(r.Id, out var likeness) ? likeness : null))]);

        void Because(string reason, IEnumerable<Guid> others)
        {
            foreach (var other in others)
            {
                if (!reasons.TryGetValue(other, out var all))
                {
                    reasons[other] = all = new SortedSet<string>(StringComparer.Ordinal);
                }

                all.Add(reason);
            }
        }
    }

    /// <summary>How many reports are of the same thing, and of how many sources, as it was last linked; null where this is the only one.</summary>
    public Task<ClusterView?> ClusterAsync(Guid report, CancellationToken cancellationToken) =>
        database.Set<ReportText>().Where(t => t.ReportId == report && t.ClusterReports > 1)
            .Select(t => new ClusterView(t.ClusterReports, t.ClusterSources, t.ClusterIsWhole)).SingleOrDefaultAsync(cancellationToken);

    private IQueryable<Guid> Naming(Indicator indicator)
    {
        var key = database.LookupKey(IndicatorConfiguration.NormalisedLookup, indicator.Normalised);
        return database.Set<Indicator>().Where(i => EF.Property<byte[]>(i, IndicatorConfiguration.NormalisedLookup) == key)
            .OrderByDescending(i => i.SeenAt).Select(i => EF.Property<Guid>(i, "ReportId"));
    }

    /// <summary>The newest others that name it. Read to twice as many, because a report may name one account in two ways.</summary>
    private async Task<List<Guid>> NamingAsync(Guid report, Indicator indicator, CancellationToken cancellationToken) =>
        [.. (await Naming(indicator).Where(id => id != report).Take(MaxShown * 2).ToListAsync(cancellationToken)).Distinct().Take(MaxShown)];

    private async Task<Dictionary<Guid, int>> SameTextsAsync(Guid report, CancellationToken cancellationToken)
    {
        var links = database.Set<RelatedText>();
        var pairs = await links.Where(r => r.ReportId == report).Select(r => new { Other = r.EarlierReportId, r.Likeness })
            .Concat(links.Where(r => r.EarlierReportId == report).Select(r => new { Other = r.ReportId, r.Likeness }))
            .OrderByDescending(r => r.Likeness).ThenBy(r => r.Other).Take(MaxShown).ToListAsync(cancellationToken);
        return pairs.DistinctBy(p => p.Other).ToDictionary(p => p.Other, p => p.Likeness);
    }

    /// <summary>By report, the nearest pairs of files that recognition has linked. Identical ones are told by their hash already.</summary>
    private async Task<Dictionary<Guid, List<LikeFile>>> LikeFilesAsync(Guid report, IReadOnlyList<EvidenceItem> evidence, CancellationToken cancellationToken)
    {
        var own = evidence.Select(e => e.Id).ToList();
        var links = database.Set<RelatedEvidence>();
        var pairs = links.Where(r => own.Contains(r.EvidenceId)).Select(r => new { Own = r.EvidenceId, Other = r.EarlierEvidenceId, r.Distance })
            .Concat(links.Where(r => own.Contains(r.EarlierEvidenceId)).Select(r => new { Own = r.EarlierEvidenceId, Other = r.EvidenceId, r.Distance }));
        var found = await pairs.Join(database.Evidence, p => p.Other, e => e.Id, (p, e) => new { p.Own, p.Other, p.Distance, e.ReportId, e.Sha256 })
            .Where(f => f.ReportId != null && f.ReportId != report)
            .OrderBy(f => f.Distance).ThenBy(f => f.Other).Take(MaxShown * MaxShown).ToListAsync(cancellationToken);
        var hashes = evidence.ToDictionary(e => e.Id, e => e.Sha256);
        return found.Where(f => f.Sha256 is null || hashes[f.Own] is not { } sha256 || !sha256.AsSpan().SequenceEqual(f.Sha256))
            .GroupBy(f => f.ReportId!.Value).Take(MaxShown)
            .ToDictionary(g => g.Key, g => g.Take(MaxShown).Select(f => new LikeFile(f.Own, f.Other, f.Distance)).ToList());
    }
}

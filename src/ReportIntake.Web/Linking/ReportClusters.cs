using Microsoft.EntityFrameworkCore;
using ReportIntake.Domain.Linking;
using ReportIntake.Domain.Reports;
using ReportIntake.Web.Evidence.Recognition;
using ReportIntake.Web.Persistence;
using ReportIntake.Web.Persistence.Configurations;

namespace ReportIntake.Web.Linking;

/// <summary>Reports that are of one thing, as far as can be told.</summary>
/// <param name="Members">All of them, the one that was asked for included; at most <see cref="ReportClusters.MaxMembers"/>.</param>
/// <param name="IndependentSources">See <see cref="ReportSource"/>.</param>
/// <param name="IsWhole">False where there are more than were counted.</param>
public sealed record ReportCluster(IReadOnlyList<Guid> Members, int IndependentSources, bool IsWhole);

/// <summary>
/// Joins reports that name the same account, hold the same or a near-same file, or are told in near-same words; directly
/// or by a report between. What was rejected as abuse or test, withdrawn or purged is no source, and joins nothing.
/// </summary>
public sealed class ReportClusters(ReportIntakeDbContext database)
{
    /// <summary>A much reported account has thousands; three are enough for the rules, and a hundred for a person.</summary>
    public const int MaxMembers = 100;

    /// <summary>Steps from report to report. Beyond, a busy account would join what has nothing to do with one another.</summary>
    private const int MaxSteps = 3;

    private static readonly ReportState[] Gone = [ReportState.Withdrawn, ReportState.Purged];
    private static readonly Disposition[] Worthless = [Disposition.SpamOrAbuse, Disposition.Test];

    /// <summary>Reports that count: their words and files may join others.</summary>
    private IQueryable<Report> Counting => database.Reports
        .Where(r => !Gone.Contains(r.State) && !(r.State == ReportState.Rejected && r.Disposition != null && Worthless.Contains(r.Disposition.Value)));

    public async Task<ReportCluster> OfAsync(Guid report, CancellationToken cancellationToken)
    {
        List<Guid> members = [report];
        var edge = members;
        var whole = true;
        for (var step = 0; step < MaxSteps && edge.Count > 0 && whole; step++)
        {
            var next = (await NeighboursAsync(edge, cancellationToken)).Except(members).ToList();
            edge = next.Count == 0 ? [] : await Counting.Where(r => next.Contains(r.Id)).Select(r => r.Id).OrderBy(id => id).Take(MaxMembers).ToListAsync(cancellationToken);
            whole = members.Count + edge.Count <= MaxMembers;
            edge = edge[..Math.Min(edge.Count, MaxMembers - members.Count)];
            members = [.. members, .. edge];
        }

        return new ReportCluster(members, members.Count == 1 ? 1 : await SourcesAsync(members, null, cancellationToken), whole);
    }

    /// <summary>Independent sources that a report would be one of, which is not kept yet, by its indicators alone.</summary>
    public async Task<int> SourcesWithAsync(IEnumerable<Indicator> indicators, string? description, CancellationToken cancellationToken)
    {
        var naming = await NamingAsync(indicators, cancellationToken);
        if (naming.Count == 0)
        {
            return 1;
        }

        var others = await Counting.Where(r => naming.Contains(r.Id)).OrderByDescending(r => r.SubmittedAt).Select(r => r.Id).Take(MaxMembers).ToListAsync(cancellationToken);
        return await SourcesAsync(others, new ReportSource(TextShingles.Of(description), []), cancellationToken);
    }

    private async Task<IReadOnlyList<Guid>> NeighboursAsync(List<Guid> reports, CancellationToken cancellationToken)
    {
        var indicators = await database.Set<Indicator>().AsNoTracking().Where(i => reports.Contains(EF.Property<Guid>(i, "ReportId"))).ToListAsync(cancellationToken);
        var files = await database.Evidence.Where(e => e.ReportId != null && reports.Contains(e.ReportId.Value)).Select(e => new { e.Id, e.Sha256 }).ToListAsync(cancellationToken);
        var found = new HashSet<Guid>(await NamingAsync(indicators, cancellationToken));
        found.UnionWith(await SimilarTextsAsync(reports, cancellationToken));
        if (files.Count > 0)
        {
            found.UnionWith(await HoldingAsync([.. files.Select(f => f.Id)], [.. files.Select(f => f.Sha256).OfType<byte[]>()], cancellationToken));
        }

        return [.. found];
    }

    private async Task<List<Guid>> NamingAsync(IEnumerable<Indicator> indicators, CancellationToken cancellationToken)
    {
        var keys = indicators.Where(i => i.Identifies()).Select(i => i.Normalised).Distinct()
            .Select(n => database.LookupKey(IndicatorConfiguration.NormalisedLookup, n)).ToList();
        var found = new List<Guid>();
        foreach (var key in keys)
        {
            // One walk of the index for each, that ends: a list of keys would be sorted whole.
            found.AddRange(await database.Set<Indicator>().Where(i => EF.Property<byte[]>(i, IndicatorConfiguration.NormalisedLookup) == key)
                .OrderByDescending(i => i.SeenAt).Select(i => EF.Property<Guid>(i, "ReportId")).Take(MaxMembers * 2).ToListAsync(cancellationToken));
        }

        return [.. found.Distinct()];
    }

    /// <summary>As with files, in a fixed order: a rule counts what is found, and is to say the same of the same facts.</summary>
    private Task<List<Guid>> SimilarTextsAsync(List<Guid> reports, CancellationToken cancellationToken)
    {
        var links = database.Set<RelatedText>();
        return links.Where(r => reports.Contains(r.ReportId)).Select(r => r.EarlierReportId)
            .Concat(links.Where(r => reports.Contains(r.EarlierReportId)).Select(r => r.ReportId)).OrderBy(id => id).Take(MaxMembers * 2).ToListAsync(cancellationToken);
    }

    private async Task<List<Guid>> HoldingAsync(List<Guid> files, List<byte[]> hashes, CancellationToken cancellationToken)
    {
        var links = database.Set<RelatedEvidence>();
        var like = links.Where(r => files.Contains(r.EvidenceId)).Select(r => r.EarlierEvidenceId)
            .Concat(links.Where(r => files.Contains(r.EarlierEvidenceId)).Select(r => r.EvidenceId));
        var identical = database.Evidence.Where(e => e.Sha256 != null && hashes.Contains(e.Sha256)).Select(e => e.Id);
        return await like.Concat(identical).Join(database.Evidence, id => id, e => e.Id, (id, e) => e.ReportId)
            .Where(r => r != null).Select(r => r!.Value).OrderBy(id => id).Take(MaxMembers * 2).ToListAsync(cancellationToken);
    }

    /// <param name="own">The source that is counted last, where its report is not kept yet.</param>
    private async Task<int> SourcesAsync(List<Guid> reports, ReportSource? own, CancellationToken cancellationToken)
    {
        var texts = await Counting.Where(r => reports.Contains(r.Id)).OrderBy(r => r.SubmittedAt).ThenBy(r => r.Id).Select(r => new { r.Id, r.Description }).ToListAsync(cancellationToken);
        var files = (await database.Evidence.Where(e => e.ReportId != null && reports.Contains(e.ReportId.Value) && e.Sha256 != null)
            .Select(e => new { e.ReportId, e.Sha256 }).ToListAsync(cancellationToken)).ToLookup(f => f.ReportId!.Value, f => Convert.ToHexString(f.Sha256!));
        var sources = texts.Select(t => new ReportSource(TextShingles.Of(t.Description), [.. files[t.Id]]));
        return IndependentSources.Count([.. own is null ? sources : sources.Append(own)]);
    }
}

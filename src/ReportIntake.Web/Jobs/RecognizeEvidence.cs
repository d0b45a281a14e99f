using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using ReportIntake.Domain;
using ReportIntake.Domain.Custody;
using ReportIntake.Domain.Evidence;
using ReportIntake.Domain.Recognition;
using ReportIntake.Web.Evidence;
using ReportIntake.Web.Evidence.Recognition;
using ReportIntake.Web.Features.Intake;
using ReportIntake.Web.Persistence;

namespace ReportIntake.Web.Jobs;

/// <summary>
/// Looks an evidence item up in the hash lists and among earlier evidence, so that known files are told without anybody
/// looking. Run again it records only what it had not recorded.
/// </summary>
public sealed class RecognizeEvidence(
    ReportIntakeDbContext database, KnownHashes known, EarlierEvidence earlier, ReportTriage triage, IOptions<RecognitionOptions> options, TimeProvider clock)
    : IJob<Guid>
{
    /// <summary>Near-duplicates of one file that are linked: the nearest.</summary>
    private const int MaxRelated = 50;

    /// <summary>Entries that one file is matched with: the nearest.</summary>
    private const int MaxMatches = 200;

    public static JobUrgency Urgency => JobUrgency.Screening;

    public Task ExecuteAsync(Guid argument, CancellationToken cancellationToken) =>
        database.Database.CreateExecutionStrategy().ExecuteAsync(async () =>
        {
            database.ChangeTracker.Clear();
            if (await database.Evidence.SingleOrDefaultAsync(e => e.Id == argument, cancellationToken) is not { ReportId: { } reportId, Sha256: not null } item)
            {
                return;
            }

            var hashes = (await database.Set<EvidenceFingerprint>().AsNoTracking().Where(f => f.EvidenceId == item.Id && f.Quality > Pdq.MaxUselessQuality)
                .Select(f => f.Hash).ToListAsync(cancellationToken)).ConvertAll(h => PdqHash.FromBytes(h));
            var hits = await HitsAsync(item, hashes, cancellationToken);
            var related = await RelatedAsync(item, hashes, cancellationToken);

            var now = clock.GetUtcNow();
            await using var transaction = await database.Database.BeginTransactionAsync(cancellationToken);
            var counts = await RecordAsync(item, hits, now, cancellationToken);
            await LinkAsync(item, related, now, cancellationToken);
            await database.SaveChangesAsync(cancellationToken);
            if (counts && await database.Reports.FindAsync([reportId], cancellationToken) is { } report)
            {
                report.Reassess(await triage.AssessAsync(report, now, cancellationToken), now);
                await database.SaveChangesAsync(cancellationToken);
            }

            await transaction.CommitAsync(CancellationToken.None);
        });

    private async Task<List<Hit>> HitsAsync(EvidenceItem item, List<PdqHash> hashes, CancellationToken cancellationToken)
    {
        var index = await known.CurrentAsync(database, cancellationToken);
        var near = hashes.SelectMany(h => index.Find(h, options.Value.MaxDistance)).GroupBy(f => f.Entry)
            .Select(g => (Entry: g.Key, Distance: g.Min(f => f.Distance))).OrderBy(f => f.Distance).Take(MaxMatches).ToDictionary(f => f.Entry, f => f.Distance);
        var ids = near.Keys.ToList();
        var entries = await (
            from entry in database.Set<HashListEntry>()
            join list in database.Set<HashList>() on entry.HashListId equals list.Id
            where entry.DisabledAt == null
                && ((entry.Kind == HashKind.Sha256 && entry.Value == item.Sha256) || (entry.Kind == HashKind.Md5 && entry.Value == item.Md5) || ids.Contains(entry.Id))
            select new { entry, list }).ToListAsync(cancellationToken);
        return [.. entries.Select(e => new Hit(e.entry, e.list, near.GetValueOrDefault(e.entry.Id)))];
    }

    private async Task<Dictionary<Guid, int>> RelatedAsync(EvidenceItem item, List<PdqHash> hashes, CancellationToken cancellationToken)
    {
        await earlier.CurrentAsync(database, cancellationToken);
        var identical = await database.Evidence.Where(e => e.Sha256 == item.Sha256).OrderBy(e => e.Id).Select(e => e.Id).Take(MaxRelated + 1).ToListAsync(cancellationToken);
        return hashes.SelectMany(h => earlier.Find(h, options.Value.MaxDistance)).Concat(identical.Select(id => (Evidence: id, Distance: 0)))
            .Where(f => f.Evidence != item.Id).GroupBy(f => f.Evidence).Select(g => (g.Key, Distance: g.Min(f => f.Distance)))
            .OrderBy(f => f.Distance).Take(MaxRelated).ToDictionary(f => f.Key, f => f.Distance);
    }

    /// <summary>True where there is something new that the report is assessed by.</summary>
    private async Task<bool> RecordAsync(EvidenceItem item, List<Hit> hits, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var recorded = await database.Set<MatchRecord>().Where(m => m.EvidenceId == item.Id).Select(m => m.EntryId).ToListAsync(cancellationToken);
        var counts = false;
        foreach (var hit in hits.Where(h => !recorded.Contains(h.Entry.Id)))
        {
            var suppressed = hit.List.Meaning is not HashListMeaning.KnownBenign && hits.Any(h => h.Excuses(hit));
            counts |= !suppressed && hit.List.Meaning is not HashListMeaning.KnownBenign;
            database.Add(new MatchRecord
            {
                Id = Guid.CreateVersion7(now),
                EvidenceId = item.Id,
                EntryId = hit.Entry.Id,
                HashListId = hit.List.Id,
                Meaning = hit.List.Meaning,
                Kind = hit.Entry.Kind,
                Distance = hit.Distance,
                Suppressed = suppressed,
                At = now,
            });
            database.Ledger.Add(Custody.Entry(
                Actor.System, "evidence_matched", item, now,
                ("entryId", hit.Entry.Id.ToString()), ("hashListId", hit.List.Id.ToString()), ("meaning", hit.List.Meaning.Name()),
                ("kind", hit.Entry.Kind.Name()), ("distance", hit.Distance.ToString(System.Globalization.CultureInfo.InvariantCulture)), ("suppressed", suppressed ? "true" : "false")));
            await StopFloodAsync(hit.Entry, now, cancellationToken);
        }

        return counts;
    }

    private async Task StopFloodAsync(HashListEntry entry, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var since = now - options.Value.FloodWindow;
        var matches = 1 + await database.Set<MatchRecord>().CountAsync(m => m.EntryId == entry.Id && m.At >= since, cancellationToken);
        if (matches > options.Value.FloodThreshold)
        {
            entry.DisabledAt = now;
            await HashListVersion.AdvanceAsync(database, cancellationToken);
            database.Ledger.Add(LedgerEntry.Write(
                Actor.System, "hash_quarantined", null, null,
                new Dictionary<string, string> { ["entryId"] = entry.Id.ToString(), ["hashListId"] = entry.HashListId.ToString(), ["reason"] = "flood" }, now));
        }
    }

    private async Task LinkAsync(EvidenceItem item, Dictionary<Guid, int> related, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var ids = related.Keys.ToList();
        var present = await database.Evidence.Where(e => ids.Contains(e.Id) && e.ReportId != null && e.ReportId != item.ReportId).Select(e => e.Id).ToListAsync(cancellationToken);
        var linked = await database.Set<RelatedEvidence>()
            .Where(r => (r.EvidenceId == item.Id && ids.Contains(r.EarlierEvidenceId)) || (r.EarlierEvidenceId == item.Id && ids.Contains(r.EvidenceId)))
            .Select(r => r.EvidenceId == item.Id ? r.EarlierEvidenceId : r.EvidenceId).ToListAsync(cancellationToken);
        database.AddRange(present.Except(linked).Select(id => new RelatedEvidence { EvidenceId = item.Id, EarlierEvidenceId = id, Distance = related[id], At = now }));
    }

    private sealed record Hit(HashListEntry Entry, HashList List, int Distance)
    {
        /// <summary>A negative list counts against hits that are no surer than its own: SHA-256, then MD5, then PDQ by distance.</summary>
        public bool Excuses(Hit other) => List.Meaning is HashListMeaning.KnownBenign && (Entry.Kind, Distance).CompareTo((other.Entry.Kind, other.Distance)) <= 0;
    }
}

using System.Globalization;
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
using ReportIntake.Web.Persistence.Outbox;

namespace ReportIntake.Web.Jobs;

/// <summary>
/// Looks an evidence item up in the hash lists and among other evidence, so that known files are told without anybody
/// looking. Run again it records only what it had not recorded.
/// </summary>
public sealed class RecognizeEvidence(
    ReportIntakeDbContext database, ListSearch lists, LikeEvidence like, ReportTriage triage, IOptions<RecognitionOptions> options, TimeProvider clock) : IJob<Guid>
{
    public static JobUrgency Urgency => JobUrgency.Assessment;

    public Task ExecuteAsync(Guid argument, CancellationToken cancellationToken) =>
        database.Database.CreateExecutionStrategy().ExecuteAsync(async () =>
        {
            database.ChangeTracker.Clear();
            if (await database.Evidence.SingleOrDefaultAsync(e => e.Id == argument, cancellationToken) is not { ReportId: { } reportId, Sha256: not null } item)
            {
                return;
            }

            var frames = (await database.Set<EvidenceFingerprint>().AsNoTracking().Where(f => f.EvidenceId == item.Id && f.Quality > Pdq.MaxUselessQuality)
                .OrderBy(f => f.Frame).Select(f => f.Hash).ToListAsync(cancellationToken)).ConvertAll(h => PdqHash.FromBytes(h));
            var hits = await lists.FindAsync(item, frames, cancellationToken);
            var related = await like.FindAsync(item, frames, cancellationToken);

            var now = clock.GetUtcNow();
            await using var transaction = await database.Database.BeginTransactionAsync(cancellationToken);
            var changed = await RecordAsync(item, hits, now, cancellationToken);
            await LinkAsync(item, related, now, cancellationToken);
            await database.SaveChangesAsync(cancellationToken);
            if (changed && await database.Reports.FindAsync([reportId], cancellationToken) is { } report)
            {
                report.Reassess(await triage.AssessAsync(report, now, cancellationToken), now);
                await database.SaveChangesAsync(cancellationToken);
            }

            await transaction.CommitAsync(CancellationToken.None);
        });

    /// <summary>True where something is new, or counts no more, by which the report is assessed.</summary>
    private async Task<bool> RecordAsync(EvidenceItem item, List<ListHit> hits, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var recorded = await database.Set<MatchRecord>().Where(m => m.EvidenceId == item.Id).ToListAsync(cancellationToken);
        var changed = Excuse(item, recorded, hits, now);
        foreach (var hit in hits.ExceptBy(recorded.Select(m => m.EntryId), h => h.Entry.Id))
        {
            var suppressed = hit.List.Meaning is not HashListMeaning.KnownBenign && hits.Any(h => h.Excuses(hit.Entry.Kind, hit.Distance));
            changed |= !suppressed && hit.List.Meaning is not HashListMeaning.KnownBenign;
            var match = new MatchRecord
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
            };
            database.Add(match);
            database.Ledger.Add(Entry("evidence_matched", item, match, now));
            await StopFloodAsync(item, hit.Entry, now, cancellationToken);
        }

        return changed;
    }

    /// <summary>A negative list that came later takes the weight from what was recorded before.</summary>
    private bool Excuse(EvidenceItem item, List<MatchRecord> recorded, List<ListHit> hits, DateTimeOffset now)
    {
        var excused = recorded.Where(m => !m.Suppressed && m.Meaning is not HashListMeaning.KnownBenign && hits.Any(h => h.Excuses(m.Kind, m.Distance))).ToList();
        foreach (var match in excused)
        {
            match.Suppressed = true;
            database.Ledger.Add(Entry("evidence_match_suppressed", item, match, now));
        }

        return excused.Count > 0;
    }

    /// <summary>Files that came before the window are no flood: a list that is imported late may know many of them.</summary>
    private async Task StopFloodAsync(EvidenceItem item, HashListEntry entry, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var since = now - options.Value.FloodWindow;
        if (item.StoredAt < since)
        {
            return;
        }

        var matches = 1 + await database.Set<MatchRecord>().Where(m => m.EntryId == entry.Id && m.At >= since)
            .Join(database.Evidence.Where(e => e.StoredAt >= since), m => m.EvidenceId, e => e.Id, (m, e) => m).CountAsync(cancellationToken);
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
        var links = present.Except(linked).Select(id => new RelatedEvidence { EvidenceId = item.Id, EarlierEvidenceId = id, Distance = related[id], At = now }).ToList();
        database.AddRange(links);
        if (links.Count > 0 || await database.Evidence.AnyAsync(e => e.Sha256 == item.Sha256 && e.ReportId != null && e.ReportId != item.ReportId, cancellationToken))
        {
            database.Jobs.Add(OutboxJob.For<LinkReport, Guid>(item.ReportId!.Value, now));
        }
    }

    private static LedgerEntry Entry(string action, EvidenceItem item, MatchRecord match, DateTimeOffset now) => Custody.Entry(
        Actor.System, action, item, now,
        ("entryId", match.EntryId.ToString()), ("hashListId", match.HashListId.ToString()), ("meaning", match.Meaning.Name()),
        ("kind", match.Kind.Name()), ("distance", match.Distance.ToString(CultureInfo.InvariantCulture)), ("suppressed", match.Suppressed ? "true" : "false"));
}

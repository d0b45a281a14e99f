using Microsoft.EntityFrameworkCore;
using ReportIntake.Domain;
using ReportIntake.Domain.Evidence;
using ReportIntake.Web.Evidence;
using ReportIntake.Web.Evidence.Recognition;
using ReportIntake.Web.Evidence.Screening;
using ReportIntake.Web.Evidence.Store;
using ReportIntake.Web.Persistence;
using ReportIntake.Web.Persistence.Outbox;

namespace ReportIntake.Web.Jobs;

/// <summary>
/// Makes the copies of an evidence item that people may look at, or says why there are none. What cannot be decoded is
/// kept and quarantined, never served inline. Run twice, it finds the item past screening and does nothing.
/// </summary>
public sealed class ScreenEvidence(ReportIntakeDbContext database, IEvidenceStore store, Screener screener, TimeProvider clock) : IJob<Guid>
{
    public static JobUrgency Urgency => JobUrgency.Screening;

    public async Task ExecuteAsync(Guid argument, CancellationToken cancellationToken)
    {
        var item = await database.Evidence.SingleOrDefaultAsync(e => e.Id == argument, cancellationToken);
        if (item is not { State: EvidenceState.Stored or EvidenceState.Screening })
        {
            return;
        }

        List<EvidenceFingerprint> fingerprints = [];
        item.StartScreening();
        await database.SaveChangesAsync(cancellationToken);

        await using var original = await store.OpenReadAsync(BlobKey.Original(item.Id), cancellationToken)
            ?? throw new EvidenceCorruptException(BlobKey.Original(item.Id), "it is missing");
        var result = await screener.ScreenAsync(original, item.Size!.Value, SaveAsync, cancellationToken);

        if (result.Outcome is ScreeningOutcome.Rendered rendered)
        {
            item.MakeAvailable(result.DetectedMediaType!, rendered.WorkingCopyType, hasThumbnail: true, rendered.HasContactSheet);
        }
        else
        {
            var reason = ((ScreeningOutcome.Refused)result.Outcome).Reason.Name();
            foreach (var kind in new[] { BlobKind.WorkingCopy, BlobKind.Thumbnail, BlobKind.ContactSheet })
            {
                await store.DeleteAsync(new BlobKey(item.Id, kind), cancellationToken);
            }

            fingerprints.Clear();
            item.Quarantine(reason, result.DetectedMediaType);
        }

        database.AddRange(fingerprints);
        database.Jobs.Add(OutboxJob.For<RecognizeEvidence, Guid>(item.Id, clock.GetUtcNow()));
        database.Ledger.Add(Custody.Entry(Actor.System, "evidence_screened", item, clock.GetUtcNow(),
            ("state", item.State.Name()), ("reason", item.QuarantineReason ?? "")));
        await database.SaveChangesAsync(cancellationToken);

        async Task SaveAsync(Rendition rendition, Stream content, CancellationToken ct)
        {
            if (rendition is { Kind: RenditionKind.Pixels, Shape: { } shape })
            {
                fingerprints = await Fingerprints.ReadAsync(item.Id, shape, content, clock.GetUtcNow(), ct);
                return;
            }

            var kind = rendition.Kind switch
            {
                RenditionKind.WorkingCopy => BlobKind.WorkingCopy,
                RenditionKind.ContactSheet => BlobKind.ContactSheet,
                _ => BlobKind.Thumbnail,
            };
            var written = await store.WriteAsync(new BlobKey(item.Id, kind), content, ct);
            if (!written.IsSuccess)
            {
                throw new IOException($"A copy of {item.Id} could not be kept: {written.Error.Code}.");
            }
        }
    }
}

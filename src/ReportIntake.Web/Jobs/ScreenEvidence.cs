using System.Globalization;
using System.Security.Cryptography;
using Microsoft.EntityFrameworkCore;
using ReportIntake.Domain;
using ReportIntake.Domain.Evidence;
using ReportIntake.Web.Evidence;
using ReportIntake.Web.Evidence.Metadata;
using ReportIntake.Web.Evidence.Recognition;
using ReportIntake.Web.Evidence.Screening;
using ReportIntake.Web.Evidence.Screening.Malware;
using ReportIntake.Web.Evidence.Store;
using ReportIntake.Web.Persistence;
using ReportIntake.Web.Persistence.Outbox;

namespace ReportIntake.Web.Jobs;

/// <summary>
/// Makes the copies of an evidence item that people may look at, or says why there are none. What cannot be decoded, or
/// carries malware, is kept and quarantined, never served inline. Run twice, it finds the item past screening and does nothing.
/// </summary>
public sealed class ScreenEvidence(
    ReportIntakeDbContext database, IEvidenceStore store, ClamdScanner malware, Screener screener, MetadataSheets sheets, TimeProvider clock) : IJob<Guid>
{
    private static readonly BlobKind[] Copies = [BlobKind.WorkingCopy, BlobKind.Thumbnail, BlobKind.ContactSheet];

    public static JobUrgency Urgency => JobUrgency.Screening;

    public async Task ExecuteAsync(Guid argument, CancellationToken cancellationToken)
    {
        var item = await database.Evidence.SingleOrDefaultAsync(e => e.Id == argument, cancellationToken);
        if (item is not { State: EvidenceState.Stored or EvidenceState.Screening })
        {
            return;
        }

        if (item.State is EvidenceState.Stored)
        {
            item.StartScreening(await Md5Async(item, cancellationToken));
            await database.SaveChangesAsync(cancellationToken);
        }

        var verdict = await ScanAsync(item, cancellationToken);
        var rendered = new Renditions(item, store, clock.GetUtcNow());
        var result = verdict?.Scan is MalwareScan.Found
            ? new ScreeningResult(null, new ScreeningOutcome.Refused(RefusalReason.Malware))
            : await screener.ScreenAsync(ct => OpenAsync(item, ct), item.Size!.Value, rendered.SaveAsync, cancellationToken);
        if (result.Outcome is ScreeningOutcome.Rendered copies)
        {
            item.MakeAvailable(result.DetectedMediaType!, copies.WorkingCopyType, hasThumbnail: true, copies.HasContactSheet);
            database.AddRange(rendered.Fingerprints);
        }
        else
        {
            foreach (var kind in Copies)
            {
                await store.DeleteAsync(new BlobKey(item.Id, kind), cancellationToken);
            }

            item.Quarantine(((ScreeningOutcome.Refused)result.Outcome).Reason.Name(), result.DetectedMediaType);
        }

        var sheet = await sheets.WriteAsync(item.Id, new MetadataSheet(Facts(result.Outcome, verdict, rendered.Properties), rendered.Properties), cancellationToken);
        database.Jobs.Add(OutboxJob.For<RecognizeEvidence, Guid>(item.Id, clock.GetUtcNow()));
        database.Ledger.Add(Custody.Entry(Actor.System, "evidence_screened", item, clock.GetUtcNow(),
            ("state", item.State.Name()), ("reason", item.QuarantineReason ?? ""), ("metadataSheetSha256", Convert.ToHexStringLower(sheet)),
            ("malwareScan", verdict?.Scan.Name() ?? ""), ("malwareSignature", verdict?.Signature ?? "")));
        await database.SaveChangesAsync(cancellationToken);
    }

    /// <summary>Here and not while it arrives: it costs more than everything else that an upload does, and nobody asks for it before.</summary>
    private async Task<byte[]> Md5Async(EvidenceItem item, CancellationToken cancellationToken)
    {
        await using var original = await OpenAsync(item, cancellationToken);
#pragma warning disable CA5351 // hash lists still come with it
        return await MD5.HashDataAsync(original, cancellationToken);
#pragma warning restore CA5351
    }

    /// <summary>Null where no scanner is configured. One that is away fails the job, so that it is tried again.</summary>
    private async Task<MalwareVerdict?> ScanAsync(EvidenceItem item, CancellationToken cancellationToken)
    {
        if (!malware.IsConfigured)
        {
            return null;
        }

        await using var original = await OpenAsync(item, cancellationToken);
        return await malware.ScanAsync(original, item.Size!.Value, cancellationToken);
    }

    private async Task<Stream> OpenAsync(EvidenceItem item, CancellationToken cancellationToken) =>
        await store.OpenReadAsync(BlobKey.Original(item.Id), cancellationToken) ?? throw new EvidenceCorruptException(BlobKey.Original(item.Id), "it is missing");

    private static Dictionary<string, string> Facts(ScreeningOutcome outcome, MalwareVerdict? verdict, IReadOnlyList<MetadataProperty> properties)
    {
        var facts = MetadataFacts.Of(properties);
        if (outcome is ScreeningOutcome.Rendered copies)
        {
            facts[MetadataFacts.Width] = copies.Width.ToString(CultureInfo.InvariantCulture);
            facts[MetadataFacts.Height] = copies.Height.ToString(CultureInfo.InvariantCulture);
            if (copies.Duration is { } duration)
            {
                facts[MetadataFacts.Duration] = duration.TotalSeconds.ToString("0.###", CultureInfo.InvariantCulture);
            }
        }

        if (verdict is not null)
        {
            facts[MetadataFacts.MalwareScan] = verdict.Scan.Name();
            if (verdict.Scan is MalwareScan.Partial)
            {
                facts[MetadataFacts.MalwareScannedBytes] = verdict.ScannedBytes.ToString(CultureInfo.InvariantCulture);
            }
            else if (verdict.Signature is { } signature)
            {
                facts[MetadataFacts.MalwareSignature] = signature;
            }
        }

        return facts;
    }

    /// <summary>Keeps what screening makes: copies in the store, fingerprints and properties here.</summary>
    private sealed class Renditions(EvidenceItem item, IEvidenceStore store, DateTimeOffset now)
    {
        public List<EvidenceFingerprint> Fingerprints { get; private set; } = [];

        public IReadOnlyList<MetadataProperty> Properties { get; private set; } = [];

        public async Task SaveAsync(Rendition rendition, Stream content, CancellationToken ct)
        {
            switch (rendition)
            {
                case { Kind: RenditionKind.Pixels, Shape: { } shape }:
                    Fingerprints = await Evidence.Recognition.Fingerprints.ReadAsync(item.Id, shape, content, now, ct);
                    return;
                case { Kind: RenditionKind.MetadataSheet }:
                    var lines = new byte[rendition.Length];
                    await content.ReadExactlyAsync(lines, ct);
                    Properties = MetadataSheet.ReadLines(lines);
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

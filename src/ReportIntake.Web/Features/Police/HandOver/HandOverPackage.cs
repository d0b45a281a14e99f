using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using ReportIntake.Domain;
using ReportIntake.Domain.Custody;
using ReportIntake.Domain.Evidence;
using ReportIntake.Domain.Reports;
using ReportIntake.Web.ErrorHandling;
using ReportIntake.Web.Evidence;
using ReportIntake.Web.Evidence.Ledger;
using ReportIntake.Web.Evidence.Metadata;
using ReportIntake.Web.Evidence.Store;
using ReportIntake.Web.Features.Police.VerifiedReports;
using ReportIntake.Web.Jobs.Sequencing;
using ReportIntake.Web.Persistence;
using ReportIntake.Web.Security;
using IHttpResult = Microsoft.AspNetCore.Http.IResult;
using JsonOptions = Microsoft.AspNetCore.Http.Json.JsonOptions;

namespace ReportIntake.Web.Features.Police.HandOver;

/// <summary>
/// Everything of a report in one archive that a court can check without this service: <c>deploy/verify-package.sh</c>.
/// Its custody events are kept, published and under a signed head before the first byte leaves, so that the package tells
/// of its own handing over. It is written straight into the response; nothing of it is kept or rests on disk.
/// </summary>
public sealed partial class HandOverPackage(
    ReportIntakeDbContext database,
    IEvidenceStore store,
    Publisher publisher,
    TreeHeads heads,
    LedgerProofs proofs,
    MetadataSheets metadata,
    SigningKeys keys,
    IOptions<JsonOptions> json,
    TimeProvider clock,
    ILogger<HandOverPackage> logger)
{
    /// <summary>The custody event of this use case: one of the report, one of each file.</summary>
    public const string LedgerAction = "package_handed_over";

    /// <summary>The custody event of an original that is not what was stored.</summary>
    public const string DamageAction = "original_damaged";

    /// <summary>How long to wait for another node that publishes the ledger; longer than its lease.</summary>
    private static readonly TimeSpan Patience = Publisher.Lease * 3;

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    public async Task<IHttpResult> HandleAsync(Guid id, PoliceClientAccess client, HttpContext context, CancellationToken ct)
    {
        if (await ReadVerifiedReport.FindAsync(id, client, database, ct) is not { } report)
        {
            return ReportErrors.NotFound.ToProblem();
        }

        var items = await ItemsAsync(id, ct);
        foreach (var item in items.Where(i => i.Path is not null))
        {
            if (await DamageAsync(item.Evidence, ct) is { } damage)
            {
                await TellAsync(damage, item.Evidence);
                return HandOverErrors.EvidenceDamaged.ToProblem();
            }
        }

        var sheets = await FileSheets.ReadAsync(database, metadata, items, ct);
        var witnessed = await WitnessAsync(report, items, client, ct);
        if (!await PublishedAsync(witnessed, ct))
        {
            return HandOverErrors.LedgerBehind.ToProblem();
        }

        var head = await heads.SignAsync(ct);
        if (await LedgerDamageAsync(head, ct) is { } position)
        {
            LogLedgerDamaged(logger, position);
            return LedgerErrors.Damaged.ToProblem();
        }

        var entries = new CustodyEntries(database, proofs, id, [.. items.Select(i => i.Evidence.Id)], head.Size);
        var package = new PackageContents(report, items, sheets, entries, head, await keys.OfAsync(head.KeyId, ct), client.ClientId, clock.GetUtcNow());
        return TypedResults.Stream(output => StreamAsync(package, output, context, ct), "application/zip", report.Reference + ".zip");
    }

    private async Task StreamAsync(PackageContents package, Stream output, HttpContext context, CancellationToken ct)
    {
        try
        {
            await new PackageWriter(package, store, json.Value.SerializerOptions).WriteAsync(output, ct);
        }
        catch (EvidenceCorruptException damage)
        {
            // The connection breaks off, so that no client takes what it has got for a package.
            context.Abort();
            await TellAsync(damage, package.Items.Single(i => i.Evidence.Id == damage.Key.EvidenceId).Evidence);
        }
        catch (Exception) when (!ct.IsCancellationRequested)
        {
            context.Abort();
            throw;
        }
    }

    private async Task<List<PackageItem>> ItemsAsync(Guid reportId, CancellationToken ct)
    {
        var evidence = await database.Evidence.AsNoTracking().Where(e => e.ReportId == reportId && e.Sha256 != null)
            .OrderBy(e => e.CreatedAt).ThenBy(e => e.Id).ToListAsync(ct);
        return evidence.ConvertAll(e => new PackageItem(
            e, e.State is EvidenceState.Destroyed ? null : "data/originals/" + SafeName.Of(evidence.IndexOf(e) + 1, e.Name)));
    }

    /// <summary>What can be known without reading the file to its end, while the answer can still be an error.</summary>
    private async Task<EvidenceCorruptException?> DamageAsync(EvidenceItem item, CancellationToken ct)
    {
        var key = BlobKey.Original(item.Id);
        try
        {
            await using var original = await store.OpenReadAsync(key, ct);
            return original?.Length == item.Size ? null : new EvidenceCorruptException(key, original is null ? "it is missing" : "its size is not the recorded one");
        }
        catch (EvidenceCorruptException damage)
        {
            return damage;
        }
    }

    private async Task<List<Guid>> WitnessAsync(PoliceReport report, List<PackageItem> items, PoliceClientAccess client, CancellationToken ct)
    {
        var (actor, now) = (Actor.Police(client.ClientId), clock.GetUtcNow());
        var entries = items.Where(i => i.Path is not null).Select(i => Custody.Entry(actor, LedgerAction, i.Evidence, now)).ToList();
        var details = new Dictionary<string, string> { ["version"] = $"{report.Version}", ["files"] = $"{entries.Count}" };
        entries.Add(LedgerEntry.Write(actor, LedgerAction, report.Id, null, details, now));
        database.Ledger.AddRange(entries);
        await database.SaveChangesAsync(ct);
        return entries.ConvertAll(e => e.Id);
    }

    /// <summary>Publishes the ledger up to these entries, or waits for the node whose turn it is.</summary>
    private async Task<bool> PublishedAsync(List<Guid> entryIds, CancellationToken ct)
    {
        var start = clock.GetTimestamp();
        while (await database.Ledger.AnyAsync(e => entryIds.Contains(e.Id) && e.Position == null, ct))
        {
            if (clock.GetElapsedTime(start) > Patience)
            {
                return false;
            }

            if (!await publisher.PublishAsync(ct))
            {
                await Task.Delay(Pause, clock, ct);
            }
        }

        return true;
    }

    /// <summary>Where the log is not the one that the head is of, if it is not.</summary>
    private async Task<long?> LedgerDamageAsync(TreeHead head, CancellationToken ct)
    {
        try
        {
            return (await proofs.RootAsync(head.Size, ct)).AsSpan().SequenceEqual(head.Root) ? null : head.Size;
        }
        catch (LedgerDamagedException damage)
        {
            return damage.Position;
        }
    }

    private async Task TellAsync(EvidenceCorruptException damage, EvidenceItem item)
    {
        LogEvidenceDamaged(logger, damage, item.Id);
        database.Ledger.Add(Custody.Entry(Actor.System, DamageAction, item, clock.GetUtcNow()));
        await database.SaveChangesAsync(CancellationToken.None);
    }

    [LoggerMessage(Level = LogLevel.Critical, Message = "Evidence {EvidenceId} is not what was stored; a hand-over package was refused or broken off")]
    private static partial void LogEvidenceDamaged(ILogger logger, Exception damage, Guid evidenceId);

    [LoggerMessage(Level = LogLevel.Critical, Message = "The custody ledger is damaged at or before position {Position}; run ledger verify. No hand-over package is made")]
    private static partial void LogLedgerDamaged(ILogger logger, long position);
}

using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using ReportIntake.Domain.Recognition;
using ReportIntake.Web.Evidence.Recognition;
using ReportIntake.Web.Persistence;
using ReportIntake.Web.Persistence.Outbox;

namespace ReportIntake.Web.Jobs;

/// <summary>
/// Looks through the evidence that was there before for what a list has newly learnt. It turns the question round (which
/// files are like the new hashes) so that its work grows with the import and not with the evidence, and leaves the judging
/// to <see cref="RecognizeEvidence"/>. Each batch is marked in the transaction that asks for its files, so that a run that
/// was cut off goes on where it was. The argument is the list's id.
/// </summary>
public sealed class SearchEarlierEvidence(
    ReportIntakeDbContext database, EarlierEvidence earlier, OutboxSignal signal, IOptions<RecognitionOptions> options, TimeProvider clock) : IJob<Guid>
{
    private const int BatchSize = 500;

    public static JobUrgency Urgency => JobUrgency.Housekeeping;

    public async Task ExecuteAsync(Guid argument, CancellationToken cancellationToken)
    {
        // Once: what comes later is recognised by the lists as they are now.
        await earlier.CurrentAsync(database, cancellationToken);
        while (await SearchBatchAsync(argument, cancellationToken))
        {
            signal.Set();
        }
    }

    private async Task<bool> SearchBatchAsync(Guid list, CancellationToken cancellationToken)
    {
        database.ChangeTracker.Clear();
        var entries = await database.Set<HashListEntry>().Where(e => e.HashListId == list && e.SearchedAt == null).OrderBy(e => e.Id).Take(BatchSize)
            .ToListAsync(cancellationToken);
        var found = await IdenticalAsync(entries, cancellationToken);
        foreach (var entry in entries.Where(e => e.Kind is HashKind.Pdq))
        {
            found.UnionWith(earlier.Find([PdqHash.FromBytes(entry.Value)], options.Value.MaxDistance).Keys);
        }

        var now = clock.GetUtcNow();
        foreach (var entry in entries)
        {
            entry.SearchedAt = now;
        }

        database.Jobs.AddRange(found.Select(id => OutboxJob.For<RecognizeEvidence, Guid>(id, now)));
        await database.SaveChangesAsync(cancellationToken);
        return entries.Count == BatchSize;
    }

    private async Task<HashSet<Guid>> IdenticalAsync(List<HashListEntry> entries, CancellationToken cancellationToken)
    {
        var sha256 = entries.Where(e => e.Kind is HashKind.Sha256).Select(e => e.Value).ToList();
        var md5 = entries.Where(e => e.Kind is HashKind.Md5).Select(e => e.Value).ToList();
        return
        [
            .. await database.Evidence.Where(e => e.ReportId != null && sha256.Contains(e.Sha256!)).Select(e => e.Id).ToListAsync(cancellationToken),
            .. await database.Evidence.Where(e => e.ReportId != null && md5.Contains(e.Md5!)).Select(e => e.Id).ToListAsync(cancellationToken),
        ];
    }
}

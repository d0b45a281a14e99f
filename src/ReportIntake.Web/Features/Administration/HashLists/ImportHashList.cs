using MediatR;
using Microsoft.EntityFrameworkCore;
using ReportIntake.Domain;
using ReportIntake.Domain.Custody;
using ReportIntake.Domain.Recognition;
using ReportIntake.Domain.Results;
using ReportIntake.Web.Evidence.Recognition;
using ReportIntake.Web.Jobs;
using ReportIntake.Web.Persistence;
using ReportIntake.Web.Persistence.Outbox;
using ReportIntake.Web.Pipeline;

namespace ReportIntake.Web.Features.Administration.HashLists;

/// <summary>Adds a file's hashes to lists: all of them, or, where one is wrong, none. What is there already stays as it is.
/// Evidence that came before is looked through for what is new.</summary>
public static class ImportHashList
{
    private const int BatchSize = 500;
    private const int MaxErrors = 20;

    /// <param name="Content">Read once.</param>
    /// <param name="Name">Of the list, where a row does not say it; so are <paramref name="Meaning"/> and <paramref name="Source"/>.</param>
    public sealed record Command(Stream Content, HashListFormat Format, string? Name, string? Meaning, string? Source, Actor By) : ICommand<Result<Imported>>;

    /// <param name="Known">Were there before.</param>
    public sealed record Imported(int Added, int Known);

    public sealed class Handler(ReportIntakeDbContext database, TimeProvider clock) : IRequestHandler<Command, Result<Imported>>
    {
        public Task<Result<Imported>> Handle(Command request, CancellationToken cancellationToken) =>
            new Import(database, request, clock.GetUtcNow()).RunAsync(cancellationToken);
    }

    private sealed class Import(ReportIntakeDbContext database, Command request, DateTimeOffset now)
    {
        private readonly ImportedLists lists = new(database, request, now);
        private readonly List<FieldError> errors = [];
        private readonly HashSet<Guid> changed = [];
        private Dictionary<(Guid, HashKind, string), HashListEntry> batch = [];
        private Imported imported = new(0, 0);

        public async Task<Result<Imported>> RunAsync(CancellationToken cancellationToken)
        {
            var empty = true;
            await foreach (var row in HashListRows.ReadAsync(request.Content, request.Format, cancellationToken))
            {
                empty = false;
                await AddAsync(row, cancellationToken);
                if (errors.Count >= MaxErrors)
                {
                    break;
                }

                if (batch.Count >= BatchSize)
                {
                    await SaveAsync(cancellationToken);
                }
            }

            if (errors.Count > 0)
            {
                return Error.Validation(errors);
            }

            if (empty)
            {
                return HashListErrors.Empty;
            }

            await SaveAsync(cancellationToken);
            if (imported.Added > 0)
            {
                await HashListVersion.AdvanceAsync(database, cancellationToken);
                database.Jobs.AddRange(changed.Select(list => OutboxJob.For<SearchEarlierEvidence, Guid>(list, now)));
                database.Ledger.Add(LedgerEntry.Write(request.By, "hash_list_imported", null, null, new Dictionary<string, string>
                {
                    ["hashListIds"] = string.Join(',', changed),
                    ["added"] = imported.Added.ToString(System.Globalization.CultureInfo.InvariantCulture),
                }, now));
                await database.SaveChangesAsync(cancellationToken);
            }

            return imported;
        }

        private async Task AddAsync(HashListRow row, CancellationToken cancellationToken)
        {
            if ((row.Problem ?? (row.Hashes.Count == 0 ? RowProblem.NoHash : null)) is { } problem)
            {
                errors.Add(HashListErrors.RowInvalid(row.Place, problem));
                return;
            }

            var (list, refusal) = await lists.OfAsync(row, cancellationToken);
            if (list is null)
            {
                errors.Add(refusal!);
                return;
            }

            foreach (var (kind, text) in row.Hashes)
            {
                var length = kind is HashKind.Md5 ? 16 : PdqHash.Size;
                if (text.Length != 2 * length || !text.All(char.IsAsciiHexDigit))
                {
                    errors.Add(HashListErrors.HashInvalid(row.Place, kind, 2 * length));
                    continue;
                }

                var value = Convert.FromHexString(text);
                batch.TryAdd((list.Id, kind, Convert.ToHexString(value)), new HashListEntry { Id = Guid.CreateVersion7(now), HashListId = list.Id, Kind = kind, Value = value });
            }
        }

        private async Task SaveAsync(CancellationToken cancellationToken)
        {
            var values = batch.Values.Select(e => e.Value).ToList();
            var present = (await database.Set<HashListEntry>().Where(e => values.Contains(e.Value)).Select(e => new { e.HashListId, e.Kind, e.Value }).ToListAsync(cancellationToken))
                .Select(e => (e.HashListId, e.Kind, Convert.ToHexString(e.Value))).ToHashSet();
            var fresh = batch.Where(e => !present.Contains(e.Key)).Select(e => e.Value).ToList();
            database.AddRange(fresh);
            changed.UnionWith(fresh.Select(e => e.HashListId));
            await database.SaveChangesAsync(cancellationToken);
            database.ChangeTracker.Clear();
            imported = new Imported(imported.Added + fresh.Count, imported.Known + batch.Count - fresh.Count);
            batch = [];
        }
    }
}

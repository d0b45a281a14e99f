using MediatR;
using Microsoft.EntityFrameworkCore;
using ReportIntake.Domain;
using ReportIntake.Domain.Custody;
using ReportIntake.Domain.Recognition;
using ReportIntake.Domain.Results;
using ReportIntake.Web.Evidence.Recognition;
using ReportIntake.Web.Persistence;
using ReportIntake.Web.Pipeline;

namespace ReportIntake.Web.Features.Administration.HashLists;

/// <summary>Adds a file's hashes to lists: all of them, or, where one is wrong, none. What is there already stays as it is.</summary>
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
        private readonly Dictionary<string, HashList> lists = [];
        private readonly List<FieldError> errors = [];
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
                database.Ledger.Add(LedgerEntry.Write(request.By, "hash_list_imported", null, null, new Dictionary<string, string>
                {
                    ["hashListIds"] = string.Join(',', lists.Values.Select(l => l.Id)),
                    ["added"] = imported.Added.ToString(System.Globalization.CultureInfo.InvariantCulture),
                }, now));
                await database.SaveChangesAsync(cancellationToken);
            }

            return imported;
        }

        private async Task AddAsync(HashListRow row, CancellationToken cancellationToken)
        {
            if ((row.Problem ?? (row.Hashes.Count == 0 ? "no hash" : null)) is { } problem)
            {
                errors.Add(new FieldError(row.Place, "hash_list_row_invalid", $"The row cannot be read: {problem}."));
                return;
            }

            if (await ListAsync(row, cancellationToken) is not { } list)
            {
                return;
            }

            foreach (var (kind, text) in row.Hashes)
            {
                var length = kind is HashKind.Md5 ? 16 : PdqHash.Size;
                if (text.Length != 2 * length || !text.All(char.IsAsciiHexDigit))
                {
                    errors.Add(new FieldError(row.Place, "hash_invalid", $"The {kind.Name()} is not {2 * length} hexadecimal digits."));
                    continue;
                }

                var value = Convert.FromHexString(text);
                batch.TryAdd((list.Id, kind, Convert.ToHexString(value)), new HashListEntry { Id = Guid.CreateVersion7(now), HashListId = list.Id, Kind = kind, Value = value });
            }
        }

        private async Task<HashList?> ListAsync(HashListRow row, CancellationToken cancellationToken)
        {
            var (name, meaningName, source) = (row.Name ?? request.Name, row.Meaning ?? request.Meaning, row.Source ?? request.Source);
            if (name is not { Length: > 0 and <= HashList.NameMaxLength } || source is not { Length: > 0 and <= HashList.SourceMaxLength }
                || !EnumNames.TryParse<HashListMeaning>(meaningName, out var meaning))
            {
                errors.Add(new FieldError(row.Place, "hash_list_unnamed",
                    $"Name, source and meaning ({string.Join(" or ", EnumNames.All<HashListMeaning>())}) of the list are needed, in the row or beside the file."));
                return null;
            }

            if (!lists.TryGetValue(name, out var list))
            {
                list = await database.Set<HashList>().AsNoTracking().SingleOrDefaultAsync(l => l.Name == name, cancellationToken);
                if (list is null)
                {
                    list = new HashList { Id = Guid.CreateVersion7(now), Name = name, Meaning = meaning, Source = source, CreatedAt = now };
                    database.Add(list);
                }

                lists.Add(name, list);
            }

            if (list.Meaning != meaning)
            {
                errors.Add(new FieldError(row.Place, "hash_list_meaning_differs", $"The list of that name is {list.Meaning.Name()}."));
                return null;
            }

            return list;
        }

        private async Task SaveAsync(CancellationToken cancellationToken)
        {
            var values = batch.Values.Select(e => e.Value).ToList();
            var present = (await database.Set<HashListEntry>().Where(e => values.Contains(e.Value)).Select(e => new { e.HashListId, e.Kind, e.Value }).ToListAsync(cancellationToken))
                .Select(e => (e.HashListId, e.Kind, Convert.ToHexString(e.Value))).ToHashSet();
            var fresh = batch.Where(e => !present.Contains(e.Key)).Select(e => e.Value).ToList();
            database.AddRange(fresh);
            await database.SaveChangesAsync(cancellationToken);
            database.ChangeTracker.Clear();
            imported = new Imported(imported.Added + fresh.Count, imported.Known + batch.Count - fresh.Count);
            batch = [];
        }
    }
}

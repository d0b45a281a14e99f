using Microsoft.EntityFrameworkCore;
using ReportIntake.Domain;
using ReportIntake.Domain.Results;
using ReportIntake.Web.Evidence.Recognition;
using ReportIntake.Web.Persistence;

namespace ReportIntake.Web.Features.Administration.HashLists;

/// <summary>The lists that one import names: those there are, and new ones.</summary>
/// <param name="whole">What holds where a row does not say it.</param>
internal sealed class ImportedLists(ReportIntakeDbContext database, ImportHashList.Command whole, DateTimeOffset now)
{
    private readonly Dictionary<string, HashList> lists = [];

    /// <summary>The row's list, which is added where it is new; or why it has none.</summary>
    public async Task<(HashList? List, FieldError? Error)> OfAsync(HashListRow row, CancellationToken cancellationToken)
    {
        var (name, meaningName, source) = (row.Name ?? whole.Name, row.Meaning ?? whole.Meaning, row.Source ?? whole.Source);
        if (name is not { Length: > 0 and <= HashList.NameMaxLength } || source is not { Length: > 0 and <= HashList.SourceMaxLength }
            || !EnumNames.TryParse<HashListMeaning>(meaningName, out var meaning))
        {
            return (null, HashListErrors.Unnamed(row.Place));
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

        return list.Meaning == meaning ? (list, null) : (null, HashListErrors.MeaningDiffers(row.Place, list.Meaning));
    }
}

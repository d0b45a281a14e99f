using Microsoft.EntityFrameworkCore;
using ReportIntake.Domain.Results;
using ReportIntake.Web.Linking;
using ReportIntake.Web.Persistence;

namespace ReportIntake.Web.Features.Moderation.Search;

/// <summary>Reports in whose texts all the words stand, the newest first.</summary>
public sealed class TextSearch(ReportIntakeDbContext database, TextIndex index)
{
    /// <summary>Words are compared by how often they stand, up to this: the rarest is walked, the others are looked up.</summary>
    private const int CountedTo = 2000;

    internal async Task<Result<SearchReports.Response>> FindAsync(IReadOnlyList<string> words, int limit, SearchPlace? after, CancellationToken cancellationToken)
    {
        if (words.Count == 0)
        {
            return Error.Validation("text", "search_no_words", "There is no word in it that could be searched for.");
        }

        var terms = await RarestFirstAsync([.. words.Select(index.TermOf)], cancellationToken);
        var rarest = terms[0];
        var found = database.Set<TextTerm>().Where(t => t.Term == rarest);
        if (after is { } place)
        {
            found = found.Where(t => t.TextId < place.Number);
        }

        foreach (var other in terms.Skip(1))
        {
            found = found.Where(t => database.Set<TextTerm>().Any(o => o.Term == other && o.TextId == t.TextId));
        }

        var rows = await found.OrderByDescending(t => t.TextId).Take(limit + 1)
            .Join(database.Set<ReportText>(), t => t.TextId, t => t.Id, (term, text) => new { text.Id, text.ReportId })
            .OrderByDescending(t => t.Id).ToListAsync(cancellationToken);
        var page = rows.Take(limit).ToList();
        var items = await FoundReport.ReadAsync(database, page.ConvertAll(t => t.ReportId), null, cancellationToken);
        return new SearchReports.Response(items, rows.Count > limit ? new SearchPlace(page[^1].Id, Guid.Empty).Write() : null);
    }

    private async Task<List<long>> RarestFirstAsync(List<long> terms, CancellationToken cancellationToken)
    {
        var counted = new List<(long Term, int Count)>();
        foreach (var term in terms)
        {
            counted.Add((term, terms.Count == 1 ? 0 : await database.Set<TextTerm>().Where(t => t.Term == term).OrderBy(t => t.TextId).Take(CountedTo).CountAsync(cancellationToken)));
        }

        return [.. counted.OrderBy(c => c.Count).Select(c => c.Term)];
    }
}

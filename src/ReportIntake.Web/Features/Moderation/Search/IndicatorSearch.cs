using Microsoft.EntityFrameworkCore;
using ReportIntake.Domain.Linking;
using ReportIntake.Domain.Reports;
using ReportIntake.Domain.Results;
using ReportIntake.Web.Features.Shared.Catalogue;
using ReportIntake.Web.Persistence;
using ReportIntake.Web.Persistence.Configurations;

namespace ReportIntake.Web.Features.Moderation.Search;

/// <summary>Reports that name an indicator, whole or by its beginning, the newest first. Each step is a walk of one index that ends with the page.</summary>
public sealed class IndicatorSearch(ReportIntakeDbContext database, ReportCatalogue catalogue)
{
    /// <summary>Candidates that one page opens where not all that are found are what was asked for: a beginning of a length that is not kept, or of one platform.</summary>
    public const int MaxCandidates = 500;

    internal async Task<Result<SearchReports.Response>> FindAsync(string typed, int limit, SearchPlace? after, CancellationToken cancellationToken)
    {
        var query = IndicatorQuery.Read(typed, catalogue.Platforms.Select(p => p.Code));
        if (query is { IsPrefix: true, Beginnings: [] })
        {
            return Error.Validation([new FieldError("indicator", "prefix_too_short", $"At least {IndicatorPrefix.MinLength} characters before the star.")
            {
                Arguments = new Dictionary<string, string> { ["min"] = $"{IndicatorPrefix.MinLength}" },
            }]);
        }

        var walks = query.IsPrefix ? Beginning(query) : await NamedAsync(query, cancellationToken);
        if (walks.Count == 0)
        {
            return new SearchReports.Response([], null);
        }

        // A candidate too many tells that there is more.
        var all = !query.IsPrefix || (query.Owner.Length == 0 && query.Beginnings.All(b => IndicatorPrefix.Lengths.Contains(b.Length)));
        var take = all ? limit + 1 : MaxCandidates;
        var rows = walks.Select(walk => Newest(From(walk, after)).Take(take)).Aggregate((walked, more) => walked.Concat(more));
        var candidates = await Newest(rows).Take(take)
            .Select(i => new Candidate(i.Id, EF.Property<Guid>(i, "ReportId"), i.SeenAt, i.Kind, i.Value, i.Normalised)).ToListAsync(cancellationToken);
        var asked = candidates.Where(c => query.IsPrefix ? query.Begins(c.Kind, c.Normalised) : query.Exact.Contains((c.Kind, c.Normalised))).ToList();
        var page = asked.Take(limit).ToList();
        var last = asked.Count > limit ? page[^1] : candidates.Count == take ? candidates[^1] : null;
        var items = await FoundReport.ReadAsync(
            database, [.. page.Select(c => c.ReportId).Distinct()], page.ToLookup(c => c.ReportId, c => new MatchedIndicator(c.Kind, c.Value, c.Normalised)), cancellationToken);
        return new SearchReports.Response(items, last is null ? null : new SearchPlace(last.SeenAt.UtcTicks, last.Id).Write());
    }

    /// <summary>One walk for each meaning that there is anything of: most of what a text may mean nobody has named.</summary>
    private async Task<List<IQueryable<Indicator>>> NamedAsync(IndicatorQuery query, CancellationToken cancellationToken)
    {
        var keys = query.Exact.Select(e => e.Normalised).Distinct().Select(n => database.LookupKey(IndicatorConfiguration.NormalisedLookup, n)).ToList();
        var known = await database.Set<Indicator>().Select(i => EF.Property<byte[]>(i, IndicatorConfiguration.NormalisedLookup))
            .Where(key => keys.Contains(key)).Distinct().ToListAsync(cancellationToken);
        return known.ConvertAll(key => database.Set<Indicator>().Where(i => EF.Property<byte[]>(i, IndicatorConfiguration.NormalisedLookup) == key));
    }

    private List<IQueryable<Indicator>> Beginning(IndicatorQuery query) =>
        query.Beginnings.Select(IndicatorPrefix.Longest).OfType<string>().Distinct().Select(beginning =>
        {
            var column = IndicatorConfiguration.PrefixLookup(beginning.Length);
            long? key = database.LookupNumber(column, beginning);
            return database.Set<Indicator>().Where(i => EF.Property<long?>(i, column) == key);
        }).ToList();

    private static IQueryable<Indicator> From(IQueryable<Indicator> walk, SearchPlace? after)
    {
        if (after is not { } place)
        {
            return walk;
        }

        var (at, id) = (place.At, place.Id);
        return walk.Where(i => i.SeenAt <= at && (i.SeenAt < at || i.Id.CompareTo(id) < 0));
    }

    private static IQueryable<Indicator> Newest(IQueryable<Indicator> indicators) => indicators.OrderByDescending(i => i.SeenAt).ThenByDescending(i => i.Id);

    private sealed record Candidate(Guid Id, Guid ReportId, DateTimeOffset SeenAt, IndicatorKind Kind, string Value, string Normalised);
}

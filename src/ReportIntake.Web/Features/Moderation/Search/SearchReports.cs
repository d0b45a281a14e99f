using System.Globalization;
using MediatR;
using ReportIntake.Domain;
using ReportIntake.Domain.Custody;
using ReportIntake.Domain.Linking;
using ReportIntake.Domain.Results;
using ReportIntake.Web.Persistence;
using ReportIntake.Web.Pipeline;

namespace ReportIntake.Web.Features.Moderation.Search;

/// <summary>
/// Finds reports by an indicator, a reference or words: <c>GET /api/v1/moderation/search</c> and the search page. A search is
/// a look at content: who searched by what, and how much was found, goes to the ledger; what was typed goes nowhere.
/// </summary>
public static class SearchReports
{
    public const int DefaultLimit = 25;
    public const int MaxLimit = 100;

    /// <summary>The query string: exactly one of the first three.</summary>
    /// <param name="Indicator">A handle, address, number, mailbox or account as anybody would type it; a star at its end finds all that begin so.</param>
    /// <param name="Reference">A report's number, such as <c>RI-2026-000123</c>.</param>
    /// <param name="Text">Words of the description, place, remarks or messages; all of them must be there.</param>
    public sealed record Query(string? Indicator = null, string? Reference = null, string? Text = null, string? Limit = null, string? Cursor = null);

    public sealed record Command(Query Query, Actor Actor) : ICommand<Result<Response>>;

    /// <param name="Items">Newest first.</param>
    /// <param name="NextCursor">Give it as <c>cursor</c> to go on; null at the end.</param>
    public sealed record Response(IReadOnlyList<FoundReport> Items, string? NextCursor);

    public sealed class Handler(ReportIntakeDbContext database, IndicatorSearch indicators, TextSearch texts, ReferenceSearch references, TimeProvider clock)
        : IRequestHandler<Command, Result<Response>>
    {
        public async Task<Result<Response>> Handle(Command request, CancellationToken cancellationToken)
        {
            var query = request.Query;
            if (Refusal(query) is { } refusal)
            {
                return refusal;
            }

            var limit = query.Limit is null ? DefaultLimit : int.Parse(query.Limit, CultureInfo.InvariantCulture);
            var after = SearchPlace.Read(query.Cursor);
            var (by, found) = query switch
            {
                { Reference: { } reference } => ("reference", await references.FindAsync(reference, cancellationToken)),
                { Text: { } text } => ("text", await texts.FindAsync(SearchTerms.OfSearch(text), limit, after, cancellationToken)),
                _ => ("indicator", await indicators.FindAsync(query.Indicator!, limit, after, cancellationToken)),
            };
            if (found.IsSuccess)
            {
                database.Ledger.Add(LedgerEntry.Write(
                    request.Actor, "reports_searched", null, null, new Dictionary<string, string> { ["by"] = by, ["found"] = found.Value.Items.Count.ToString(CultureInfo.InvariantCulture) }, clock.GetUtcNow()));
                await database.SaveChangesAsync(cancellationToken);
            }

            return found;
        }

        private static Error? Refusal(Query query)
        {
            var fields = new List<FieldError>();
            var given = new[] { ("indicator", query.Indicator), ("reference", query.Reference), ("text", query.Text) }.Where(f => f.Item2 is not null).ToList();
            if (given is not [_])
            {
                fields.Add(new FieldError(given is [_, (var second, _), ..] ? second : "indicator", "search_by_one", "One of indicator, reference and text is needed, and no more."));
            }

            fields.AddRange(given.Where(f => string.IsNullOrWhiteSpace(f.Item2)).Select(f => new FieldError(f.Item1, "required", "There is nothing to search for.")));
            fields.AddRange(given.Where(f => f.Item2!.Length > IndicatorQuery.MaxLength).Select(f => new FieldError(f.Item1, "too_long", $"At most {IndicatorQuery.MaxLength} characters.")));
            if (query.Limit is not null && !(int.TryParse(query.Limit, NumberStyles.None, CultureInfo.InvariantCulture, out var limit) && limit is >= 1 and <= MaxLimit))
            {
                fields.Add(new FieldError("limit", "limit_invalid", $"The limit is 1 to {MaxLimit}."));
            }

            if (query.Cursor is not null && SearchPlace.Read(query.Cursor) is null)
            {
                fields.Add(new FieldError("cursor", "cursor_invalid", "The cursor is not one that was given here."));
            }

            return fields.Count == 0 ? null : Error.Validation(fields);
        }
    }
}

using System.ComponentModel;
using System.Globalization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;
using ReportIntake.Domain.Reports;
using ReportIntake.Domain.Triage;
using ReportIntake.Web.ErrorHandling;
using ReportIntake.Web.Features.Shared.Catalogue;
using ReportIntake.Web.Persistence;
using ReportIntake.Web.Security;

namespace ReportIntake.Web.Features.Police.VerifiedReports;

/// <summary>
/// The reports a client may work on, by last change, the oldest first. A report that changes while its client pages moves
/// to the end and is met again; one that is changed by a late commit may be missed. Who must miss nothing follows the feed.
/// </summary>
public static class ListVerifiedReports
{
    public const int DefaultLimit = 50;
    public const int MaxLimit = 200;

    public sealed record Query(
        [property: FromQuery(Name = "tier"), Description("immediate, urgent or non_urgent.")] string? Tier,
        [property: FromQuery(Name = "state"), Description("verified, in_follow_up, resolved or closed.")] string? State,
        [property: FromQuery(Name = "category"), Description("A category's code.")] string? Category,
        [property: FromQuery(Name = "area"), Description("A regency's code, or a province's for all of its regencies.")] string? Area,
        [property: FromQuery(Name = "updatedSince"), Description("RFC 3339: only what changed at that time or later.")] string? UpdatedSince,
        [property: FromQuery(Name = "limit"), Description("1 to 200, 50 if not given.")] int? Limit,
        [property: FromQuery(Name = "cursor"), Description("nextCursor of the page before, with the same filter.")] string? Cursor);

    public sealed record Page(IReadOnlyList<Item> Items, string? NextCursor);

    public sealed record Item(
        Guid Id,
        string Reference,
        int Version,
        ReportState State,
        Tier? Tier,
        string Category,
        string? AreaCode,
        DateTimeOffset SubmittedAt,
        DateTimeOffset UpdatedAt,
        DateTimeOffset? VerifiedAt,
        int EvidenceCount,
        bool LegalHold);

    public static async Task<Microsoft.AspNetCore.Http.IResult> HandleAsync(
        [AsParameters] Query query, PoliceClientAccess client, ReportIntakeDbContext database, ReportCatalogue catalogue, SealedCursors cursors, CancellationToken ct)
    {
        var parsed = ReportFilter.Parse(query, catalogue);
        if (!parsed.IsSuccess)
        {
            return parsed.Error.ToProblem();
        }

        var (filter, limit) = (parsed.Value, query.Limit ?? DefaultLimit);
        var reports = filter.Apply(database.Reports.AsNoTracking().VisibleTo(client));
        if (query.Cursor is not null)
        {
            var opened = cursors.Open(client.ClientId, filter.ToString(), query.Cursor);
            if (!opened.IsSuccess)
            {
                return opened.Error.ToProblem();
            }

            // The first condition alone bounds the walk of the index; the second only drops what shares its time with the cursor.
            var (after, afterId) = PlaceOf(opened.Value);
            reports = reports.Where(r => r.UpdatedAt >= after && (r.UpdatedAt > after || r.Id > afterId));
        }

        var items = await InOrder(database, reports).Take(limit + 1).ToListAsync(ct);
        var more = items.Count > limit;
        var page = items.Take(limit).ToList();
        return TypedResults.Ok(new Page(page, more ? cursors.Seal(client.ClientId, filter.ToString(), Place(page[^1])) : null));
    }

    /// <summary>Exposed so that a test can ask the database for its plan.</summary>
    public static IQueryable<Item> InOrder(ReportIntakeDbContext database, IQueryable<Report> reports) => reports
        .OrderBy(r => r.UpdatedAt).ThenBy(r => r.Id)
        .Select(r => new Item(
            r.Id, r.Reference, r.Version, r.State, r.Tier, r.Category, r.Incident.AreaCode, r.SubmittedAt, r.UpdatedAt,
            database.PoliceEvents.Where(e => e.ReportId == r.Id && e.Type == PoliceEventType.Verified).Max(e => (DateTimeOffset?)e.At),
            r.EvidenceCount, r.LegalHold));

    private static string Place(Item last) => string.Create(CultureInfo.InvariantCulture, $"{last.UpdatedAt.UtcTicks} {last.Id}");

    private static (DateTimeOffset After, Guid AfterId) PlaceOf(string place)
    {
        var parts = place.Split(' ');
        return (new DateTimeOffset(long.Parse(parts[0], CultureInfo.InvariantCulture), TimeSpan.Zero), Guid.Parse(parts[1]));
    }
}

using System.ComponentModel;
using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;
using ReportIntake.Domain.Reports;
using ReportIntake.Domain.Triage;
using ReportIntake.Web.ErrorHandling;
using ReportIntake.Web.Features.Police.VerifiedReports;
using ReportIntake.Web.Features.Shared.Catalogue;
using ReportIntake.Web.Persistence;
using ReportIntake.Web.Security;

namespace ReportIntake.Web.Features.Police.Exports;

/// <summary>How many reports a client has, by area, tier and state. Counts of what it may read one by one: none is suppressed.</summary>
public static class CountReports
{
    public sealed record Query(
        [property: FromQuery(Name = "tier"), Description("immediate, urgent or non_urgent.")] string? Tier,
        [property: FromQuery(Name = "state"), Description("verified, in_follow_up, resolved or closed.")] string? State,
        [property: FromQuery(Name = "category"), Description("A category's code.")] string? Category,
        [property: FromQuery(Name = "area"), Description("A regency's code, or a province's for all of its regencies.")] string? Area,
        [property: FromQuery(Name = "updatedSince"), Description("RFC 3339: only what changed at that time or later.")] string? UpdatedSince);

    /// <param name="Items">By area, tier and state; what would be zero is left out.</param>
    public sealed record Response(int Total, IReadOnlyList<Item> Items);

    /// <param name="AreaCode">Null: the report names none.</param>
    /// <param name="AreaName">The official name.</param>
    public sealed record Item(string? AreaCode, string? AreaName, Tier? Tier, ReportState State, int Count);

    public static async Task<Microsoft.AspNetCore.Http.IResult> HandleAsync(
        [AsParameters] Query query, PoliceClientAccess client, ReportIntakeDbContext database, ReportCatalogue catalogue, CancellationToken ct)
    {
        var parsed = ReportFilter.Parse(new ListVerifiedReports.Query(query.Tier, query.State, query.Category, query.Area, query.UpdatedSince, null, null), catalogue);
        if (!parsed.IsSuccess)
        {
            return parsed.Error.ToProblem();
        }

        var counts = await parsed.Value.Apply(database.Reports.VisibleTo(client))
            .GroupBy(r => new { r.Incident.AreaCode, r.Tier, r.State })
            .Select(g => new { g.Key.AreaCode, g.Key.Tier, g.Key.State, Count = g.Count() })
            .ToListAsync(ct);
        return TypedResults.Ok(new Response(
            counts.Sum(c => c.Count),
            [
                .. counts.OrderBy(c => c.AreaCode, StringComparer.Ordinal).ThenBy(c => c.Tier).ThenBy(c => c.State)
                    .Select(c => new Item(c.AreaCode, catalogue.Area(c.AreaCode)?.Name, c.Tier, c.State, c.Count)),
            ]));
    }
}

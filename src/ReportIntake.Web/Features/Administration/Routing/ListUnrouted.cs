using Microsoft.AspNetCore.Http.HttpResults;
using ReportIntake.Web.Security;

namespace ReportIntake.Web.Features.Administration.Routing;

/// <summary>Verified reports that no police client is given: codes and counts, so that an admin, who sees no content, can give somebody their area.</summary>
internal static class ListUnrouted
{
    /// <param name="Count">Of all groups.</param>
    public sealed record Response(int Count, IReadOnlyList<UnroutedReports.Group> Groups);

    public static void MapUnrouted(this IEndpointRouteBuilder admin) => admin.MapGet("/unrouted", HandleAsync)
        .WithName("ListUnrouted").WithSummary("Verified reports that no police client sees, counted by area, category and tier.");

    private static async Task<Ok<Response>> HandleAsync(UnroutedReports unrouted, CancellationToken ct)
    {
        var groups = await unrouted.FindAsync(ct);
        return TypedResults.Ok(new Response(groups.Sum(g => g.Count), groups));
    }
}

using Microsoft.AspNetCore.Mvc;

namespace ReportIntake.Web.Features.Police;

/// <summary>What the description says of a route, in the words of its table.</summary>
internal static class PoliceRoutes
{
    public static RouteHandlerBuilder Named(this RouteHandlerBuilder route, string name, string summary) => route.WithName(name).WithSummary(summary);

    /// <summary>The refusals it may answer, as problem documents.</summary>
    public static TBuilder Problems<TBuilder>(this TBuilder routes, params ReadOnlySpan<int> statuses) where TBuilder : IEndpointConventionBuilder
    {
        foreach (var status in statuses)
        {
            routes.WithMetadata(new ProducesResponseTypeMetadata(status, typeof(ProblemDetails), ["application/problem+json"]));
        }

        return routes;
    }
}

using System.Diagnostics;
using Microsoft.AspNetCore.Http.Features;

namespace ReportIntake.Web.Telemetry;

/// <summary>Names a request's span by its route's template. Never by its path: an upload's id in it is a capability, a report's leads to a person.</summary>
public static class RequestSpans
{
    private static readonly string[] Probes = ["health"];

    public static IApplicationBuilder UseRequestSpans(this IApplicationBuilder app) => app.Use(async (context, next) =>
    {
        // What is answered with an error page has that page's endpoint in the end.
        var route = (context.GetEndpoint() as RouteEndpoint)?.RoutePattern.RawText;
        try
        {
            await next(context);
        }
        finally
        {
            if (context.Features.Get<IHttpActivityFeature>()?.Activity is { IsAllDataRequested: true } span)
            {
                Name(span, context, route);
            }
        }
    });

    private static void Name(Activity span, HttpContext context, string? route)
    {
        if (route is not null && Probes.Contains(route.TrimStart('/').Split('/')[0]))
        {
            span.ActivityTraceFlags &= ~ActivityTraceFlags.Recorded; // every few seconds, and never news
            return;
        }

        // A method is text of the sender's own, too; "_OTHER" is OpenTelemetry's word for the rest.
        var method = new[] { "GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS" }.Contains(context.Request.Method) ? context.Request.Method : "_OTHER";
        span.DisplayName = route is null ? method : $"{method} /{route.TrimStart('/')}";
        span.SetTag(SpanFilter.Method, method).SetTag(SpanFilter.Status, context.Response.StatusCode);
        if (route is not null)
        {
            span.SetTag(SpanFilter.Route, "/" + route.TrimStart('/'));
        }

        if (context.Response.StatusCode >= StatusCodes.Status500InternalServerError)
        {
            span.SetStatus(ActivityStatusCode.Error);
        }
    }
}

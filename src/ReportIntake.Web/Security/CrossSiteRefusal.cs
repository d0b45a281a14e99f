using Microsoft.Net.Http.Headers;
using ReportIntake.Web.ErrorHandling;

namespace ReportIntake.Web.Security;

/// <summary>
/// Cross-site request forgery against the API: an unsafe request that the cookie authenticated must come from the
/// service's own pages, by what the browser itself says (<c>Sec-Fetch-Site</c>, else <c>Origin</c>; OWASP's Fetch-Metadata
/// rule). Simpler than a token and enough, as all browsers since 2023 send the header; who sends neither is refused.
/// Callers with an <c>Authorization</c> header are no matter: no foreign page can make a browser send one. Razor Pages
/// keep their antiforgery tokens, and the cookie is SameSite=Strict besides.
/// </summary>
public sealed class CrossSiteRefusal(RequestDelegate next)
{
    public Task InvokeAsync(HttpContext context)
    {
        var request = context.Request;
        var unsafeMethod = !(HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method) || HttpMethods.IsOptions(request.Method));
        return unsafeMethod
            && request.Path.StartsWithSegments("/api", StringComparison.OrdinalIgnoreCase)
            && context.User.Identity?.IsAuthenticated is true
            && !request.Headers.ContainsKey(HeaderNames.Authorization)
            && !ComesFromOwnPages(request)
                ? Problems.WriteAsync(context, SecurityErrors.CrossSite)
                : next(context);
    }

    private static bool ComesFromOwnPages(HttpRequest request)
    {
        var site = request.Headers["Sec-Fetch-Site"].ToString();
        if (site.Length > 0)
        {
            return site == "same-origin";
        }

        // Hosts only: behind a proxy the scheme may differ.
        return Uri.TryCreate(request.Headers.Origin, UriKind.Absolute, out var origin)
            && string.Equals(origin.Authority, request.Host.Value, StringComparison.OrdinalIgnoreCase);
    }
}

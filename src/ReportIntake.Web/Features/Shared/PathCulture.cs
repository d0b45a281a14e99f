using Microsoft.AspNetCore.Localization;

namespace ReportIntake.Web.Features.Shared;

/// <summary>
/// The language of an answer. Citizens' pages: by the address alone, so that a link is in the language it was shared in
/// and nothing is kept on the device. The API: by <c>Accept-Language</c>. Staff: by the cookie they chose it with.
/// Indonesian where nothing else is said.
/// </summary>
public sealed class PathCulture : RequestCultureProvider
{
    /// <summary>Holds <c>id</c> or <c>en</c>; set by <see cref="StaffLanguageModel"/>.</summary>
    public const string StaffCookie = "ri_lang";

    private static readonly AcceptLanguageHeaderRequestCultureProvider AcceptLanguage = new();

    public override async Task<ProviderCultureResult?> DetermineProviderCultureResult(HttpContext httpContext)
    {
        var path = httpContext.Request.Path;
        if (path.StartsWithSegments("/api", StringComparison.OrdinalIgnoreCase))
        {
            return await AcceptLanguage.DetermineProviderCultureResult(httpContext);
        }

        if (path.StartsWithSegments("/staff", StringComparison.OrdinalIgnoreCase))
        {
            return httpContext.Request.Cookies[StaffCookie] is { } chosen ? new ProviderCultureResult(chosen) : null;
        }

        return path.StartsWithSegments("/en", StringComparison.OrdinalIgnoreCase) ? new ProviderCultureResult("en") : null;
    }
}

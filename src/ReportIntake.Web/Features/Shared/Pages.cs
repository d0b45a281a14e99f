using System.Globalization;
using Microsoft.AspNetCore.Localization;

namespace ReportIntake.Web.Features.Shared;

/// <summary>The server-rendered pages: their languages, routes and static assets.</summary>
public static class Pages
{
    /// <summary>
    /// Razor Pages that live beside their use cases, in two languages. <c>UseRequestLocalization</c> must run
    /// before the endpoints, so that errors are told in the reader's language too.
    /// </summary>
    public static IServiceCollection AddPages(this IServiceCollection services)
    {
        services.AddLocalization();
        services.Configure<RequestLocalizationOptions>(options =>
        {
            options.SupportedCultures = options.SupportedUICultures = [new CultureInfo("id"), new CultureInfo("en")];
            options.DefaultRequestCulture = new RequestCulture("id");
            options.RequestCultureProviders = [new PathCulture()];
            options.ApplyCurrentCultureToResponseHeaders = true;
        });
        services.AddRazorPages(options =>
        {
            options.RootDirectory = "/Features";
            options.Conventions.Add(new BilingualRouteConvention());
        });
        return services;
    }

    /// <summary>Pages and the built assets, the latter by fingerprinted, for ever cacheable addresses.</summary>
    public static IEndpointRouteBuilder MapPages(this IEndpointRouteBuilder routes)
    {
        routes.MapStaticAssets().AllowAnonymous();
        routes.MapRazorPages().WithStaticAssets();
        return routes;
    }
}

using Microsoft.AspNetCore.Diagnostics;

namespace ReportIntake.Web.Features.Shared.Errors;

/// <summary>What people see when something fails: the same layout, the emergency numbers, their language, and how to go on.</summary>
public static class ErrorPages
{
    private const string Path = "/galat";
    private static readonly string[] NotPages = ["/api", "/health", "/assets", "/openapi", "/swagger"];

    /// <summary>
    /// For the pages alone; the API answers with problem documents. Call it after <c>UseRequestLocalization</c>, whose language
    /// is that of the address asked for, and before the endpoints.
    /// </summary>
    public static IApplicationBuilder UseErrorPages(this IApplicationBuilder app) => app
        .UseExceptionHandler(Path)
        .UseStatusCodePagesWithReExecute(Path + "/{0}")
        .Use((context, next) =>
        {
            // Switched off here and not left out by UseWhen, in whose branch the error page's route would not be found.
            if (NotPages.Any(start => context.Request.Path.StartsWithSegments(start, StringComparison.OrdinalIgnoreCase)))
            {
                context.Features.Get<IStatusCodePagesFeature>()?.Enabled = false;
            }

            return next(context);
        });
}

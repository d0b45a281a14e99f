namespace ReportIntake.Web.Features.Shared.Errors;

/// <summary>What people see when something fails: the same layout, the emergency numbers, their language, and how to go on.</summary>
public static class ErrorPages
{
    private const string Path = "/galat";

    /// <summary>
    /// For the pages alone; the API answers with problem documents. Call it after <c>UseRequestLocalization</c>, whose language
    /// is that of the address asked for, and before the endpoints.
    /// </summary>
    public static IApplicationBuilder UseErrorPages(this IApplicationBuilder app) => app
        .UseExceptionHandler(Path)
        .UseWhen(
            context => !context.Request.Path.StartsWithSegments("/api", StringComparison.OrdinalIgnoreCase)
                && !context.Request.Path.StartsWithSegments("/health", StringComparison.OrdinalIgnoreCase)
                && !context.Request.Path.StartsWithSegments("/assets", StringComparison.OrdinalIgnoreCase),
            pages => pages.UseStatusCodePagesWithReExecute(Path + "/{0}"));
}

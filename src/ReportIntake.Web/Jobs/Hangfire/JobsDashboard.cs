using Hangfire;
using Hangfire.Dashboard;
using ReportIntake.Web.Security;

namespace ReportIntake.Web.Jobs.Hangfire;

/// <summary>Hangfire's own pages at <see cref="Path"/>, for admins: queues, retries, dead letters, and sending these round again.</summary>
public static class JobsDashboard
{
    public const string Path = "/ops/jobs";

    /// <summary>Its pages colour some words by style attributes and bring a font; nothing is loaded from elsewhere.</summary>
    private const string ContentPolicy =
        "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self'; connect-src 'self'; " +
        "form-action 'self'; frame-ancestors 'none'; base-uri 'none'";

    public static void MapJobsDashboard(this IEndpointRouteBuilder routes)
    {
        var options = new DashboardOptions
        {
            Authorization = [], // the route's policy decides, before anything of Hangfire's runs
            AppPath = "/staff",
            DashboardTitle = "ReportIntake",
            DisplayStorageConnectionString = false,
        };
        var storage = routes.ServiceProvider.GetRequiredService<JobStorage>();
        var pages = routes.CreateApplicationBuilder()
            .Use((context, next) =>
            {
                context.Response.Headers.ContentSecurityPolicy = ContentPolicy;
                return next(context);
            })
            .UsePathBase(Path)
            .UseMiddleware<AspNetCoreDashboardMiddleware>(storage, options, DashboardRoutes.Routes, true)
            .Build();
        routes.Map(Path + "/{**path}", pages).RequireAuthorization(Policies.Admin);
    }
}

using ReportIntake.Web.Evidence.Metadata;
using ReportIntake.Web.Features.Police.ChangeFeed;
using ReportIntake.Web.Features.Police.Exports;
using ReportIntake.Web.Features.Police.FollowUp;
using ReportIntake.Web.Features.Police.HandOver;
using ReportIntake.Web.Features.Police.VerifiedReports;
using ReportIntake.Web.Features.Police.Webhooks;
using ReportIntake.Web.RateLimiting;
using ReportIntake.Web.Security;
using IHttpResult = Microsoft.AspNetCore.Http.IResult;

namespace ReportIntake.Web.Features.Police;

/// <summary>What police systems call, with their own credentials and for what they are given. The areas' own tables stand in their folders.</summary>
public static class PoliceEndpoints
{
    public static void MapPolice(this IEndpointRouteBuilder routes)
    {
        var api = routes.MapGroup("/api/v1").WithTags("Police systems").RequireRateLimiting(RateLimits.Police).Problems(401, 403, 429);

        var reading = api.MapGroup("").RequireAuthorization(PoliceScopes.ReadReports);
        reading.MapGet("/reports", ListVerifiedReports.HandleAsync).Named("listVerifiedReports", "Verified reports of the client's areas, by last change")
            .Produces<ListVerifiedReports.Page>().Problems(400);
        reading.MapGet("/reports/{id:guid}", ReadVerifiedReport.HandleAsync).Named("readVerifiedReport", "One report with all that the police need")
            .Produces<PoliceReport>().Problems(404);
        reading.MapGet("/reports/export", ExportReports.Handle).Named("exportReports", "All of the client's reports that a filter lets through, streamed as CSV or NDJSON")
            .Produces<string>(200, ExportFormat.Csv.MediaType, ExportFormat.Ndjson.MediaType).Problems(400);
        reading.MapGet("/reports/statistics", CountReports.HandleAsync).Named("countReports", "The client's reports by area, tier and state")
            .Produces<CountReports.Response>().Problems(400);
        reading.MapGet("/events", Events).Named("readEvents", "The change feed: CloudEvents in order of publication, by long poll if asked")
            .Produces<IReadOnlyList<CloudEvent>>(contentType: CloudEvent.BatchContentType).Problems(400, 410);

        api.MapGet("/reports/{id:guid}/evidence/{evidenceId:guid}/original", ReadOriginal.HandleAsync)
            .Named("readOriginal", "An evidence item, byte for byte as it was sent; takes Range")
            .RequireAuthorization(PoliceScopes.ReadEvidence)
            .Produces<Stream>(200, "application/octet-stream").Produces(206).Produces(304).Produces(412).Produces(416).Problems(404);
        api.MapGet("/reports/{id:guid}/package", Package)
            .Named("handOverPackage", "Everything of a report in one signed archive (BagIt 1.0 in zip) that verifies offline")
            .RequireAuthorization(PoliceScopes.ReadReports, PoliceScopes.ReadEvidence)
            .Produces<Stream>(200, "application/zip").Problems(404, 500);

        api.MapWebhooks();

        api.MapGet("/reports/{id:guid}/evidence/{evidenceId:guid}/metadata", ReadMetadataSheet.HandleAsync)
            .Named("readMetadataSheet", "All that an evidence item says of itself: camera, times, places")
            .RequireAuthorization(PoliceScopes.ReadEvidence).Produces<MetadataSheet>().Problems(404);

        api.MapFollowUp();
    }

    public static IServiceCollection AddPolice(this IServiceCollection services)
    {
        services.AddSingleton<SealedCursors>();
        services.AddOptions<FeedOptions>().BindConfiguration("Feed").ValidateDataAnnotations().ValidateOnStart();
        services.AddScoped<FeedReader>();
        services.AddScoped<FeedCursors>();
        services.AddScoped<ReadEvents>();
        services.AddWebhooks();
        services.AddScoped<HandOverPackage>();
        return services;
    }

    private static Task<IHttpResult> Events([AsParameters] ReadEvents.Query query, PoliceClientAccess client, ReadEvents feed, HttpResponse response, CancellationToken ct) =>
        feed.HandleAsync(query, client, response, ct);

    private static Task<IHttpResult> Package(Guid id, PoliceClientAccess client, HandOverPackage handOver, HttpContext context, CancellationToken ct) =>
        handOver.HandleAsync(id, client, context, ct);
}

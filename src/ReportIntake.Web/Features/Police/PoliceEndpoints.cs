using MediatR;
using Microsoft.AspNetCore.Mvc;
using ReportIntake.Web.ErrorHandling;
using ReportIntake.Web.Evidence.Metadata;
using ReportIntake.Web.Features.Police.ChangeFeed;
using ReportIntake.Web.Features.Police.FollowUp;
using ReportIntake.Web.Features.Police.HandOver;
using ReportIntake.Web.Features.Police.VerifiedReports;
using ReportIntake.Web.Features.Police.Webhooks;
using ReportIntake.Web.Features.Shared;
using ReportIntake.Web.RateLimiting;
using ReportIntake.Web.Security;
using IHttpResult = Microsoft.AspNetCore.Http.IResult;

namespace ReportIntake.Web.Features.Police;

/// <summary>What police systems call, with their own credentials and for their own areas.</summary>
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

        var followUp = api.MapGroup("/reports/{id:guid}").RequireAuthorization(PoliceScopes.WriteFollowUp).Problems(400, 404, 409, 412, 422);
        followUp.MapPost("/acknowledgement", Acknowledge).Named("acknowledgeReport", "The police have taken it up").Produces<FollowUpAnswer>();
        followUp.MapPost("/return", Return).Named("returnReport", "The police cannot work with it: back to the moderators").Produces<FollowUpAnswer>();
        followUp.MapPost("/risk-assessments", AssessRisk).Named("recordRiskAssessment", "Hazards, impact and further action").Produces<FollowUpAnswer>();
        followUp.MapPost("/notes", AddNote).Named("addFollowUpNote", "A remark of the police").Produces<FollowUpAnswer>();
        followUp.MapPost("/outcome", RecordOutcome).Named("recordOutcome", "What became of it").Produces<FollowUpAnswer>();
        followUp.MapPost("/retriage", Retriage).Named("retriageReport", "Another tier; leaving immediate needs two people").Produces<RetriageReport.Answer>();
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

    /// <summary>What every follow-up takes beside its body.</summary>
    private readonly record struct Request(
        Guid Id,
        [FromHeader(Name = "If-Match")] string? IfMatch,
        [FromHeader(Name = "Idempotency-Key")] string? IdempotencyKey,
        PoliceClientAccess Client,
        IMediator Mediator,
        HttpResponse Response,
        CancellationToken Ct)
    {
        public FollowUpTarget Target => new(Id, Client, IfMatch, IdempotencyKey);

        public async Task<IHttpResult> SendAsync<TAnswer>(FollowUpCommand<TAnswer> command, Func<TAnswer, int> version)
        {
            var result = await Mediator.Send(command, Ct);
            if (result.IsSuccess)
            {
                Response.Headers.ETag = ExpectedVersion.ETag(version(result.Value)).ToString();
            }

            return result.ToHttp(TypedResults.Ok);
        }

        public Task<IHttpResult> SendAsync(FollowUpCommand<FollowUpAnswer> command) => SendAsync(command, a => a.Version);
    }

    private static Task<IHttpResult> Events([AsParameters] ReadEvents.Query query, PoliceClientAccess client, ReadEvents feed, HttpResponse response, CancellationToken ct) =>
        feed.HandleAsync(query, client, response, ct);

    private static Task<IHttpResult> Package(Guid id, PoliceClientAccess client, HandOverPackage handOver, HttpContext context, CancellationToken ct) =>
        handOver.HandleAsync(id, client, context, ct);

    private static Task<IHttpResult> Acknowledge([AsParameters] Request request) =>
        request.SendAsync(new AcknowledgeReport.Command(request.Target));

    private static Task<IHttpResult> Return([AsParameters] Request request, ReturnReport.Body body) =>
        request.SendAsync(new ReturnReport.Command(request.Target, body.Reason));

    private static Task<IHttpResult> AssessRisk([AsParameters] Request request, RecordRiskAssessment.Body body) =>
        request.SendAsync(new RecordRiskAssessment.Command(request.Target, body.Hazards, body.Impact, body.FurtherAction));

    private static Task<IHttpResult> AddNote([AsParameters] Request request, AddFollowUpNote.Body body) =>
        request.SendAsync(new AddFollowUpNote.Command(request.Target, body.Text));

    private static Task<IHttpResult> RecordOutcome([AsParameters] Request request, RecordOutcome.Body body) =>
        request.SendAsync(new RecordOutcome.Command(request.Target, body.Code, body.Note));

    private static Task<IHttpResult> Retriage([AsParameters] Request request, RetriageReport.Body body) =>
        request.SendAsync(new RetriageReport.Command(request.Target, body.Tier, body.Reason), a => a.Version);

    internal static RouteHandlerBuilder Named(this RouteHandlerBuilder route, string name, string summary) => route.WithName(name).WithSummary(summary);

    internal static TBuilder Problems<TBuilder>(this TBuilder routes, params ReadOnlySpan<int> statuses) where TBuilder : IEndpointConventionBuilder
    {
        foreach (var status in statuses)
        {
            routes.WithMetadata(new ProducesResponseTypeMetadata(status, typeof(ProblemDetails), ["application/problem+json"]));
        }

        return routes;
    }
}

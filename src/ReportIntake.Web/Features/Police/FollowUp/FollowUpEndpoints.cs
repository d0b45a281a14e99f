using MediatR;
using Microsoft.AspNetCore.Mvc;
using ReportIntake.Web.ErrorHandling;
using ReportIntake.Web.Features.Shared;
using ReportIntake.Web.Security;
using IHttpResult = Microsoft.AspNetCore.Http.IResult;

namespace ReportIntake.Web.Features.Police.FollowUp;

/// <summary>What the police give back on a report, and ask for.</summary>
internal static class FollowUpEndpoints
{
    public static void MapFollowUp(this IEndpointRouteBuilder api)
    {
        var followUp = api.MapGroup("/reports/{id:guid}").RequireAuthorization(PoliceScopes.WriteFollowUp).Problems(400, 404, 409, 412, 422);
        followUp.MapPost("/acknowledgement", Acknowledge).Named("acknowledgeReport", "The police have taken it up").Produces<FollowUpAnswer>();
        followUp.MapPost("/return", Return).Named("returnReport", "The police cannot work with it: back to the moderators").Produces<FollowUpAnswer>();
        followUp.MapPost("/risk-assessments", AssessRisk).Named("recordRiskAssessment", "Hazards, impact and further action").Produces<FollowUpAnswer>();
        followUp.MapPost("/notes", AddNote).Named("addFollowUpNote", "A remark of the police, private or for the reporter").Produces<FollowUpAnswer>();
        followUp.MapPost("/questions", Ask).Named("askReporter", "A question to the reporter, sent by the moderators' desk").Produces<FollowUpAnswer>();
        followUp.MapPost("/outcome", RecordOutcome).Named("recordOutcome", "What became of it").Produces<FollowUpAnswer>();
        followUp.MapPost("/retriage", Retriage).Named("retriageReport", "Another tier; leaving immediate needs two people").Produces<RetriageReport.Answer>();
        followUp.MapPost("/preservation", Preserve).Named("preserveReport", "Legal hold: keep report and evidence until released, or until a time").Produces<PreserveReport.Answer>();
        followUp.MapPost("/preservation/release", Release).Named("releasePreservation", "End this client's legal hold").Produces<PreserveReport.Answer>();
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

    private static Task<IHttpResult> Acknowledge([AsParameters] Request request) =>
        request.SendAsync(new AcknowledgeReport.Command(request.Target));

    private static Task<IHttpResult> Return([AsParameters] Request request, ReturnReport.Body body) =>
        request.SendAsync(new ReturnReport.Command(request.Target, body.Reason));

    private static Task<IHttpResult> AssessRisk([AsParameters] Request request, RecordRiskAssessment.Body body) =>
        request.SendAsync(new RecordRiskAssessment.Command(request.Target, body.Hazards, body.Impact, body.FurtherAction));

    private static Task<IHttpResult> AddNote([AsParameters] Request request, AddFollowUpNote.Body body) =>
        request.SendAsync(new AddFollowUpNote.Command(request.Target, body.Text, body.Audience, body.Wording));

    private static Task<IHttpResult> Ask([AsParameters] Request request, AskReporter.Body body) =>
        request.SendAsync(new AskReporter.Command(request.Target, body.Text));

    private static Task<IHttpResult> RecordOutcome([AsParameters] Request request, RecordOutcome.Body body) =>
        request.SendAsync(new RecordOutcome.Command(request.Target, body.Code, body.Note));

    private static Task<IHttpResult> Retriage([AsParameters] Request request, RetriageReport.Body body) =>
        request.SendAsync(new RetriageReport.Command(request.Target, body.Tier, body.Reason), a => a.Version);

    private static Task<IHttpResult> Preserve([AsParameters] Request request, PreserveReport.Body body) =>
        request.SendAsync(new PreserveReport.Command(request.Target, body.Until, body.Reason), a => a.Version);

    private static Task<IHttpResult> Release([AsParameters] Request request) =>
        request.SendAsync(new ReleasePreservation.Command(request.Target), a => a.Version);
}

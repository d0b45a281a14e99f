using MediatR;
using Microsoft.AspNetCore.Http.HttpResults;
using ReportIntake.Domain.Results;
using ReportIntake.Web.ErrorHandling;
using ReportIntake.Web.Features.Shared;
using ReportIntake.Web.Security;
using IHttpResult = Microsoft.AspNetCore.Http.IResult;

namespace ReportIntake.Web.Features.Moderation.ServePolice;

internal static class DeskEndpoints
{
    public static void MapDesk(this IEndpointRouteBuilder api)
    {
        api.MapGet("/desk", ListAsync).RequireAuthorization(Policies.Moderator)
            .WithName("ListDeskTasks").WithSummary("What the police want told to reporters or asked of them, the oldest first.");

        var report = api.MapGroup("/reports/{id:guid}").RequireAuthorization(Policies.Moderator).ProducesProblem(StatusCodes.Status404NotFound);
        Action(report.MapPost("/desk/{followUpId:guid}/pass-on", PassOnAsync), "PassOnToReporter", "The reporter reads it as from the police, in their words or safer ones.");
        Action(report.MapPost("/desk/{followUpId:guid}/decline", DeclineAsync), "DeclineToPassOn", "It is not for the reporter; the police read why.");
        Action(report.MapPost("/lift-hold", LiftAsync).RequireAuthorization(Policies.Supervisor), "LiftLegalHold", "End every request to preserve the report.");
    }

    private static void Action(RouteHandlerBuilder route, string name, string summary) => route
        .WithName(name).WithSummary(summary)
        .Produces<ReportChanged>().ProducesValidationProblem()
        .ProducesProblem(StatusCodes.Status409Conflict).ProducesProblem(StatusCodes.Status412PreconditionFailed);

    private static async Task<Ok<DeskTasks.Page>> ListAsync(DeskTasks tasks, CancellationToken ct) => TypedResults.Ok(await tasks.ReadAsync(null, ct));

    private static Task<IHttpResult> PassOnAsync(Guid id, Guid followUpId, PassOn.Body body, HttpContext context, IMediator mediator, CancellationToken ct) =>
        AnswerAsync(mediator.Send(new PassOn.Command(id, followUpId, context.User.ToActor(), IfMatch(context), body.Text), ct), context.Response);

    private static Task<IHttpResult> DeclineAsync(Guid id, Guid followUpId, ModerationEndpoints.ReasonBody body, HttpContext context, IMediator mediator, CancellationToken ct) =>
        AnswerAsync(mediator.Send(new DeclineToPassOn.Command(id, followUpId, context.User.ToActor(), IfMatch(context), body.Reason), ct), context.Response);

    private static Task<IHttpResult> LiftAsync(Guid id, ModerationEndpoints.ReasonBody body, HttpContext context, IMediator mediator, CancellationToken ct) =>
        AnswerAsync(mediator.Send(new LiftHold.Command(id, context.User.ToActor(), IfMatch(context), body.Reason), ct), context.Response);

    private static string? IfMatch(HttpContext context) => context.Request.Headers.IfMatch is { Count: > 0 } header ? header.ToString() : null;

    private static async Task<IHttpResult> AnswerAsync(Task<Result<ReportChanged>> outcome, HttpResponse response)
    {
        var changed = await outcome;
        if (changed.IsSuccess)
        {
            response.GetTypedHeaders().ETag = ExpectedVersion.ETag(changed.Value.Version);
        }

        return changed.ToHttp(TypedResults.Ok);
    }
}

using System.ComponentModel;
using MediatR;
using Microsoft.AspNetCore.Http.HttpResults;
using ReportIntake.Domain;
using ReportIntake.Web.ErrorHandling;
using ReportIntake.Web.Persistence;
using ReportIntake.Web.Security;
using IHttpResult = Microsoft.AspNetCore.Http.IResult;

namespace ReportIntake.Web.Features.Administration.Retention;

internal static class RetentionEndpoints
{
    public static void MapRetention(this IEndpointRouteBuilder admin)
    {
        admin.MapGet("/retention", ReadAsync).WithName("ReadRetention").WithSummary("How long ended reports are kept, and how many are due.");
        admin.MapPut("/retention", SetAsync).WithName("SetRetention").WithSummary("Change how long ended reports are kept, or ask what a change would purge.")
            .Produces<RetentionPlan>().ProducesValidationProblem();
    }

    private static async Task<Ok<RetentionPlan>> ReadAsync(ReportIntakeDbContext database, TimeProvider clock, CancellationToken ct) =>
        TypedResults.Ok(await RetentionPlan.OfAsync(database, await Persistence.Retention.PeriodsAsync(database, ct), clock.GetUtcNow(), ct));

    private static async Task<IHttpResult> SetAsync(
        SetRetention.Body body,
        [Description("Change nothing: answer what the next run would purge.")] bool? dryRun,
        HttpContext context,
        IMediator mediator,
        CancellationToken ct) =>
        (await mediator.Send(new SetRetention.Command(body.Periods, dryRun ?? false, context.User.ToActor(ActorKind.Admin)), ct)).ToHttp(TypedResults.Ok);
}

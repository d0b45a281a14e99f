using MediatR;
using ReportIntake.Domain.Results;
using ReportIntake.Web.ErrorHandling;
using ReportIntake.Web.Features.Shared;
using ReportIntake.Web.Features.Shared.Catalogue;
using ReportIntake.Web.Security;
using IHttpResult = Microsoft.AspNetCore.Http.IResult;

namespace ReportIntake.Web.Features.Moderation.ReferReport;

internal static class ReferralEndpoints
{
    public static void MapReferrals(this IEndpointRouteBuilder api)
    {
        var referrals = api.MapGroup("/reports/{id:guid}/referrals").RequireAuthorization(Policies.Moderator).ProducesProblem(StatusCodes.Status404NotFound);
        referrals.MapGet("", ListAsync).WithName("ListReferrals").WithSummary("Where a report went beside the police.").Produces<Page>();
        referrals.MapPost("", CreateAsync).WithName("CreateReferral").WithSummary("Refer a decided report to another body.")
            .Produces<ReferralView>(StatusCodes.Status201Created).ProducesValidationProblem().ProducesProblem(StatusCodes.Status409Conflict);
        referrals.MapPost("/{referralId:guid}/state", MoveAsync).WithName("MoveReferral").WithSummary("Sent, acknowledged, closed or declined.")
            .Produces<ReferralView>().ProducesValidationProblem()
            .ProducesProblem(StatusCodes.Status409Conflict).ProducesProblem(StatusCodes.Status412PreconditionFailed);
    }

    public static IServiceCollection AddReferrals(this IServiceCollection services) => services.AddSingleton(_ => ReferralCatalogue.Load()).AddScoped<ReferralReader>();

    /// <summary>A report has few: there is no second page, and <paramref name="NextCursor"/> is always null.</summary>
    public sealed record Page(IReadOnlyList<ReferralView> Items, string? NextCursor = null);

    private static async Task<IHttpResult> ListAsync(Guid id, ReferralReader reader, CancellationToken ct) =>
        (await reader.ReadAsync(id, ct)).ToHttp(items => TypedResults.Ok(new Page(items)));

    private static async Task<IHttpResult> CreateAsync(Guid id, CreateReferral.Body body, HttpContext context, IMediator mediator, CancellationToken ct) =>
        Answer(await mediator.Send(new CreateReferral.Command(id, context.User.ToActor(), body.Destination, body.Note), ct), context.Response,
            view => TypedResults.Created($"/api/v1/moderation/reports/{id}/referrals", view));

    private static async Task<IHttpResult> MoveAsync(Guid id, Guid referralId, MoveReferral.Body body, HttpContext context, IMediator mediator, CancellationToken ct) =>
        Answer(await mediator.Send(new MoveReferral.Command(id, referralId, context.User.ToActor(), IfMatch(context), body.State, body.Answer), ct), context.Response, TypedResults.Ok);

    private static string? IfMatch(HttpContext context) => context.Request.Headers.IfMatch is { Count: > 0 } header ? header.ToString() : null;

    private static IHttpResult Answer(Result<ReferralView> outcome, HttpResponse response, Func<ReferralView, IHttpResult> answer)
    {
        if (outcome.IsSuccess)
        {
            response.GetTypedHeaders().ETag = ExpectedVersion.ETag(outcome.Value.Version);
        }

        return outcome.ToHttp(answer);
    }
}

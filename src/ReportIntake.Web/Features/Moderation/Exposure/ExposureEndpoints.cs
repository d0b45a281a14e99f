using MediatR;
using ReportIntake.Domain.Exposure;
using ReportIntake.Web.ErrorHandling;
using ReportIntake.Web.Security;
using IHttpResult = Microsoft.AspNetCore.Http.IResult;

namespace ReportIntake.Web.Features.Moderation.Exposure;

/// <summary>What the exposure budget is made of, and its routes.</summary>
internal static class ExposureEndpoints
{
    public static IServiceCollection AddExposure(this IServiceCollection services)
    {
        services.AddOptions<ExposureOptions>().BindConfiguration("Desk:Exposure")
            .Validate(o => o.IsValid, "Desk:Exposure: all must be positive, and SuggestBreakAfter no longer than RequireBreakAfter.").ValidateOnStart();
        services.AddOptions<ViewingOptions>().BindConfiguration("Desk:Viewing").ValidateOnStart();
        return services.AddHostedService<ExposureMetrics>().AddScoped<ExposureBudget>().AddScoped<ExposureLoads>().AddScoped<ViewingInForce>();
    }

    public static void MapExposure(this IEndpointRouteBuilder api)
    {
        var exposure = api.MapGroup("/exposure");
        exposure.MapGet("/", ListAsync).RequireAuthorization(Policies.Supervisor)
            .WithName("ListExposure").WithSummary("How much evidence each person has looked at, by day: numbers, never what it was.")
            .Produces<ExposureLoads.Response>().ProducesValidationProblem();
        exposure.MapGet("/mine", MineAsync).RequireAuthorization(Policies.Moderator)
            .WithName("ReadOwnExposure").WithSummary("One's own load of today, and what is left.").Produces<ExposureLoad>();
        exposure.MapPost("/viewing", ViewingAsync).RequireAuthorization(Policies.Moderator)
            .WithName("KeepViewing").WithSummary("Media is still on the screen: counts the time. Refused where it must be hidden.")
            .Produces<ExposureLoad>().ProducesProblem(StatusCodes.Status429TooManyRequests);
        exposure.MapPost("/hidden", HiddenAsync).RequireAuthorization(Policies.Moderator)
            .WithName("EndViewing").WithSummary("Nothing is on the screen any more. Whoever does not say so is counted for a minute.").Produces<ExposureLoad>();
        exposure.MapPost("/{staffId:guid}/override", ExtendAsync).RequireAuthorization(Policies.Supervisor)
            .WithName("ExtendExposure").WithSummary("Let a colleague look at more today, for a reason that the ledger keeps. A break that is due is put off.")
            .Produces<ExposureLoad>().ProducesValidationProblem().ProducesProblem(StatusCodes.Status404NotFound);
    }

    private static async Task<IHttpResult> ListAsync(int? days, ExposureLoads loads, CancellationToken ct) =>
        (await loads.ReadAsync(days, ct)).ToHttp(TypedResults.Ok);

    private static async Task<IHttpResult> MineAsync(HttpContext context, ExposureBudget budget, TimeProvider clock, CancellationToken ct) =>
        TypedResults.Ok(await budget.LoadAsync(context.User.StaffId(), clock.GetUtcNow(), ct));

    private static async Task<IHttpResult> ViewingAsync(HttpContext context, IMediator mediator, CancellationToken ct) =>
        (await mediator.Send(new KeepViewing.Command(context.User.ToActor(), Hidden: false), ct)).ToHttp(TypedResults.Ok);

    private static async Task<IHttpResult> HiddenAsync(HttpContext context, IMediator mediator, CancellationToken ct) =>
        (await mediator.Send(new KeepViewing.Command(context.User.ToActor(), Hidden: true), ct)).ToHttp(TypedResults.Ok);

    private static async Task<IHttpResult> ExtendAsync(Guid staffId, ExtendBody body, HttpContext context, IMediator mediator, CancellationToken ct) =>
        (await mediator.Send(new ExtendExposure.Command(context.User.ToActor(), staffId, body.Reason, body.Reveals ?? 0), ct)).ToHttp(TypedResults.Ok);

    /// <param name="Reveals">Files more.</param>
    public sealed record ExtendBody(string? Reason, int? Reveals);
}

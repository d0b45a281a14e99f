using MediatR;
using ReportIntake.Web.ErrorHandling;
using ReportIntake.Web.Security;
using IHttpResult = Microsoft.AspNetCore.Http.IResult;

namespace ReportIntake.Web.Features.Moderation.Search;

internal static class SearchEndpoints
{
    public static IServiceCollection AddSearch(this IServiceCollection services) =>
        services.AddScoped<IndicatorSearch>().AddScoped<TextSearch>().AddScoped<ReferenceSearch>();

    public static void MapSearch(this IEndpointRouteBuilder api) =>
        api.MapGet("/search", SearchAsync).RequireAuthorization(Policies.Moderator)
            .WithName("SearchReports").WithSummary("Find reports by an indicator, a reference or words. Leaves an entry in the ledger.")
            .WithDescription("Exactly one of indicator, reference and text. An indicator is found in any spelling; name* finds all that begin so, michat:name one platform's. Of a text all words must be there. Newest first; a page may be short, or empty, while there is a next one.")
            .Produces<SearchReports.Response>().ProducesValidationProblem();

    private static async Task<IHttpResult> SearchAsync([AsParameters] SearchReports.Query query, HttpContext context, IMediator mediator, CancellationToken ct) =>
        (await mediator.Send(new SearchReports.Command(query, context.User.ToActor()), ct)).ToHttp(TypedResults.Ok);
}

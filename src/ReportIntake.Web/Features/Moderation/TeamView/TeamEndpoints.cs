using ReportIntake.Web.ErrorHandling;
using ReportIntake.Web.Security;
using IHttpResult = Microsoft.AspNetCore.Http.IResult;

namespace ReportIntake.Web.Features.Moderation.TeamView;

internal static class TeamEndpoints
{
    public static IServiceCollection AddTeamView(this IServiceCollection services)
    {
        services.AddOptions<ShiftOptions>().BindConfiguration("Desk:Shifts")
            .Validate(o => o.IsValid, "Desk:Shifts: Starts are different times of day such as 07:00.").ValidateOnStart();
        return services.AddScoped<TeamReader>();
    }

    public static void MapTeamView(this IEndpointRouteBuilder api)
    {
        api.MapGet("/team", ReadAsync).RequireAuthorization(Policies.Metrics)
            .WithName("ReadTeam").WithSummary("How the desk is doing: what it has, how long it takes, what each shift took over and handed over.")
            .WithDescription($"Counts and times of the whole desk, never of a person. A period of at most {TeamPeriod.MaxDays} days, the last {TeamPeriod.UsualDays} where none is said.")
            .Produces<TeamReader.Response>().ProducesValidationProblem();
    }

    private static async Task<IHttpResult> ReadAsync([AsParameters] TeamReader.Filter filter, TeamReader reader, CancellationToken ct) =>
        (await reader.ReadAsync(filter, ct)).ToHttp(TypedResults.Ok);
}

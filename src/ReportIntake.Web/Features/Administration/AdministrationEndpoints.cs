using MediatR;
using Microsoft.AspNetCore.Authentication.BearerToken;
using Microsoft.AspNetCore.Http.HttpResults;
using ReportIntake.Domain;
using ReportIntake.Web.ErrorHandling;
using ReportIntake.Web.Features.Administration.Account;
using ReportIntake.Web.Features.Administration.Catalogue;
using ReportIntake.Web.Features.Administration.Retention;
using ReportIntake.Web.Features.Administration.Routing;
using ReportIntake.Web.Features.Administration.Staff;
using ReportIntake.Web.Persistence;
using ReportIntake.Web.RateLimiting;
using ReportIntake.Web.Security;
using IHttpResult = Microsoft.AspNetCore.Http.IResult;

namespace ReportIntake.Web.Features.Administration;

/// <summary>Staff sign-in for tools, and accounts.</summary>
public static class AdministrationEndpoints
{
    public static IEndpointRouteBuilder MapAdministration(this IEndpointRouteBuilder routes)
    {
        var session = routes.MapGroup("/api/v1/staff").WithTags("Staff");
        session.MapPost("/login", Tokens.LoginAsync).WithName("StaffLogin").WithSummary("Sign in with password and second factor; gives a bearer token.")
            .Produces<AccessTokenResponse>().ProducesProblem(StatusCodes.Status401Unauthorized).AllowAnonymous().RequireRateLimiting(RateLimits.SignIn);
        session.MapPost("/refresh", Tokens.RefreshAsync).WithName("StaffRefresh").WithSummary("A new bearer token for a refresh token.")
            .Produces<AccessTokenResponse>().ProducesProblem(StatusCodes.Status401Unauthorized).AllowAnonymous().RequireRateLimiting(RateLimits.SignIn);
        session.MapPost("/logout", Tokens.LogoutAsync).WithName("StaffLogout").WithSummary("End this session.").Produces(StatusCodes.Status204NoContent).RequireAuthorization(Policies.OwnAccount);
        session.MapSessions();
        routes.MapGet("/staff/sign-in/provider", ProviderCallbackModel.BeginAsync).AllowAnonymous().RequireRateLimiting(RateLimits.SignIn).ExcludeFromDescription();

        var admin = routes.MapGroup("/api/v1/admin").WithTags("Administration").RequireAuthorization(Policies.Admin);
        admin.MapGet("/staff", ListStaffAsync).WithName("ListStaff").WithSummary("All accounts.");
        admin.MapPost("/staff", AddStaffAsync).WithName("AddStaff").WithSummary("Add an account.")
            .Produces<Added>(StatusCodes.Status201Created).ProducesValidationProblem().ProducesProblem(StatusCodes.Status409Conflict);
        admin.MapPost("/staff/invitations", InviteStaffAsync).WithName("InviteStaff").WithSummary("Add an account whose password its owner chooses; the code is told once.")
            .Produces<Invited>(StatusCodes.Status201Created).ProducesValidationProblem();
        admin.MapPost("/staff/{id:guid}/invitation", InviteAgainAsync).WithName("InviteStaffAgain").WithSummary("A new code for an account whose owner lost the password or the second factor.")
            .WithDescription("Used, it ends the password, the second factors and the sessions that the account had.")
            .Produces<Invited>().ProducesProblem(StatusCodes.Status404NotFound).ProducesProblem(StatusCodes.Status409Conflict);
        admin.MapPut("/staff/{id:guid}/roles", ChangeRolesAsync).WithName("ChangeRoles").WithSummary("Give an account other roles.")
            .Produces(StatusCodes.Status204NoContent).ProducesValidationProblem().ProducesProblem(StatusCodes.Status404NotFound).ProducesProblem(StatusCodes.Status409Conflict);
        admin.MapDelete("/staff/{id:guid}", DeactivateStaffAsync).WithName("DeactivateStaff").WithSummary("Close an account and end its sessions.")
            .Produces(StatusCodes.Status204NoContent).ProducesProblem(StatusCodes.Status404NotFound).ProducesProblem(StatusCodes.Status409Conflict);

        admin.MapCatalogueInForce();
        admin.MapUnrouted();
        admin.MapRetention();
        return routes;
    }

    public sealed record NewStaff(string? Email, string? Password, IReadOnlyList<string>? Roles);

    public sealed record Invitee(string? Email, IReadOnlyList<string>? Roles);

    public sealed record NewRoles(IReadOnlyList<string>? Roles);

    public sealed record Added(Guid Id);

    /// <summary>All there is: staff and clients are few, so <paramref name="NextCursor"/> is always null.</summary>
    public sealed record Page<T>(IReadOnlyList<T> Items, string? NextCursor = null);

    private static async Task<Ok<Page<StaffList.Item>>> ListStaffAsync(ReportIntakeDbContext database, TimeProvider clock, CancellationToken cancellationToken) =>
        TypedResults.Ok(new Page<StaffList.Item>(await StaffList.ReadAsync(database, clock.GetUtcNow(), cancellationToken)));

    private static async Task<IHttpResult> AddStaffAsync(NewStaff body, HttpContext context, IMediator mediator, CancellationToken cancellationToken) =>
        (await mediator.Send(new AddStaff.Command(body.Email ?? "", body.Password ?? "", body.Roles ?? [], Admin(context)), cancellationToken))
            .ToHttp(id => TypedResults.Created($"/api/v1/admin/staff/{id}", new Added(id)));

    private static async Task<IHttpResult> InviteStaffAsync(Invitee body, HttpContext context, IMediator mediator, CancellationToken cancellationToken) =>
        (await mediator.Send(new InviteStaff.Command(body.Email ?? "", body.Roles ?? [], Admin(context)), cancellationToken))
            .ToHttp(invited => TypedResults.Created($"/api/v1/admin/staff/{invited.Id}", invited));

    private static async Task<IHttpResult> InviteAgainAsync(Guid id, HttpContext context, IMediator mediator, CancellationToken cancellationToken) =>
        (await mediator.Send(new InviteAgain.Command(id, Admin(context)), cancellationToken)).ToHttp(TypedResults.Ok);

    private static async Task<IHttpResult> ChangeRolesAsync(Guid id, NewRoles body, HttpContext context, IMediator mediator, CancellationToken cancellationToken) =>
        (await mediator.Send(new ChangeRoles.Command(id, body.Roles ?? [], Admin(context)), cancellationToken)).ToHttp();

    private static async Task<IHttpResult> DeactivateStaffAsync(Guid id, HttpContext context, IMediator mediator, CancellationToken cancellationToken) =>
        (await mediator.Send(new DeactivateStaff.Command(id, Admin(context)), cancellationToken)).ToHttp();

    private static Actor Admin(HttpContext context) => context.User.ToActor(ActorKind.Admin);
}

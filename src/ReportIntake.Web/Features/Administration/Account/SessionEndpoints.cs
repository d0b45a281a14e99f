using Microsoft.AspNetCore.Http.HttpResults;
using ReportIntake.Web.ErrorHandling;
using ReportIntake.Web.Security;
using IHttpResult = Microsoft.AspNetCore.Http.IResult;

namespace ReportIntake.Web.Features.Administration.Account;

/// <summary>One's own sessions. An ended one is refused at its next request.</summary>
public static class SessionEndpoints
{
    internal static void MapSessions(this IEndpointRouteBuilder staff)
    {
        staff.MapGet("/sessions", ListAsync).WithName("ListSessions").WithSummary("The open sessions of this account.").RequireAuthorization(Policies.OwnAccount);
        staff.MapDelete("/sessions", EndAllAsync).WithName("EndSessions").WithSummary("End all sessions of this account, this one too.")
            .Produces(StatusCodes.Status204NoContent).RequireAuthorization(Policies.OwnAccount);
        staff.MapDelete("/sessions/{sessionId:guid}", EndAsync).WithName("EndSession").WithSummary("End one session of this account.")
            .Produces(StatusCodes.Status204NoContent).ProducesProblem(StatusCodes.Status404NotFound).RequireAuthorization(Policies.OwnAccount);
    }

    /// <param name="Device">Browser and system in coarse words, such as "Firefox, Windows"; empty where nothing is known.</param>
    /// <param name="Tool">Opened by a tool with a token, not in a browser.</param>
    /// <param name="LastSeenAt">True to a few minutes.</param>
    /// <param name="Current">The one that asks.</param>
    public sealed record Item(Guid Id, string Device, bool Tool, DateTimeOffset StartedAt, DateTimeOffset LastSeenAt, bool Current);

    private static async Task<Ok<AdministrationEndpoints.Page<Item>>> ListAsync(StaffSessions sessions, HttpContext context, CancellationToken cancellationToken)
    {
        var current = context.User.SessionId();
        var open = await sessions.ListAsync(context.User.StaffId(), cancellationToken);
        return TypedResults.Ok(new AdministrationEndpoints.Page<Item>(
            [.. open.Select(s => new Item(s.Id, s.Device, s.IsTool, s.StartedAt, s.LastSeenAt, s.Id == current))]));
    }

    private static async Task<NoContent> EndAllAsync(StaffSessions sessions, HttpContext context)
    {
        await sessions.EndAllAsync(context.User.StaffId());
        return TypedResults.NoContent();
    }

    private static async Task<IHttpResult> EndAsync(Guid sessionId, StaffSessions sessions, HttpContext context) =>
        await sessions.EndAsync(context.User.StaffId(), sessionId) ? TypedResults.NoContent() : SecurityErrors.SessionNotFound.ToProblem();
}

using MediatR;
using Microsoft.AspNetCore.Http.HttpResults;
using ReportIntake.Domain;
using ReportIntake.Web.ErrorHandling;
using ReportIntake.Web.Persistence;
using ReportIntake.Web.Security;
using IHttpResult = Microsoft.AspNetCore.Http.IResult;

namespace ReportIntake.Web.Features.Administration.Clients;

/// <summary>The police systems and their keys.</summary>
public static class ClientEndpoints
{
    public static IEndpointRouteBuilder MapClients(this IEndpointRouteBuilder routes)
    {
        var clients = routes.MapGroup("/api/v1/admin/clients").WithTags("Administration").RequireAuthorization(Policies.Admin);
        clients.MapGet("", ListAsync).WithName("ListClients").WithSummary("All police systems, with their keys.");
        clients.MapPost("", AddAsync).WithName("AddClient").WithSummary("Add a police system; its key is shown once.")
            .Produces<AddClient.Issued>(StatusCodes.Status201Created).ProducesValidationProblem().ProducesProblem(StatusCodes.Status409Conflict);
        clients.MapPut("/{id:guid}", ChangeAsync).WithName("ChangeClient").WithSummary("Give a police system other terms, all of them anew.")
            .Produces(StatusCodes.Status204NoContent).ProducesValidationProblem().ProducesProblem(StatusCodes.Status404NotFound).ProducesProblem(StatusCodes.Status409Conflict);
        clients.MapDelete("/{id:guid}", RevokeAsync).WithName("RevokeClient").WithSummary("Shut a police system out, at once and for good.")
            .Produces(StatusCodes.Status204NoContent).ProducesProblem(StatusCodes.Status404NotFound).ProducesProblem(StatusCodes.Status409Conflict);
        clients.MapPost("/{id:guid}/keys", IssueKeyAsync).WithName("IssueClientKey").WithSummary("Give a police system a second key; it is shown once.")
            .Produces<IssueKey.Issued>(StatusCodes.Status201Created).ProducesValidationProblem().ProducesProblem(StatusCodes.Status404NotFound).ProducesProblem(StatusCodes.Status409Conflict);
        clients.MapDelete("/{id:guid}/keys/{keyId:guid}", RevokeKeyAsync).WithName("RevokeClientKey").WithSummary("Revoke one key, at once and for good.")
            .Produces(StatusCodes.Status204NoContent).ProducesProblem(StatusCodes.Status404NotFound);
        return routes;
    }

    /// <param name="Categories">Codes of the categories it is given; all, where none is given.</param>
    /// <param name="Tiers">The tiers it is given; all, where none is given.</param>
    /// <param name="Networks">Networks (CIDR) it may call from; any, where none is given.</param>
    /// <param name="Certificates">SHA-256 fingerprints (hexadecimal) of certificates of which it must present one with every request.</param>
    /// <param name="Issuer">A configured issuer whose tokens it may bring instead of a key, with <paramref name="ExternalId"/>.</param>
    /// <param name="ExternalId">What that issuer calls it.</param>
    /// <param name="RateLimit">Its own rate limit; the default where none is given.</param>
    public sealed record Terms(
        IReadOnlyList<string>? Scopes,
        IReadOnlyList<string>? Areas,
        IReadOnlyList<string>? Categories,
        IReadOnlyList<string>? Tiers,
        IReadOnlyList<string>? Networks,
        IReadOnlyList<string>? Certificates,
        string? Issuer,
        string? ExternalId,
        ClientTerms.Rate? RateLimit)
    {
        internal ClientTerms Read() => new(Scopes ?? [], Areas ?? [])
        {
            Categories = Categories ?? [],
            Tiers = Tiers ?? [],
            Networks = Networks ?? [],
            Certificates = Certificates ?? [],
            Issuer = Issuer,
            ExternalId = ExternalId,
            RateLimit = RateLimit,
        };
    }

    /// <inheritdoc cref="Terms"/>
    public sealed record NewClient(
        string? Name,
        IReadOnlyList<string>? Scopes,
        IReadOnlyList<string>? Areas,
        IReadOnlyList<string>? Categories,
        IReadOnlyList<string>? Tiers,
        IReadOnlyList<string>? Networks,
        IReadOnlyList<string>? Certificates,
        string? Issuer,
        string? ExternalId,
        ClientTerms.Rate? RateLimit)
    {
        internal ClientTerms Terms() => new Terms(Scopes, Areas, Categories, Tiers, Networks, Certificates, Issuer, ExternalId, RateLimit).Read();
    }

    /// <param name="ExpiresAt">When the key ends by itself; never, where it is not given.</param>
    public sealed record NewKey(DateTimeOffset? ExpiresAt);

    private static async Task<Ok<AdministrationEndpoints.Page<ClientList.Item>>> ListAsync(ReportIntakeDbContext database, CancellationToken cancellationToken) =>
        TypedResults.Ok(new AdministrationEndpoints.Page<ClientList.Item>(await ClientList.ReadAsync(database, cancellationToken)));

    private static async Task<IHttpResult> AddAsync(NewClient body, HttpContext context, IMediator mediator, CancellationToken cancellationToken) =>
        (await mediator.Send(new AddClient.Command(body.Name ?? "", body.Terms(), Admin(context)), cancellationToken))
            .ToHttp(issued => TypedResults.Created($"/api/v1/admin/clients/{issued.ClientId}", issued));

    private static async Task<IHttpResult> ChangeAsync(Guid id, Terms body, HttpContext context, IMediator mediator, CancellationToken cancellationToken) =>
        (await mediator.Send(new ChangeClient.Command(id, body.Read(), Admin(context)), cancellationToken)).ToHttp();

    private static async Task<IHttpResult> RevokeAsync(Guid id, HttpContext context, IMediator mediator, CancellationToken cancellationToken) =>
        (await mediator.Send(new RevokeClient.Command(id, Admin(context)), cancellationToken)).ToHttp();

    private static async Task<IHttpResult> IssueKeyAsync(Guid id, NewKey body, HttpContext context, IMediator mediator, CancellationToken cancellationToken) =>
        (await mediator.Send(new IssueKey.Command(id, body.ExpiresAt, Admin(context)), cancellationToken))
            .ToHttp(issued => TypedResults.Created($"/api/v1/admin/clients/{id}/keys/{issued.KeyId}", issued));

    private static async Task<IHttpResult> RevokeKeyAsync(Guid id, Guid keyId, HttpContext context, IMediator mediator, CancellationToken cancellationToken) =>
        (await mediator.Send(new RevokeKey.Command(id, keyId, Admin(context)), cancellationToken)).ToHttp();

    private static Actor Admin(HttpContext context) => context.User.ToActor(ActorKind.Admin);
}

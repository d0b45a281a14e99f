using MediatR;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;
using ReportIntake.Domain;
using ReportIntake.Web.ErrorHandling;
using ReportIntake.Web.Evidence.Recognition;
using ReportIntake.Web.Persistence;
using ReportIntake.Web.Security;
using IHttpResult = Microsoft.AspNetCore.Http.IResult;

namespace ReportIntake.Web.Features.Administration.HashLists;

public static class HashListEndpoints
{
    /// <summary>Bytes of an imported file: ten million hashes in CSV.</summary>
    private const long MaxFileSize = 2L * 1024 * 1024 * 1024;

    public static IEndpointRouteBuilder MapHashLists(this IEndpointRouteBuilder routes)
    {
        var lists = routes.MapGroup("/api/v1/admin/hash-lists").WithTags("Administration").RequireAuthorization(Policies.Admin);
        lists.MapGet("", ListAsync).WithName("ListHashLists").WithSummary("The hash lists in use.")
            .ProducesProblem(StatusCodes.Status401Unauthorized).ProducesProblem(StatusCodes.Status403Forbidden);
        lists.MapPost("", ImportAsync).WithName("ImportHashList").WithSummary("Import a hash list from CSV or JSON; importing it again changes nothing.")
            .ProducesProblem(StatusCodes.Status401Unauthorized).ProducesProblem(StatusCodes.Status403Forbidden).Produces<ImportHashList.Imported>().ProducesValidationProblem()
            .WithMetadata(new RequestSizeLimitAttribute(MaxFileSize));
        return routes;
    }

    /// <param name="Disabled">Hashes out of use because they matched too many files.</param>
    public sealed record Item(Guid Id, string Name, string Meaning, string Source, DateTimeOffset CreatedAt, int Hashes, int Disabled);

    private static async Task<Ok<AdministrationEndpoints.Page<Item>>> ListAsync(ReportIntakeDbContext database, CancellationToken cancellationToken)
    {
        var lists = await database.Set<HashList>().AsNoTracking().OrderBy(l => l.Name).Select(l => new
        {
            List = l,
            Hashes = database.Set<HashListEntry>().Count(e => e.HashListId == l.Id),
            Disabled = database.Set<HashListEntry>().Count(e => e.HashListId == l.Id && e.DisabledAt != null),
        }).ToListAsync(cancellationToken);
        return TypedResults.Ok(new AdministrationEndpoints.Page<Item>(
            lists.ConvertAll(l => new Item(l.List.Id, l.List.Name, l.List.Meaning.Name(), l.List.Source, l.List.CreatedAt, l.Hashes, l.Disabled))));
    }

    /// <summary>The body is the file.</summary>
    private static async Task<IHttpResult> ImportAsync(
        string? name, string? meaning, string? source, HttpContext context, IMediator mediator, CancellationToken cancellationToken)
    {
        HashListFormat? format = context.Request.ContentType?.Split(';')[0].Trim().ToLowerInvariant() switch
        {
            "text/csv" => HashListFormat.Csv,
            "application/json" => HashListFormat.Json,
            _ => null,
        };
        return format is null
            ? HashListErrors.UnknownFormat.ToProblem()
            : (await mediator.Send(new ImportHashList.Command(context.Request.Body, format.Value, name, meaning, source, context.User.ToActor(ActorKind.Admin)), cancellationToken))
                .ToHttp(TypedResults.Ok);
    }
}

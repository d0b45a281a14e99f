using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.ApiExplorer;
using Microsoft.OpenApi;
using ReportIntake.Domain.Results;
using Swashbuckle.AspNetCore.SwaggerGen;

namespace ReportIntake.Web.OpenApi;

/// <summary>
/// A route's refusals with their permanent codes, from <see cref="RouteErrors"/>: a response for each status, which lists
/// the codes and gives each one's problem document as an example.
/// </summary>
internal sealed class ProblemResponses : IOperationFilter
{
    private const string ProblemJson = "application/problem+json";

    /// <summary>What answers without a body mean: conditional requests and ranges (RFC 9110).</summary>
    private static readonly Dictionary<string, string> Bare = new()
    {
        ["206"] = "The part of the bytes that was asked for.",
        ["304"] = "What the caller has is what there is.",
        ["412"] = "The bytes are not those that `If-Match` or `If-Unmodified-Since` names.",
        ["416"] = "The range lies outside of the bytes.",
    };

    public void Apply(OpenApiOperation operation, OperationFilterContext context)
    {
        operation.Responses ??= [];
        if (operation.Responses.ContainsKey("206"))
        {
            operation.Responses.TryAdd("416", new OpenApiResponse());
        }

        foreach (var (status, text) in Bare)
        {
            if (operation.Responses.TryGetValue(status, out var stated) && stated is OpenApiResponse { Content: null or { Count: 0 } } response)
            {
                response.Description = text;
            }
        }

        var problem = context.SchemaGenerator.GenerateSchema(typeof(ProblemDetails), context.SchemaRepository);
        var validation = context.SchemaGenerator.GenerateSchema(typeof(HttpValidationProblemDetails), context.SchemaRepository);
        var hasJsonBody = operation.RequestBody?.Content?.ContainsKey("application/json") is true;
        foreach (var refusals in RouteErrors.Of(context.ApiDescription, operation.OperationId!, hasJsonBody).GroupBy(r => r.Status, r => r.Error).OrderBy(g => g.Key))
        {
            operation.Responses[refusals.Key.ToString(CultureInfo.InvariantCulture)] = new OpenApiResponse
            {
                Description = string.Join('\n', refusals.Select(e => $"- `{e.Code}`: {e.Message}")) + After(refusals.Key, context.ApiDescription),
                Content = new Dictionary<string, IOpenApiMediaType>
                {
                    [ProblemJson] = new OpenApiMediaType
                    {
                        Schema = refusals.Key == StatusCodes.Status400BadRequest ? validation : problem,
                        Examples = refusals.ToDictionary(e => e.Code, IOpenApiExample (e) => new OpenApiExampleReference(ErrorExamples.Key(e), context.Document)),
                    },
                },
            };
        }
    }

    private static string After(int status, ApiDescription api) => status switch
    {
        StatusCodes.Status429TooManyRequests when api.ActionDescriptor.EndpointMetadata.OfType<IAuthorizeData>().Any(a => a.Policy is { } policy && Security.PoliceScopes.All.Contains(policy)) =>
            "\n\n`Retry-After` tells the seconds to wait; all answers to police clients have `RateLimit-Policy` and `RateLimit`.",
        StatusCodes.Status429TooManyRequests or StatusCodes.Status503ServiceUnavailable => "\n\n`Retry-After` tells the seconds to wait.",
        _ => "",
    };
}

/// <summary>Each error once, as the problem document it is answered as.</summary>
internal sealed class ErrorExamples : IDocumentFilter
{
    public void Apply(OpenApiDocument swaggerDoc, DocumentFilterContext context)
    {
        var errors = context.ApiDescriptions.SelectMany(api =>
            RouteErrors.Of(api, OperationIds.Of(api), hasJsonBody: true).Concat(RouteErrors.Of(api, OperationIds.Of(api), hasJsonBody: false)));
        swaggerDoc.Components ??= new OpenApiComponents();
        swaggerDoc.Components.Examples ??= new Dictionary<string, IOpenApiExample>();
        foreach (var (status, error) in errors.DistinctBy(r => Key(r.Error)).OrderBy(r => Key(r.Error), StringComparer.Ordinal))
        {
            swaggerDoc.Components.Examples[Key(error)] = new OpenApiExample { Summary = error.Message, Value = Document(status, error) };
        }
    }

    /// <summary>Its code; where two errors share one, that and the kind.</summary>
    public static string Key(Error error) =>
        error == Features.Intake.UploadEvidence.UploadErrors.ContentType ? error.Code + "_of_upload" : error.Code;

    private static JsonObject Document(int status, Error error)
    {
        var document = new JsonObject
        {
            ["title"] = error.Kind.ToString(),
            ["status"] = status,
            ["detail"] = error.Message,
            ["code"] = error.Code,
            ["traceId"] = "0af7651916cd43dd8448eb211c80319c",
        };
        foreach (var (name, value) in error.Arguments)
        {
            document[name] = value;
        }

        if (error.Code == Error.Validation([]).Code)
        {
            document["errors"] = new JsonObject { ["category"] = new JsonArray("Fill this in.") };
            document["codes"] = new JsonObject { ["category"] = new JsonArray("required") };
        }

        return document;
    }
}

/// <summary>What this service's problem documents hold beside RFC 9457's members.</summary>
internal sealed class ProblemSchema : ISchemaFilter
{
    public void Apply(IOpenApiSchema schema, SchemaFilterContext context)
    {
        if (!context.Type.IsAssignableTo(typeof(ProblemDetails)) || schema is not OpenApiSchema concrete)
        {
            return;
        }

        concrete.Description = "RFC 9457. `code` is permanent, the texts are in the request's language.";
        concrete.Properties ??= new Dictionary<string, IOpenApiSchema>();
        foreach (var always in new[] { "title", "status", "detail" })
        {
            concrete.Properties[always] = new OpenApiSchema { Type = always == "status" ? JsonSchemaType.Integer : JsonSchemaType.String };
        }

        concrete.Properties["code"] = new OpenApiSchema { Type = JsonSchemaType.String, Description = "Permanent, snake_case, such as `validation_failed`." };
        concrete.Properties["traceId"] = new OpenApiSchema { Type = JsonSchemaType.String, Description = "For the operator's logs." };
        concrete.Required = new HashSet<string>(["status", "title", "detail", "code"]);
        if (concrete.Properties.ContainsKey("errors"))
        {
            concrete.Properties["codes"] = new OpenApiSchema
            {
                Type = JsonSchemaType.Object,
                Description = "Permanent codes by field, in the order of `errors`.",
                AdditionalProperties = new OpenApiSchema { Type = JsonSchemaType.Array, Items = new OpenApiSchema { Type = JsonSchemaType.String } },
            };
        }
    }
}

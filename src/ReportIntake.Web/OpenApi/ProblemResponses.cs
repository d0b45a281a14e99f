using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.RateLimiting;
using Microsoft.OpenApi;
using Swashbuckle.AspNetCore.SwaggerGen;

namespace ReportIntake.Web.OpenApi;

/// <summary>The refusals that a route need not state itself, because they follow from what it is.</summary>
internal sealed class ProblemResponses : IOperationFilter
{
    private const string ProblemJson = "application/problem+json";

    public void Apply(OpenApiOperation operation, OperationFilterContext context)
    {
        var api = context.ApiDescription;
        if (!api.RelativePath!.StartsWith("api/", StringComparison.Ordinal) || api.HttpMethod == HttpMethods.Options)
        {
            return;
        }

        var metadata = api.ActionDescriptor.EndpointMetadata;
        var isPolice = metadata.OfType<IAuthorizeData>().Any(a => a.Policy is { } policy && Security.PoliceScopes.All.Contains(policy));
        var schema = context.SchemaGenerator.GenerateSchema(typeof(ProblemDetails), context.SchemaRepository);
        foreach (var (status, text) in Refusals())
        {
            operation.Responses ??= [];
            if (operation.Responses.TryGetValue(status, out var stated))
            {
                if (stated is OpenApiResponse { Description: null or "" } response)
                {
                    response.Description = text;
                }

                continue;
            }

            operation.Responses[status] = new OpenApiResponse { Description = text, Content = Problem(schema) };
        }

        IEnumerable<(string Status, string Text)> Refusals()
        {
            if (operation.RequestBody is not null)
            {
                yield return ("400", "The request cannot be read, or fields are wrong: `validation_failed` with `errors` and `codes` by field.");
                yield return ("413", "`request_too_large`");
                yield return ("415", "`content_type_not_accepted`");
            }

            if (metadata.OfType<IAuthorizeData>().Any() && !metadata.OfType<IAllowAnonymous>().Any())
            {
                yield return ("401", isPolice ? "`not_authenticated`, `key_expired`, `token_expired`, `client_certificate_required`, `client_certificate_invalid`" : "`not_authenticated`");
                yield return ("403", isPolice ? "`not_allowed`, `network_not_allowed`" : "`not_allowed`");
            }

            if (metadata.OfType<EnableRateLimitingAttribute>().Any())
            {
                yield return ("429", isPolice ? "`too_many_requests`, with `Retry-After` in seconds and, as all answers to police clients, `RateLimit-Policy` and `RateLimit`." : "`too_many_requests`, with `Retry-After` in seconds.");
            }

            yield return ("503", $"`database_unavailable`{(isPolice ? ", or `issuer_unavailable` for a token," : ",")} with `Retry-After` in seconds. Nothing was changed.");
        }
    }

    private static Dictionary<string, IOpenApiMediaType> Problem(IOpenApiSchema schema) => new() { [ProblemJson] = new OpenApiMediaType { Schema = schema } };
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

using Microsoft.OpenApi;
using ReportIntake.Domain;
using Swashbuckle.AspNetCore.SwaggerGen;

namespace ReportIntake.Web.OpenApi;

/// <summary>The API's description, made from the routes themselves: <c>GET /openapi/v1.json</c>, committed as <c>openapi/v1.json</c>.</summary>
public static class OpenApiSetup
{
    /// <summary>What holds for every route, said once.</summary>
    private const string ForIntegrators = """
        Intake, verification and delivery of public reports.

        **Conventions.** JSON in camelCase, enumerations in snake_case, times RFC 3339 in UTC, ids UUIDv7. Unknown members are
        refused. Pages are `{items, nextCursor}`: give `nextCursor` as `cursor` until it is null. Members may be added to answers.

        **Errors** are `application/problem+json` (RFC 9457) with a permanent `code`; each route lists its codes, and
        `components/examples` has every one as it is answered. Texts follow `Accept-Language` (`id`, `en`); programs go by `code`.
        After 429 and 503 wait `Retry-After` seconds and repeat. A 500 `internal_error` is a mistake of the service: repeat later
        and tell the operator its `traceId`. What is no HTTP (bad header, request line too long) the server refuses without a body.

        **Repeating.** Routes with `Idempotency-Key` may be repeated with the same key and body for 24 hours and answer the same.
        `If-Match` with the `ETag` that was read makes a change of something that has changed meanwhile fail with 412.

        **Police systems** follow `GET /api/v1/events` from a stored cursor: read the batch, do with it what is to be done, then
        store `X-Next-Cursor`. Events may come twice, with the same `id`. `deploy/samples/PoliceConsumer` is a whole consumer;
        `openapi/examples` has calls to try by hand, and `ReportIntake.Web sandbox fill` made-up reports to try them on.
        """;

    public static IServiceCollection AddOpenApiDocument(this IServiceCollection services)
    {
        services.AddEndpointsApiExplorer();
        services.AddSwaggerGen(options =>
        {
            options.SwaggerDoc("v1", new OpenApiInfo
            {
                Title = "ReportIntake",
                Version = "v1",
                Description = ForIntegrators,
                License = new OpenApiLicense { Name = "Apache-2.0", Url = new Uri("https://www.apache.org/licenses/LICENSE-2.0") },
            });
            options.AddServer(new OpenApiServer { Url = "/", Description = "The service itself, under whatever name it is reached." });
            options.CustomOperationIds(OperationIds.Of);
            options.SupportNonNullableReferenceTypes();
            options.NonNullableReferenceTypesAsRequired();
            options.UseAllOfToExtendReferenceSchemas();
            options.CustomSchemaIds(SchemaId);
            options.SchemaFilter<EnumNamesSchema>();
            options.SchemaFilter<ProblemSchema>();
            options.OperationFilter<SecurityOperation>();
            options.OperationFilter<HeaderParameters>();
            options.OperationFilter<ProblemResponses>();
            options.OperationFilter<RequestExamples>();
            options.OperationFilter<RawBodies>();
            options.DocumentFilter<TagDescriptions>();
            options.DocumentFilter<NullableReferences>();
            options.DocumentFilter<ErrorExamples>();
            options.DocumentFilter<BodyExamples>();
            foreach (var documentation in Directory.GetFiles(AppContext.BaseDirectory, "ReportIntake.*.xml").Order(StringComparer.Ordinal))
            {
                options.IncludeXmlComments(documentation);
            }

            options.AddSecurityDefinition("receipt", new OpenApiSecurityScheme
            {
                Type = SecuritySchemeType.ApiKey,
                In = ParameterLocation.Header,
                Name = "Authorization",
                Description = "`Receipt XXXX-XXXX-XXXX-XXXX-C`: the reporter's receipt code.",
            });
            options.AddSecurityDefinition("staff", new OpenApiSecurityScheme
            {
                Type = SecuritySchemeType.Http,
                Scheme = "bearer",
                Description = "The access token of `POST /api/v1/staff/login`.",
            });
            options.AddSecurityDefinition("police", new OpenApiSecurityScheme
            {
                Type = SecuritySchemeType.Http,
                Scheme = "bearer",
                Description = "The API key of a police client (`ri_…`), or a JWT of a configured issuer for one; each route names the scope it needs.",
            });
        });
        return services;
    }

    public static void MapOpenApiDocument(this WebApplication app)
    {
        app.MapSwagger("/openapi/{documentName}.json").AllowAnonymous();
        if (app.Environment.IsDevelopment())
        {
            app.UseSwaggerUI(options => options.SwaggerEndpoint("/openapi/v1.json", "ReportIntake v1"));
        }
    }

    /// <summary>A use case's types are named after it: <c>SubmitReport.Command</c> is <c>SubmitReportCommand</c>.</summary>
    private static string SchemaId(Type type)
    {
        var name = type.IsGenericType
            ? type.Name[..type.Name.IndexOf('`', StringComparison.Ordinal)] + string.Concat(type.GetGenericArguments().Select(SchemaId))
            : type.Name;
        return type.DeclaringType is { } outer ? outer.Name.Replace("Endpoints", "", StringComparison.Ordinal).Replace("Setup", "", StringComparison.Ordinal) + name : name;
    }

    /// <summary>Enums as the JSON spells them.</summary>
    private sealed class EnumNamesSchema : ISchemaFilter
    {
        public void Apply(IOpenApiSchema schema, SchemaFilterContext context)
        {
            if (context.Type.IsEnum && schema is OpenApiSchema concrete)
            {
                concrete.Type = JsonSchemaType.String;
                concrete.Format = null;
                concrete.Enum = [.. EnumNames.All(context.Type).Select(n => System.Text.Json.Nodes.JsonValue.Create(n))];
            }
        }
    }

    /// <summary>Which credentials a route takes, read from its policy; none where it is open to all.</summary>
    private sealed class SecurityOperation : IOperationFilter
    {
        public void Apply(OpenApiOperation operation, OperationFilterContext context)
        {
            var metadata = context.ApiDescription.ActionDescriptor.EndpointMetadata;
            var policy = metadata.OfType<Microsoft.AspNetCore.Authorization.IAuthorizeData>().Select(a => a.Policy).LastOrDefault(p => p is not null);
            var scheme = policy is null
                ? metadata.Any(m => m.GetType().Name == "ReceiptRequired") ? "receipt" : null
                : Security.PoliceScopes.All.Contains(policy) ? "police" : "staff";
            if (scheme is null)
            {
                return;
            }

            operation.Security = [new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference(scheme, context.Document)] = [] }];
            var needs = scheme switch { "police" => $"Scope `{policy}`.", "staff" => $"Role `{policy}`.", _ => "Receipt code." };
            operation.Description = string.IsNullOrEmpty(operation.Description) ? needs : $"{operation.Description} {needs}";
        }
    }

    private sealed class TagDescriptions : IDocumentFilter
    {
        private static readonly Dictionary<string, string> Texts = new()
        {
            ["Administration"] = "Accounts, police clients, hash lists, retention and the custody ledger. Never the content of reports.",
            ["Citizens"] = "Filing a report and following it with its receipt code. No account.",
            ["Police systems"] = "Verified reports of a client's areas, the change feed, originals, follow-up and webhooks.",
            ["Moderation"] = "The queue, and decisions on reports.",
            ["Operations"] = "For the supervisor of the process.",
            ["Staff"] = "Signing in with tools.",
            ["Uploads"] = "Resumable uploads: tus 1.0.0, or the draft of the IETF.",
        };

        public void Apply(OpenApiDocument swaggerDoc, DocumentFilterContext context)
        {
            foreach (var tag in swaggerDoc.Tags ?? new HashSet<OpenApiTag>())
            {
                tag.Description = Texts.GetValueOrDefault(tag.Name ?? "");
            }
        }
    }

    /// <summary>In OpenAPI 3.0 <c>nullable</c> counts only beside a <c>type</c>, which a reference inside <c>allOf</c> is not.</summary>
    private sealed class NullableReferences : IDocumentFilter
    {
        public void Apply(OpenApiDocument swaggerDoc, DocumentFilterContext context)
        {
            foreach (var member in context.SchemaRepository.Schemas.Values.SelectMany(s => s.Properties?.Values.AsEnumerable() ?? []).OfType<OpenApiSchema>())
            {
                if (member is { AllOf: [OpenApiSchemaReference { Reference.Id: { } id }], Type: { } type } && type.HasFlag(JsonSchemaType.Null))
                {
                    member.Type = type | context.SchemaRepository.Schemas[id].Type;
                }
            }
        }
    }
}

using Microsoft.OpenApi;
using Swashbuckle.AspNetCore.SwaggerGen;

namespace ReportIntake.Web.OpenApi;

/// <summary>Headers that routes read without binding them: tus, <c>Range</c>, <c>If-Match</c>, <c>Accept-Language</c>.</summary>
internal sealed class HeaderParameters : IOperationFilter
{
    private static readonly (string Name, string Text, bool Required) TusResumable = ("Tus-Resumable", "`1.0.0`, the protocol's version.", true);

    public void Apply(OpenApiOperation operation, OperationFilterContext context)
    {
        var method = context.ApiDescription.HttpMethod!;
        var path = context.ApiDescription.RelativePath!.TrimEnd('/');
        foreach (var (name, text, required) in Headers(method, path))
        {
            operation.Parameters ??= [];
            if (!operation.Parameters.Any(p => string.Equals(p.Name, name, StringComparison.OrdinalIgnoreCase)))
            {
                operation.Parameters.Add(new OpenApiParameter
                {
                    Name = name,
                    In = ParameterLocation.Header,
                    Required = required,
                    Description = text,
                    Schema = new OpenApiSchema { Type = JsonSchemaType.String },
                });
            }
        }

        foreach (var parameter in operation.Parameters?.OfType<OpenApiParameter>().Where(p => string.IsNullOrEmpty(p.Description)) ?? [])
        {
            parameter.Description = parameter.Name switch
            {
                "Idempotency-Key" => "1 to 255 characters of the caller's. The same key with the same request gets the same answer, for 24 hours.",
                "If-Match" => IfMatch,
                "limit" => "Items of one page.",
                "cursor" or "after" => "Where the page before ended; opaque.",
                _ => parameter.Description,
            };
        }
    }

    private const string IfMatch = "The `ETag` that was read: the report must not have changed since. Otherwise 412 `version_stale`.";

    private static IEnumerable<(string Name, string Text, bool Required)> Headers(string method, string path) => (method, path) switch
    {
        ("POST", "api/v1/uploads") =>
        [
            TusResumable,
            ("Upload-Length", "Bytes of the whole file.", false),
            ("Upload-Defer-Length", "`1` where the length is told later.", false),
            ("Upload-Metadata", "`filename` and `filetype`, each with its value in base64.", false),
            ("Upload-Checksum", "Algorithm and base64 digest of the body (`sha256 …`).", false),
        ],
        ("PATCH", "api/v1/uploads/{uploadId}") =>
        [
            TusResumable,
            ("Upload-Offset", "Where the body begins; must be where the upload stands.", true),
            ("Upload-Length", "Bytes of the whole file, once, where they were deferred.", false),
            ("Upload-Checksum", "Algorithm and base64 digest of the body (`sha256 …`).", false),
        ],
        ("POST", "api/v1/uploads/{uploadId}") => [TusResumable, ("X-HTTP-Method-Override", "`PATCH`, `DELETE`, `HEAD` or `OPTIONS`, with that method's headers.", true)],
        ("HEAD" or "DELETE", "api/v1/uploads/{uploadId}") => [TusResumable],
        ("POST", _) when path.StartsWith("api/v1/moderation/reports/", StringComparison.Ordinal) => [("If-Match", IfMatch, false)],
        ("GET", _) when path.EndsWith("/original", StringComparison.Ordinal) || path.EndsWith("/working-copy", StringComparison.Ordinal) =>
            [("Range", "One range of bytes (`bytes=0-1023`).", false), ("If-Range", "The `ETag` that the range is of.", false)],
        ("GET", "api/v1/catalogue" or "api/v1/receipt") => [("Accept-Language", "`id` (default) or `en`.", false)],
        _ => [],
    };
}

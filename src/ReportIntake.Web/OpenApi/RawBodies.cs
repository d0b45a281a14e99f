using System.Text.Json.Nodes;
using Microsoft.OpenApi;
using Swashbuckle.AspNetCore.SwaggerGen;

namespace ReportIntake.Web.OpenApi;

/// <summary>Bodies that routes read themselves, as a stream, and answers' headers that a client must read.</summary>
internal sealed class RawBodies : IOperationFilter
{
    private const string UploadBytes = "application/offset+octet-stream";

    private static readonly Dictionary<string, (string Status, string Name, string Text)[]> Headers = new()
    {
        ["readEvents"] = [("200", "X-Next-Cursor", "Give it as `after` the next time. It also passes events of others, so keep it even where there was no event.")],
        ["readVerifiedReport"] = [("200", "ETag", "The version, for `If-Match` of a follow-up.")],
        ["moderationReadReport"] = [("200", "ETag", "The version, for `If-Match` of a decision.")],
        ["readOriginal"] = [("200", "Repr-Digest", "RFC 9530, `sha-256=:<base64>:` of the whole file."), ("206", "Repr-Digest", "RFC 9530, `sha-256=:<base64>:` of the whole file."), ("200", "ETag", "The SHA-256 of the file in hexadecimal.")],
        ["createUpload"] = [("201", "Location", "The upload's address: a secret."), ("201", "Upload-Expires", "Until when it is kept where no report takes it.")],
        ["appendToUpload"] = [("204", "Upload-Offset", "How many bytes have arrived.")],
        ["uploadOffset"] = [("200", "Upload-Offset", "How many bytes have arrived."), ("200", "Upload-Length", "Bytes of the whole file, where told.")],
    };

    public void Apply(OpenApiOperation operation, OperationFilterContext context)
    {
        switch (operation.OperationId)
        {
            case "createUpload":
                operation.RequestBody = Bytes("The first bytes, if any.", required: false);
                break;
            case "appendToUpload":
                operation.RequestBody = Bytes("The bytes from `Upload-Offset` on.", required: true);
                break;
            case "uploadCapabilitiesOfOne":
                operation.Parameters = [new OpenApiParameter { Name = "uploadId", In = ParameterLocation.Path, Required = true, Schema = new OpenApiSchema { Type = JsonSchemaType.String } }];
                break;
            case "importHashList":
                operation.RequestBody = HashList();
                break;
        }

        foreach (var (status, name, text) in Headers.GetValueOrDefault(operation.OperationId ?? "", []))
        {
            if (operation.Responses?.TryGetValue(status, out var answer) is true && answer is OpenApiResponse response)
            {
                response.Headers ??= new Dictionary<string, IOpenApiHeader>();
                response.Headers[name] = new OpenApiHeader { Description = text, Schema = new OpenApiSchema { Type = JsonSchemaType.String } };
            }
        }
    }

    private static OpenApiRequestBody Bytes(string text, bool required) => new()
    {
        Description = text,
        Required = required,
        Content = new Dictionary<string, IOpenApiMediaType> { [UploadBytes] = new OpenApiMediaType { Schema = new OpenApiSchema { Type = JsonSchemaType.String, Format = "binary" } } },
    };

    private static OpenApiRequestBody HashList() => new()
    {
        Description = "The file: CSV with a header line, or a JSON array of rows.",
        Required = true,
        Content = new Dictionary<string, IOpenApiMediaType>
        {
            ["text/csv"] = new OpenApiMediaType
            {
                Schema = new OpenApiSchema { Type = JsonSchemaType.String },
                Example = JsonValue.Create("sha256,list,meaning,source\n9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08,Known,known_benign,A hotline\n"),
            },
            ["application/json"] = new OpenApiMediaType
            {
                Schema = new OpenApiSchema { Type = JsonSchemaType.Array, Items = new OpenApiSchema { Type = JsonSchemaType.Object } },
                Example = JsonNode.Parse("""[ { "sha256": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08", "list": "Known", "meaning": "known_benign", "source": "A hotline" } ]"""),
            },
        },
    };
}

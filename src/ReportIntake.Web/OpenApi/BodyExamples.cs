using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.OpenApi;
using Swashbuckle.AspNetCore.SwaggerGen;

namespace ReportIntake.Web.OpenApi;

/// <summary>
/// An example of every JSON body, asked and answered, made from its schema: a member gets the value that members of its
/// name have here, so that examples of different routes tell of one report. Bodies with an example of their own keep it.
/// </summary>
internal sealed class BodyExamples : IDocumentFilter
{
    private const int Deepest = 8;
    private const string Uuid = "019ab2c4-5f10-7c3e-9a44-6d0b5e2f8a01";
    private const string Sha256 = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08";

    /// <summary>By member; of an enumeration, the value where it has it. JSON as it stands in the example.</summary>
    private static readonly Dictionary<string, string> Values = new(StringComparer.Ordinal)
    {
        ["accessToken"] = "\"CfDJ8N…\"",
        ["refreshToken"] = "\"CfDJ8P…\"",
        ["tokenType"] = "\"Bearer\"",
        ["expiresIn"] = "3600",
        ["action"] = "\"verified\"",
        ["actor"] = "\"moderator\"",
        ["after"] = "\"CfDJ8Q…\"",
        ["cursor"] = "\"CfDJ8Q…\"",
        ["fromCursor"] = "\"CfDJ8Q…\"",
        ["nextCursor"] = "null",
        ["algorithm"] = "\"sha256\"",
        ["apiKey"] = "\"ri_8kq2v1…\"",
        ["prefix"] = "\"ri_8kq2v1\"",
        ["areaCode"] = "\"32.74\"",
        ["area"] = "\"32.74\"",
        ["areas"] = "[\"32.74\"]",
        ["province"] = "\"32\"",
        ["category"] = "\"child_sexual_exploitation\"",
        ["check"] = "\"database\"",
        ["description"] = "\"Akun ini menawarkan anak perempuan di kota kami.\"",
        ["disposition"] = "\"unfounded\"",
        ["destination"] = "\"sapa_129\"",
        ["email"] = "\"moderator@reportintake.example\"",
        ["externalId"] = "null",
        ["issuer"] = "null",
        ["furtherAction"] = "\"Visit today.\"",
        ["handle"] = "\"contoh_akun\"",
        ["hazards"] = "\"Contact goes on.\"",
        ["impact"] = "\"Severe.\"",
        ["keyId"] = $"\"{Sha256}\"",
        ["language"] = "\"id\"",
        ["list"] = "\"Known files\"",
        ["md5"] = "\"098f6bcd4621d373cade4e832627b4f6\"",
        ["meaning"] = "\"known_benign\"",
        ["mediaType"] = "\"image/jpeg\"",
        ["workingCopyType"] = "\"image/jpeg\"",
        ["datacontenttype"] = "\"application/json\"",
        ["specversion"] = "\"1.0\"",
        ["name"] = "\"foto.jpg\"",
        ["normalised"] = "\"michat:contoh_akun\"",
        ["value"] = "\"contoh_akun\"",
        ["note"] = "\"Seen on Friday.\"",
        ["of"] = "\"RI-2026-000123\"",
        ["password"] = "\"…\"",
        ["twoFactorCode"] = "\"123456\"",
        ["pdq"] = "null",
        ["pdqQuality"] = "null",
        ["pem"] = "\"-----BEGIN PUBLIC KEY-----\\n…\\n-----END PUBLIC KEY-----\\n\"",
        ["publicKey"] = "\"-----BEGIN PUBLIC KEY-----\\n…\\n-----END PUBLIC KEY-----\\n\"",
        ["phone"] = "null",
        ["place"] = "\"Cirebon\"",
        ["platform"] = "\"michat\"",
        ["quarantineReason"] = "null",
        ["reason"] = "\"Signs of age in the advertisement.\"",
        ["receiptCode"] = "\"7K3M-9QWX-2TRB-5HNV-C\"",
        ["reference"] = "\"RI-2026-000123\"",
        ["root"] = $"\"{Sha256}\"",
        ["sha256"] = $"\"{Sha256}\"",
        ["ruleId"] = "\"U1\"",
        ["ruleSetVersion"] = "\"2026.1\"",
        ["secret"] = "\"whsec_…\"",
        ["signature"] = "\"MEUCIQ…\"",
        ["signedText"] = "\"reportintake-tree-head…\"",
        ["statement"] = "\"reference: RI-2026-000123…\"",
        ["source"] = "\"/api/v1\"",
        ["stage"] = "\"advertising\"",
        ["stateText"] = "\"Laporan Anda sudah diverifikasi.\"",
        ["text"] = "\"Akunnya sudah berganti nama.\"",
        ["tier"] = "\"urgent\"",
        ["provisionalTier"] = "\"urgent\"",
        ["state"] = "\"verified\"",
        ["type"] = "\"report.verified\"",
        ["url"] = "\"https://hooks.police.example/reports\"",
        ["version"] = "4",
        ["size"] = "482133",
        ["treeSize"] = "1024",
        ["limit"] = "100",
        ["overlapHours"] = "24",
        ["evidenceCount"] = "1",
        ["roles"] = "[\"moderator\"]",
        ["scopes"] = "[\"reports.read\"]",
        ["networks"] = "[\"10.20.0.0/16\"]",
        ["certificates"] = $"[\"{Sha256}\"]",
        ["categories"] = "[\"child_sexual_exploitation\"]",
        ["tiers"] = "[\"immediate\", \"urgent\"]",
        ["outcome"] = "\"victim_safeguarded\"",
        ["audience"] = "\"police\"",
        ["wording"] = "null",
        ["kind"] = "\"platform_handle\"",
        ["danger"] = "\"yes\"",
        ["dangerNow"] = "\"yes\"",
        ["ageBand"] = "\"13_17\"",
        ["ongoing"] = "true",
        ["occurredFrom"] = "\"2026-11-20T14:00:00Z\"",
        ["duplicates"] = "[]",
        ["eventIds"] = $"[\"{Uuid}\"]",
        ["purpose"] = "\"court_order\"",
        ["days"] = "1825",
    };

    public void Apply(OpenApiDocument swaggerDoc, DocumentFilterContext context)
    {
        foreach (var operation in swaggerDoc.Paths.Values.SelectMany(p => p.Operations?.Values.AsEnumerable() ?? []))
        {
            var contents = (operation.Responses?.Values.Select(r => r.Content) ?? []).Append(operation.RequestBody?.Content);
            foreach (var (type, content) in contents.OfType<IDictionary<string, IOpenApiMediaType>>().SelectMany(c => c))
            {
                if (type.EndsWith("json", StringComparison.Ordinal) && content is OpenApiMediaType { Example: null, Examples: null or { Count: 0 }, Schema: { } schema } body)
                {
                    body.Example = Of(schema, "", Deepest, context.SchemaRepository);
                }
            }
        }
    }

    private static JsonNode? Of(IOpenApiSchema schema, string member, int depth, SchemaRepository schemas)
    {
        var resolved = schema is OpenApiSchemaReference { Reference.Id: { } id } ? schemas.Schemas[id] : schema;
        if (resolved.AllOf is [var only, ..])
        {
            return Of(only, member, depth, schemas);
        }

        if (depth == 0)
        {
            return null;
        }

        var known = Values.TryGetValue(member, out var json) ? JsonNode.Parse(json) : null;
        return (resolved.Type & ~JsonSchemaType.Null) switch
        {
            JsonSchemaType.Array when resolved.Items is { } items => known as JsonArray is { } all && items.Type is JsonSchemaType.String ? all : [Of(items, Singular(member), depth - 1, schemas)],
            JsonSchemaType.Array => new JsonArray(),
            JsonSchemaType.Boolean => known ?? false,
            JsonSchemaType.Integer or JsonSchemaType.Number => known?.GetValueKind() is JsonValueKind.Number ? known : 1,
            JsonSchemaType.String => OfString(resolved, member, known?.GetValueKind() is JsonValueKind.String ? known : null),
            _ => OfObject(resolved, depth, schemas),
        };
    }

    private static JsonNode? OfString(IOpenApiSchema schema, string member, JsonNode? known) => schema switch
    {
        { Enum: [var first, ..] all } => all.FirstOrDefault(v => JsonNode.DeepEquals(v, known))?.DeepClone() ?? first.DeepClone(),
        { Format: "uuid" } => Uuid,
        { Format: "date-time" } => known ?? "2026-11-20T14:05:00Z",
        { Format: "date" } => "2026-11-20",
        { Type: { } type } when type.HasFlag(JsonSchemaType.Null) && Values.GetValueOrDefault(member) is "null" => null,
        _ => known ?? (member.Length > 0 ? member : "…"),
    };

    private static JsonObject OfObject(IOpenApiSchema schema, int depth, SchemaRepository schemas)
    {
        var example = new JsonObject();
        foreach (var (name, member) in schema.Properties ?? new Dictionary<string, IOpenApiSchema>())
        {
            example[name] = Of(member, name, depth - 1, schemas);
        }

        if (example.Count == 0 && schema.AdditionalProperties is { } values)
        {
            example["term"] = Of(values, "", depth - 1, schemas);
        }

        return example;
    }

    private static string Singular(string name) => name.EndsWith('s') ? name[..^1] : name;
}

using System.Text.Json.Nodes;
using Microsoft.OpenApi;
using Swashbuckle.AspNetCore.SwaggerGen;

namespace ReportIntake.Web.OpenApi;

/// <summary>An example body for each of the main requests, by operation id.</summary>
internal sealed class RequestExamples : IOperationFilter
{
    private static readonly Dictionary<string, string> Examples = new()
    {
        ["submitReport"] = """
            {
              "category": "child_sexual_exploitation",
              "description": "Akun ini menawarkan anak perempuan di kota kami.",
              "language": "id",
              "stage": "advertising",
              "incident": { "occurredFrom": "2026-11-20T14:00:00Z", "ongoing": true, "areaCode": "32.74", "place": "Cirebon" },
              "subjects": [ { "platform": "michat", "handle": "contoh_akun" } ],
              "victim": { "ageBand": "13_17", "dangerNow": "yes", "isReporter": false },
              "uploadIds": []
            }
            """,
        ["addMessage"] = """{ "text": "Akunnya sudah berganti nama." }""",
        ["staffLogin"] = """{ "email": "moderator@reportintake.example", "password": "…", "twoFactorCode": "123456" }""",
        ["moderationVerifyReport"] = """{ "category": "child_sexual_exploitation", "tier": "urgent", "reason": "Signs of age in the advertisement." }""",
        ["moderationRejectReport"] = """{ "disposition": "unfounded", "note": "The account is a shop's." }""",
        ["moderationRequestInformation"] = """{ "text": "Apa nama akun itu?" }""",
        ["moderationMarkDuplicate"] = """{ "of": "RI-2026-000123" }""",
        ["moderationRetriageReport"] = """{ "tier": "immediate", "reason": "They meet tomorrow." }""",
        ["returnReport"] = """{ "reason": "The account named does not exist." }""",
        ["recordRiskAssessment"] = """{ "hazards": "Contact goes on.", "impact": "Severe.", "furtherAction": "Visit today." }""",
        ["recordOutcome"] = """{ "code": "victim_safeguarded", "note": null }""",
        ["retriageReport"] = """{ "tier": "immediate", "reason": "They meet tomorrow." }""",
        ["addClient"] = """{ "name": "Polda Jawa Barat", "scopes": ["reports.read", "evidence.read", "follow_up.write"], "areas": ["32"] }""",
    };

    public void Apply(OpenApiOperation operation, OperationFilterContext context)
    {
        if (Examples.TryGetValue(operation.OperationId ?? "", out var example)
            && operation.RequestBody?.Content is { } content && content.TryGetValue("application/json", out var body) && body is OpenApiMediaType json)
        {
            json.Example = JsonNode.Parse(example);
        }
    }
}

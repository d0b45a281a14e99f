using System.Text.Json;
using System.Text.Json.Serialization;

namespace ReportIntake.Domain.Triage;

/// <summary>The JSON of an <see cref="Assessment"/>, as stored with the report: camelCase members, tiers in snake_case.</summary>
public static class AssessmentJson
{
    private static readonly JsonSerializerOptions Format = new(JsonSerializerDefaults.Web)
    {
        Converters = { new JsonStringEnumConverter<Tier>(JsonNamingPolicy.SnakeCaseLower, allowIntegerValues: false) },
        RespectRequiredConstructorParameters = true,
        RespectNullableAnnotations = true,
    };

    public static string Write(Assessment assessment) => JsonSerializer.Serialize(assessment, Format);

    /// <summary>What <see cref="Write"/> wrote. Anything else is a damaged row: <see cref="JsonException"/>.</summary>
    public static Assessment Read(string json) =>
        JsonSerializer.Deserialize<Assessment>(json, Format) ?? throw new JsonException("The assessment is empty.");
}

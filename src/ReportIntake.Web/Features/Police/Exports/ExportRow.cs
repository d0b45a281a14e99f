using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using ReportIntake.Domain;
using ReportIntake.Domain.Reports;

namespace ReportIntake.Web.Features.Police.Exports;

/// <summary>One report of an export. Times are RFC 3339 in UTC; several accounts of one report stand in one field of CSV, separated by spaces.</summary>
public sealed record ExportRow(
    Guid Id,
    string Reference,
    int Version,
    string State,
    string? Tier,
    string Category,
    string? AreaCode,
    DateTimeOffset SubmittedAt,
    DateTimeOffset UpdatedAt,
    string? Outcome,
    string? Stage,
    DateTimeOffset? OccurredFrom,
    DateTimeOffset? OccurredTo,
    bool Ongoing,
    DateTimeOffset? ExpectedAt,
    string? Place,
    string AgeBand,
    string DangerNow,
    int EvidenceCount,
    bool LegalHold,
    string? Description,
    IReadOnlyList<string> Indicators)
{
    public static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { DefaultIgnoreCondition = JsonIgnoreCondition.Never };

    public static readonly IReadOnlyList<string> Columns =
    [
        "id", "reference", "version", "state", "tier", "category", "areaCode", "submittedAt", "updatedAt", "outcome", "stage", "occurredFrom",
        "occurredTo", "ongoing", "expectedAt", "place", "ageBand", "dangerNow", "evidenceCount", "legalHold", "description", "indicators",
    ];

    public static ExportRow Of(Report report) => new(
        report.Id,
        report.Reference,
        report.Version,
        report.State.Name(),
        report.Tier?.Name(),
        report.Category,
        report.Incident.AreaCode,
        report.SubmittedAt,
        report.UpdatedAt,
        report.Outcome?.Name(),
        report.Stage,
        report.Incident.OccurredFrom,
        report.Incident.OccurredTo,
        report.Incident.Ongoing,
        report.Incident.ExpectedAt,
        report.Incident.Place,
        report.Victim.AgeBand.Name(),
        report.Victim.DangerNow.Name(),
        report.EvidenceCount,
        report.LegalHold,
        report.Description,
        [.. report.Indicators.OrderBy(i => i.Kind).ThenBy(i => i.Normalised, StringComparer.Ordinal).Select(i => i.Normalised)]);

    /// <summary>In the order of <see cref="Columns"/>.</summary>
    public IEnumerable<string?> Fields() =>
    [
        Id.ToString(), Reference, Text(Version), State, Tier, Category, AreaCode, Time(SubmittedAt), Time(UpdatedAt), Outcome, Stage, Time(OccurredFrom),
        Time(OccurredTo), Text(Ongoing), Time(ExpectedAt), Place, AgeBand, DangerNow, Text(EvidenceCount), Text(LegalHold), Description, string.Join(' ', Indicators),
    ];

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    private static string Text(bool flag) => flag ? "true" : "false";

    private static string? Time(DateTimeOffset? at) => at?.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.FFFFFFZ", CultureInfo.InvariantCulture);
}

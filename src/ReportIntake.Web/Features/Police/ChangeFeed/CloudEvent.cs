using ReportIntake.Domain;
using ReportIntake.Domain.Reports;
using ReportIntake.Domain.Triage;
using ReportIntake.Web.Persistence.Outbox;
using ReportIntake.Web.Security;

namespace ReportIntake.Web.Features.Police.ChangeFeed;

/// <summary>An event of the feed as CloudEvents 1.0 in JSON; the members' names are the specification's (all lower case).</summary>
/// <param name="Id">The same wherever and however often the event is delivered: what a receiver knows repetitions by.</param>
/// <param name="Type">Such as <c>report.verified</c>.</param>
/// <param name="Subject">The report's id.</param>
public sealed record CloudEvent(
    string Specversion, Guid Id, string Source, string Type, Guid Subject, DateTimeOffset Time, string Datacontenttype, CloudEvent.Thin Data)
{
    public const string ContentType = "application/cloudevents+json";
    public const string BatchContentType = "application/cloudevents-batch+json";

    /// <param name="published">One that the client's filter lets through.</param>
    /// <param name="client">Who reads it: what the event means depends on what the client is given.</param>
    public static CloudEvent Of(PoliceEvent published, PoliceClientAccess client) => new(
        "1.0",
        published.Id,
        "/api/v1",
        client.TypeFor(published).Name(),
        published.ReportId,
        published.At,
        "application/json",
        new Thin(published.ReportId, published.Reference, published.State, published.Tier, published.Category, published.AreaCode));

    /// <summary>Ids and codes, as they were when it happened; the report itself is read with the id, by those who may.</summary>
    public sealed record Thin(Guid ReportId, string Reference, ReportState State, Tier? Tier, string Category, string? AreaCode);
}

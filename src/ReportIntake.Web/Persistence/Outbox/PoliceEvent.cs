using ReportIntake.Domain;
using ReportIntake.Domain.Reports;
using ReportIntake.Domain.Triage;

namespace ReportIntake.Web.Persistence.Outbox;

/// <summary>
/// One event of the police feed: thin, ids and codes only. Written with the change; its <see cref="Position"/> is given
/// afterwards, in commit order, by the one sequencer, so that a late commit is never skipped by a reader.
/// </summary>
public sealed class PoliceEvent
{
    private PoliceEvent()
    {
    }

    public Guid Id { get; private set; }

    /// <summary>1-based position in the feed; null until published.</summary>
    public long? Position { get; set; }

    public PoliceEventType Type { get; private set; }

    public DateTimeOffset At { get; private set; }

    public Guid ReportId { get; private set; }

    public string Reference { get; private set; } = "";

    public string Category { get; private set; } = "";

    public Tier? Tier { get; private set; }

    /// <summary>Given where the event is that the tier changed: clients of this tier only lose sight of the report.</summary>
    public Tier? PreviousTier { get; private set; }

    public ReportState State { get; private set; }

    public string? AreaCode { get; private set; }

    public static PoliceEvent Of(PoliceEventType type, Report report, ReportEvent happened) => new()
    {
        Id = Guid.CreateVersion7(happened.At),
        Type = type,
        At = happened.At,
        ReportId = report.Id,
        Reference = report.Reference,
        Category = report.Category,
        Tier = report.Tier,
        PreviousTier = happened.Details.TryGetValue(ReportEvent.PreviousTier, out var previous) ? EnumNames.Parse<Tier>(previous) : null,
        State = report.State,
        AreaCode = report.Incident.AreaCode,
    };
}

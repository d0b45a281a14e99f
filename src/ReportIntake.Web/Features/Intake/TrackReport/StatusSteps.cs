using ReportIntake.Domain.Reports;

namespace ReportIntake.Web.Features.Intake.TrackReport;

/// <summary>A report's way as five points on a line, for the reporter's eyes.</summary>
public static class StatusSteps
{
    /// <summary>Keys of the points' texts, in order.</summary>
    public static readonly IReadOnlyList<string> Keys = ["step.received", "step.checked", "step.police", "step.worked_on", "step.finished"];

    /// <summary>How many points are reached, 1 to 5; null where the report has left this way (not passed on, joined, withdrawn, deleted).</summary>
    public static int? Reached(ReportState state) => state switch
    {
        ReportState.Received => 1,
        ReportState.UnderVerification or ReportState.NeedsInformation => 2,
        ReportState.Verified => 3,
        ReportState.InFollowUp => 4,
        ReportState.Resolved or ReportState.Closed => 5,
        _ => null,
    };
}

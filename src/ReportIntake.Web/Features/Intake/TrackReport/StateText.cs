using Microsoft.Extensions.Localization;
using ReportIntake.Domain;
using ReportIntake.Domain.Reports;

namespace ReportIntake.Web.Features.Intake.TrackReport;

/// <summary>Marks <c>StateTexts.resx</c> (Indonesian) and <c>StateTexts.en.resx</c>.</summary>
public sealed class StateTexts;

/// <summary>A report's state in words for its reporter: what is happening, why, and what comes next.</summary>
public sealed class StateText(IStringLocalizer<StateTexts> texts)
{
    /// <param name="canonical">State of the report that this is a duplicate of.</param>
    public string For(Report report, ReportState? canonical) => report.State switch
    {
        ReportState.Rejected when report.Disposition is { } disposition => $"{texts["rejected"]} {texts["disposition." + disposition.Name()]}",
        ReportState.Duplicate when canonical is { } state => $"{texts["duplicate"]} {texts[state.Name()]}",
        ReportState.Resolved or ReportState.Closed when report.Outcome is { } outcome => $"{texts[report.State.Name()]} {texts["outcome." + outcome.Name()]}",
        ReportState.Received when report.Returned => texts["returned"],
        var state => texts[state.Name()],
    };
}

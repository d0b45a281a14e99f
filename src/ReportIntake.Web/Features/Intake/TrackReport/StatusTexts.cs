namespace ReportIntake.Web.Features.Intake.TrackReport;

/// <summary>Names the status page's texts: <c>StatusTexts.resx</c> (Indonesian) and <c>StatusTexts.en.resx</c>.</summary>
public sealed class StatusTexts;

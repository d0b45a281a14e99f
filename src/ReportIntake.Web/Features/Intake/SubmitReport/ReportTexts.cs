namespace ReportIntake.Web.Features.Intake.SubmitReport;

/// <summary>Names the form's texts: <c>ReportTexts.resx</c> (Indonesian) and <c>ReportTexts.en.resx</c>.</summary>
public sealed class ReportTexts;

namespace ReportIntake.Web.Features.Intake;

/// <summary>Names the texts in <c>IntakeTexts.resx</c> (Indonesian) and <c>IntakeTexts.en.resx</c> for <c>IStringLocalizer&lt;IntakeTexts&gt;</c>.</summary>
public sealed class IntakeTexts;

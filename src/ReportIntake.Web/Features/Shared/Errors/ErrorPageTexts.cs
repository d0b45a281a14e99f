namespace ReportIntake.Web.Features.Shared.Errors;

/// <summary>Names the error pages' texts: <c>ErrorPageTexts.resx</c> (Indonesian) and <c>ErrorPageTexts.en.resx</c>.</summary>
public sealed class ErrorPageTexts;

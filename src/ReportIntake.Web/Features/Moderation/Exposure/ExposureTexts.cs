namespace ReportIntake.Web.Features.Moderation.Exposure;

/// <summary>Marks <c>ExposureTexts.resx</c> (Indonesian) and <c>ExposureTexts.en.resx</c>.</summary>
public sealed class ExposureTexts;

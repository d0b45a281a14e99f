namespace ReportIntake.Web.Features.Moderation;

/// <summary>Names the texts in <c>ModerationTexts.resx</c> (Indonesian) and <c>ModerationTexts.en.resx</c>.</summary>
public sealed class ModerationTexts;

namespace ReportIntake.Web.Features.Shared;

/// <summary>Names the texts in <c>SharedTexts.resx</c> (Indonesian) and <c>SharedTexts.en.resx</c> for <c>IStringLocalizer&lt;SharedTexts&gt;</c>.</summary>
public sealed class SharedTexts;

namespace ReportIntake.Web.Features.Moderation.ServePolice;

/// <summary>Marks <c>DeskTexts.resx</c> (Indonesian) and <c>DeskTexts.en.resx</c>.</summary>
public sealed class DeskTexts;

namespace ReportIntake.Web.Features.Moderation.TeamView;

/// <summary>Names the team page's texts: <c>TeamTexts.resx</c> (Indonesian) and <c>TeamTexts.en.resx</c>.</summary>
public sealed class TeamTexts;

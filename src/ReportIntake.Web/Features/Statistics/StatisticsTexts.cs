namespace ReportIntake.Web.Features.Statistics;

/// <summary>Names the statistics page's texts: <c>StatisticsTexts.resx</c> (Indonesian) and <c>StatisticsTexts.en.resx</c>.</summary>
public sealed class StatisticsTexts;

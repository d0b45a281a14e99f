namespace ReportIntake.Web.Features.Administration;

/// <summary>Marks the resource files <c>StaffTexts.resx</c> (Indonesian) and <c>StaffTexts.en.resx</c>; errors stand there as <c>error.CODE</c>.</summary>
public sealed class StaffTexts;

namespace ReportIntake.Web.Features.Moderation.ClaimReport;

/// <summary>What the script of a page that holds a claim needs: which report, and for how long the claim still is. For <c>_Lease.cshtml</c>.</summary>
public sealed record Lease(Guid ReportId, DateTimeOffset Until);

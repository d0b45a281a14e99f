using ReportIntake.Domain.Triage;

namespace ReportIntake.Web.Features.Moderation.TeamView.Charts;

/// <summary>The queue's own colours, each at least 3:1 on white (WCAG 2.2, 1.4.11).</summary>
internal static class TierColours
{
    public const string Neutral = "#44565f";

    public static string Of(Tier tier) => tier switch
    {
        Tier.Immediate => "#8f1d17",
        Tier.Urgent => "#946200",
        _ => "#0b5563",
    };
}

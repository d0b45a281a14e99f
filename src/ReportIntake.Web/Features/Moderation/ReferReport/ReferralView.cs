using Microsoft.EntityFrameworkCore;
using ReportIntake.Domain.Referrals;
using ReportIntake.Domain.Reports;
using ReportIntake.Domain.Results;
using ReportIntake.Web.Features.Shared.Catalogue;
using ReportIntake.Web.Persistence;

namespace ReportIntake.Web.Features.Moderation.ReferReport;

/// <param name="DestinationName">In the reader's language.</param>
/// <param name="Answer">What was said at the last change of state.</param>
/// <param name="Rule">The rule that suggested it; null where a moderator made it.</param>
/// <param name="RuleText">Why it did, in the reader's language.</param>
/// <param name="Next">States it may be moved to.</param>
public sealed record ReferralView(
    Guid Id,
    Guid ReportId,
    string Destination,
    string DestinationName,
    ReferralState State,
    int Version,
    string? Note,
    string? Answer,
    string? Rule,
    string? RuleText,
    DateTimeOffset CreatedAt,
    DateTimeOffset UpdatedAt,
    IReadOnlyList<ReferralState> Next)
{
    public static ReferralView Of(Referral referral, ReferralCatalogue catalogue) => new(
        referral.Id,
        referral.ReportId,
        referral.Destination,
        catalogue.Destination(referral.Destination)?.Name.ToString() ?? referral.Destination,
        referral.State,
        referral.Version,
        referral.Note,
        referral.Answer,
        referral.Rule,
        catalogue.Rule(referral.Rule)?.Text.ToString(),
        referral.CreatedAt,
        referral.UpdatedAt,
        referral.Next);
}

/// <summary>A report's referrals, the oldest first: <c>GET …/reports/{id}/referrals</c> and the report's page.</summary>
public sealed class ReferralReader(ReportIntakeDbContext database, ReferralCatalogue catalogue)
{
    public async Task<Result<IReadOnlyList<ReferralView>>> ReadAsync(Guid reportId, CancellationToken cancellationToken)
    {
        if (!await database.Reports.AnyAsync(r => r.Id == reportId, cancellationToken))
        {
            return ReportErrors.NotFound;
        }

        var referrals = await database.Referrals.AsNoTracking().Where(r => r.ReportId == reportId).OrderBy(r => r.CreatedAt).ThenBy(r => r.Id).ToListAsync(cancellationToken);
        return Result.Of<IReadOnlyList<ReferralView>>(referrals.ConvertAll(r => ReferralView.Of(r, catalogue)));
    }
}

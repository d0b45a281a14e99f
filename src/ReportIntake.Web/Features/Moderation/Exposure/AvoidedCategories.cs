using Microsoft.EntityFrameworkCore;
using ReportIntake.Domain.Exposure;
using ReportIntake.Domain.Reports;
using ReportIntake.Web.Persistence;

namespace ReportIntake.Web.Features.Moderation.Exposure;

/// <summary>Whoever has opted out of a category is not given its reports; they stay in the queue for colleagues, and may be taken by hand.</summary>
internal static class AvoidedCategories
{
    public static async Task<IQueryable<Report>> LeaveOutAsync(
        ReportIntakeDbContext database, Guid staff, IQueryable<Report> reports, CancellationToken cancellationToken)
    {
        var own = await database.Set<ViewingPreferences>().AsNoTracking().SingleOrDefaultAsync(p => p.StaffId == staff, cancellationToken);
        var avoided = own?.AvoidedCategories ?? [];
        return avoided.Count == 0 ? reports : reports.Where(r => !avoided.Contains(r.Category));
    }
}

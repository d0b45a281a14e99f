using Microsoft.EntityFrameworkCore;
using ReportIntake.Domain.Reports;
using ReportIntake.Domain.Triage;
using ReportIntake.Web.Persistence;

namespace ReportIntake.Web.Features.Moderation.ServePolice;

/// <summary>What the police want told or asked, the oldest first: <c>GET /api/v1/moderation/desk</c> and the report's page.</summary>
public sealed class DeskTasks(ReportIntakeDbContext database)
{
    /// <summary>What is left over is seen when these are done.</summary>
    public const int MaxShown = 200;

    /// <param name="Kind"><c>question</c>, or <c>note</c> where nothing is asked.</param>
    public sealed record Item(Guid FollowUpId, Guid ReportId, string Reference, Tier? Tier, FollowUpKind Kind, DateTimeOffset At, string Text);

    /// <summary>There is no second page: <paramref name="NextCursor"/> is always null.</summary>
    public sealed record Page(IReadOnlyList<Item> Items, string? NextCursor = null);

    public async Task<Page> ReadAsync(Guid? reportId, CancellationToken cancellationToken)
    {
        var open = database.Set<FollowUp>().AsNoTracking().Where(f => f.Desk == DeskState.Awaiting);
        return new Page(await database.Reports.AsNoTracking().Where(r => reportId == null || r.Id == reportId)
            .Join(open, r => r.Id, f => EF.Property<Guid>(f, "ReportId"), (r, f) => new { r, f })
            .OrderBy(x => x.f.At).ThenBy(x => x.f.Id).Take(MaxShown)
            .Select(x => new Item(x.f.Id, x.r.Id, x.r.Reference, x.r.Tier, x.f.Kind, x.f.At, x.f.Text!))
            .ToListAsync(cancellationToken));
    }
}

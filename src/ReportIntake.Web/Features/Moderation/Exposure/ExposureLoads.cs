using Microsoft.EntityFrameworkCore;
using ReportIntake.Domain.Exposure;
using ReportIntake.Domain.Results;
using ReportIntake.Web.Persistence;
using ReportIntake.Web.Security;

namespace ReportIntake.Web.Features.Moderation.Exposure;

/// <summary>Who has looked at how much, by person and day, for supervisors: never at what.</summary>
public sealed class ExposureLoads(ReportIntakeDbContext database, ExposureBudget budget, TimeProvider clock)
{
    public const int DefaultDays = 7;
    public const int MaxDays = 31;

    /// <param name="Items">Newest day first. Who looked at nothing on a day is not listed for it.</param>
    public sealed record Response(int RevealsPerDay, int MinutesPerDay, IReadOnlyList<Item> Items);

    /// <param name="Day">Of western Indonesian time.</param>
    /// <param name="Reveals">Distinct files.</param>
    /// <param name="Granted">Files that a supervisor granted beyond the budget.</param>
    public sealed record Item(Guid StaffId, DateOnly Day, int Reveals, int Minutes, int Granted);

    /// <summary>Everybody who looks at evidence on the desk.</summary>
    public Task<List<Guid>> PeopleAsync(CancellationToken cancellationToken) =>
        (from member in database.Users.Where(u => u.DeactivatedAt == null)
         where database.UserRoles.Join(database.Roles, r => r.RoleId, r => r.Id, (given, role) => new { given.UserId, role.Name })
             .Any(r => r.UserId == member.Id && (r.Name == StaffRoles.Moderator || r.Name == StaffRoles.Supervisor || r.Name == StaffRoles.EvidenceCustodian))
         select member.Id).ToListAsync(cancellationToken);

    /// <param name="days">How many days, today included: 1 to <see cref="MaxDays"/>, <see cref="DefaultDays"/> where null.</param>
    public async Task<Result<Response>> ReadAsync(int? days, CancellationToken cancellationToken)
    {
        if (days is < 1 or > MaxDays)
        {
            return Error.Validation("days", "days_out_of_range", $"From 1 to {MaxDays} days.");
        }

        var now = clock.GetUtcNow();
        var first = ExposureDay.DayOf(now).AddDays(1 - (days ?? DefaultDays));
        var found = await database.Set<ExposureDay>().AsNoTracking().Where(d => d.Day >= first)
            .OrderByDescending(d => d.Day).ThenBy(d => d.StaffId).ToListAsync(cancellationToken);
        var limits = budget.Limits;
        return new Response(
            limits.Reveals,
            (int)limits.Viewing.TotalMinutes,
            [.. found.Select(d => (d, Load: d.LoadAt(limits, now))).Select(d => new Item(d.d.StaffId, d.d.Day, d.Load.Reveals, d.Load.Minutes, d.Load.Granted))]);
    }
}

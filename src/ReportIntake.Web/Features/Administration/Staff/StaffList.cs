using Microsoft.EntityFrameworkCore;
using ReportIntake.Web.Persistence;

namespace ReportIntake.Web.Features.Administration.Staff;

/// <summary>The accounts, by address; for API and page.</summary>
public static class StaffList
{
    public sealed record Item(Guid Id, string Email, IReadOnlyList<string> Roles, bool TwoFactorEnabled, DateTimeOffset? LockedUntil, DateTimeOffset? DeactivatedAt);

    public static async Task<IReadOnlyList<Item>> ReadAsync(ReportIntakeDbContext database, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var roles = (await database.UserRoles.Join(database.Roles, u => u.RoleId, r => r.Id, (u, r) => new { u.UserId, r.Name }).ToListAsync(cancellationToken))
            .ToLookup(r => r.UserId, r => r.Name!);
        var members = await database.Users.AsNoTracking().OrderBy(u => u.NormalizedEmail).ToListAsync(cancellationToken);
        return [.. members.Select(m => new Item(
            m.Id, m.Email!, [.. roles[m.Id].Order(StringComparer.Ordinal)], m.TwoFactorEnabled, m.LockoutEnd > now ? m.LockoutEnd : null, m.DeactivatedAt))];
    }
}

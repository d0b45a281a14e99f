using Microsoft.EntityFrameworkCore;
using ReportIntake.Web.Persistence;

namespace ReportIntake.Web.Features.Administration.Staff;

/// <summary>The accounts, by address; for API and page.</summary>
public static class StaffList
{
    /// <param name="TwoFactorEnabled">By an authenticator app or a passkey.</param>
    /// <param name="InvitedUntil">An invitation is open until then.</param>
    public sealed record Item(
        Guid Id, string Email, IReadOnlyList<string> Roles, bool TwoFactorEnabled, DateTimeOffset? InvitedUntil, DateTimeOffset? LockedUntil, DateTimeOffset? DeactivatedAt);

    public static async Task<IReadOnlyList<Item>> ReadAsync(ReportIntakeDbContext database, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var roles = (await database.UserRoles.Join(database.Roles, u => u.RoleId, r => r.Id, (u, r) => new { u.UserId, r.Name }).ToListAsync(cancellationToken))
            .ToLookup(r => r.UserId, r => r.Name!);
        var withPasskey = (await database.UserPasskeys.Select(p => p.UserId).Distinct().ToListAsync(cancellationToken)).ToHashSet();
        var members = await database.Users.AsNoTracking().OrderBy(u => u.NormalizedEmail).ToListAsync(cancellationToken);
        return [.. members.Select(m => new Item(
            m.Id, m.Email!, [.. roles[m.Id].Order(StringComparer.Ordinal)], m.TwoFactorEnabled || withPasskey.Contains(m.Id),
            m.InvitedUntil > now ? m.InvitedUntil : null, m.LockoutEnd > now ? m.LockoutEnd : null, m.DeactivatedAt))];
    }
}

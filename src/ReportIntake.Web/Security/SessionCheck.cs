using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using ReportIntake.Web.Persistence;

namespace ReportIntake.Web.Security;

/// <summary>
/// Looks at every request whether the session still counts: its row is there, and the security stamp that cookie and token
/// carry is the account's; a changed password or role or a deactivated account ends all sessions of the person at once.
/// One read by primary keys; staff are few. (Identity's own check looks every so often, and at cookies only.)
/// </summary>
public sealed class SessionCheck(ReportIntakeDbContext database, IOptions<IdentityOptions> identity, TimeProvider clock) : IClaimsTransformation
{
    /// <summary>Not a write for every request.</summary>
    private static readonly TimeSpan SeenAgainAfter = TimeSpan.FromMinutes(5);

    public async Task<ClaimsPrincipal> TransformAsync(ClaimsPrincipal principal)
    {
        var stamp = principal.FindFirstValue(identity.Value.ClaimsIdentity.SecurityStampClaimType);
        if (stamp is null || !Guid.TryParse(principal.FindFirstValue(ClaimTypes.NameIdentifier), out var id))
        {
            return principal;
        }

        _ = Guid.TryParse(principal.FindFirstValue(StaffSession.Claim), out var session);
        var found = await database.Users.Where(u => u.Id == id && u.DeactivatedAt == null).Select(u => new
        {
            u.SecurityStamp,
            LastSeenAt = database.StaffSessions.Where(s => s.Id == session && s.StaffId == id).Select(s => (DateTimeOffset?)s.LastSeenAt).FirstOrDefault(),
        }).SingleOrDefaultAsync();
        var isHalfWay = principal.Identity?.AuthenticationType == IdentityConstants.TwoFactorUserIdScheme;
        if (found?.SecurityStamp != stamp || (found.LastSeenAt is null && !isHalfWay))
        {
            return new ClaimsPrincipal(new ClaimsIdentity());
        }

        var now = clock.GetUtcNow();
        if (now - found.LastSeenAt >= SeenAgainAfter)
        {
            await database.StaffSessions.Where(s => s.Id == session).ExecuteUpdateAsync(s => s.SetProperty(x => x.LastSeenAt, now));
        }

        return principal;
    }
}

using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using ReportIntake.Web.Persistence;

namespace ReportIntake.Web.Security;

/// <summary>
/// Looks at every request whether the session still counts, by the security stamp that cookie and token both carry: a
/// changed password or role, a sign-out or a deactivated account ends all sessions of the person at once. One read by
/// primary key; staff are few. (Identity's own check looks every so often, and at cookies only.)
/// </summary>
public sealed class StaffSession(ReportIntakeDbContext database, IOptions<IdentityOptions> identity) : IClaimsTransformation
{
    public async Task<ClaimsPrincipal> TransformAsync(ClaimsPrincipal principal)
    {
        var stamp = principal.FindFirstValue(identity.Value.ClaimsIdentity.SecurityStampClaimType);
        if (stamp is null || !Guid.TryParse(principal.FindFirstValue(ClaimTypes.NameIdentifier), out var id))
        {
            return principal;
        }

        var current = await database.Users.Where(u => u.Id == id && u.DeactivatedAt == null).Select(u => u.SecurityStamp).SingleOrDefaultAsync();
        return stamp == current ? principal : new ClaimsPrincipal(new ClaimsIdentity());
    }
}

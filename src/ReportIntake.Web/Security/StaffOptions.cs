using System.Security.Claims;
using ReportIntake.Web.Security.OpenIdConnect;

namespace ReportIntake.Web.Security;

/// <summary>Section <c>Staff</c>.</summary>
public sealed class StaffOptions
{
    /// <summary>Staff may do nothing before they have a second factor and have used it. Off only for trials.</summary>
    public bool RequireTwoFactor { get; set; } = true;

    /// <summary>Reports of child-safety categories are there for child-safety moderators, supervisors and evidence custodians only; other moderators do not find them.</summary>
    public bool RestrictChildSafety { get; set; }

    /// <summary>A session ends after this long without use.</summary>
    public TimeSpan IdleTimeout { get; set; } = TimeSpan.FromHours(8);

    /// <summary>How long a tool's access token is good for; it is renewed with the refresh token, which lives for <see cref="IdleTimeout"/>.</summary>
    public TimeSpan AccessTokenLifetime { get; set; } = TimeSpan.FromHours(1);

    /// <summary>Sign-in by the staff's own identity provider, beside passwords; none where no authority is named.</summary>
    public IdentityProvider OpenIdConnect { get; set; } = new();

    internal bool SeesChildSafety(ClaimsPrincipal person) => !RestrictChildSafety || StaffRoles.ChildSafety.Any(person.IsInRole);
}

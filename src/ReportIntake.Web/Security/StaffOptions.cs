namespace ReportIntake.Web.Security;

/// <summary>Section <c>Staff</c>.</summary>
public sealed class StaffOptions
{
    /// <summary>Staff may do nothing before they have a second factor and have used it. Off only for trials.</summary>
    public bool RequireTwoFactor { get; set; } = true;

    /// <summary>A session ends after this long without use.</summary>
    public TimeSpan IdleTimeout { get; set; } = TimeSpan.FromHours(8);

    /// <summary>How long a tool's access token is good for; it is renewed with the refresh token, which lives for <see cref="IdleTimeout"/>.</summary>
    public TimeSpan AccessTokenLifetime { get; set; } = TimeSpan.FromHours(1);
}

namespace ReportIntake.Web.Security;

/// <summary>One sign-in that still counts; its row goes when it ends. Neither an address nor the whole User-Agent is kept.</summary>
public sealed class StaffSession
{
    public const int DeviceMaxLength = 40;

    /// <summary>The claim of cookie and token that names the session (OpenID Connect's name for it).</summary>
    public const string Claim = "sid";

    public Guid Id { get; init; }

    public Guid StaffId { get; init; }

    /// <summary>Coarse words such as "Firefox, Windows"; empty where nothing is known. See <see cref="DeviceWords"/>.</summary>
    public string Device { get; init; } = "";

    /// <summary>Opened with <c>POST /api/v1/staff/login</c>, not in a browser.</summary>
    public bool IsTool { get; init; }

    public DateTimeOffset StartedAt { get; init; }

    /// <summary>True to a few minutes.</summary>
    public DateTimeOffset LastSeenAt { get; init; }
}

namespace ReportIntake.Web.Security;

/// <summary>A police system with credentials, scopes and areas.</summary>
public sealed class PoliceClient
{
    public required Guid Id { get; init; }

    public required string Name { get; set; }

    public required List<string> Scopes { get; set; }

    /// <summary>Official area codes, or <c>national</c>. A province covers its regencies.</summary>
    public required List<string> Areas { get; set; }

    /// <summary>Codes of the categories it is given; none where it is given all.</summary>
    public List<string> Categories { get; set; } = [];

    /// <summary>Names of the tiers it is given; none where it is given all.</summary>
    public List<string> Tiers { get; set; } = [];

    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>At once and for good: no key and no token of this client counts any more.</summary>
    public DateTimeOffset? RevokedAt { get; set; }

    /// <summary>The configured issuer whose tokens this client may bring, with <see cref="ExternalId"/>; null where it has keys only.</summary>
    public string? Issuer { get; set; }

    /// <summary>What that issuer calls this client, in the issuer's <see cref="PoliceAccess.TokenIssuer.ClientClaim"/>.</summary>
    public string? ExternalId { get; set; }

    /// <summary>
    /// SHA-256 of the certificates (DER) of which this client must present one with every request, as 64 lower-case hexadecimal
    /// digits; none where a key or a token is enough.
    /// </summary>
    public List<string> Certificates { get; set; } = [];

    /// <summary>Networks (CIDR) that this client may call from; none where any will do.</summary>
    public List<string> Networks { get; set; } = [];

    /// <summary>Requests at once; null for the default of <c>RateLimits:Police</c>. Set together with <see cref="PerMinute"/>.</summary>
    public int? Burst { get; set; }

    /// <summary>Requests per minute after that.</summary>
    public int? PerMinute { get; set; }

    /// <summary>Raised with every change: of two admins at once, the second is told (and so a third key cannot slip in).</summary>
    public int Version { get; set; }

    public List<ClientKey> Keys { get; } = [];
}

/// <summary>What a police client may do.</summary>
public static class PoliceScopes
{
    public const string ReadReports = "reports.read";
    public const string ReadEvidence = "evidence.read";
    public const string WriteFollowUp = "follow_up.write";
    public const string ManageWebhooks = "webhooks.manage";

    public static readonly IReadOnlyList<string> All = [ReadReports, ReadEvidence, WriteFollowUp, ManageWebhooks];
}

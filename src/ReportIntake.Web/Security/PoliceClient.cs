namespace ReportIntake.Web.Security;

/// <summary>A police system with credentials, scopes and areas.</summary>
public sealed class PoliceClient
{
    public required Guid Id { get; init; }

    public required string Name { get; set; }

    /// <summary>First characters of the API key: recognises it in lists, opens nothing.</summary>
    public required string KeyPrefix { get; set; }

    /// <summary>SHA-256 of the API key, which has 256 random bits.</summary>
    public required byte[] KeyHash { get; set; }

    public required List<string> Scopes { get; set; }

    /// <summary>Official area codes, or <c>national</c>. A province covers its regencies.</summary>
    public required List<string> Areas { get; set; }

    /// <summary>Codes of the categories it is given; none where it is given all.</summary>
    public List<string> Categories { get; set; } = [];

    /// <summary>Names of the tiers it is given; none where it is given all.</summary>
    public List<string> Tiers { get; set; } = [];

    public required DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset? RevokedAt { get; set; }
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

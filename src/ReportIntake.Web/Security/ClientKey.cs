namespace ReportIntake.Web.Security;

/// <summary>One API key of a police client. A client has up to <see cref="MaxLive"/> at a time, so that it can change over without a pause.</summary>
public sealed class ClientKey
{
    /// <summary>Keys that count at the same time: the old one and the one that replaces it.</summary>
    public const int MaxLive = 2;

    public required Guid Id { get; init; }

    public required Guid ClientId { get; init; }

    public PoliceClient? Client { get; init; }

    /// <summary>First characters of the key: recognises it in lists, opens nothing.</summary>
    public required string Prefix { get; init; }

    /// <summary>SHA-256 of the key, which has 256 random bits.</summary>
    public required byte[] Hash { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>To the minute, and a minute late: it is written in the background, see <see cref="PoliceAccess.KeyUses"/>.</summary>
    public DateTimeOffset? LastUsedAt { get; init; }

    public DateTimeOffset? RevokedAt { get; set; }

    public bool IsLive(DateTimeOffset now) => RevokedAt is null && !IsExpired(now);

    public bool IsExpired(DateTimeOffset now) => ExpiresAt <= now;

    public static ClientKey Of(ApiKey key, Guid clientId, DateTimeOffset now, DateTimeOffset? expiresAt = null) => new()
    {
        Id = Guid.CreateVersion7(now),
        ClientId = clientId,
        Prefix = key.Prefix,
        Hash = key.Hash(),
        CreatedAt = now,
        ExpiresAt = expiresAt,
    };
}

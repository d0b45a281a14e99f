namespace ReportIntake.Web.Persistence;

/// <summary>Who the reporter is, encrypted and apart from the report. Few may open it, and each opening is a custody event.</summary>
public sealed class SealedIdentity
{
    public required Guid ReportId { get; init; }

    /// <summary>Protected JSON of name, phone and e-mail.</summary>
    public required byte[] Ciphertext { get; set; }
}

/// <summary>A number that is drawn in order: SQLite has no sequences.</summary>
public sealed class Counter
{
    public required string Name { get; init; }

    public long Value { get; set; }
}

/// <summary>What was answered to a request with an <c>Idempotency-Key</c>, so that a repetition is answered the same.</summary>
public sealed class IdempotentAnswer
{
    /// <summary>Keyed hash (<see cref="Sealing.ColumnSealer.KeyedHash"/>) of the caller's scope and key.</summary>
    public required byte[] Key { get; init; }

    /// <summary>Keyed hash of the request: the same key with another request is refused.</summary>
    public byte[] RequestHash { get; set; } = [];

    /// <summary>The answer, encrypted: it may hold a receipt code.</summary>
    public byte[] Answer { get; set; } = [];

    public DateTimeOffset ExpiresAt { get; set; }
}

namespace ReportIntake.Domain.Webhooks;

public enum WebhookState
{
    Active,

    /// <summary>Nothing is sent until its client enables it again; what happens meanwhile waits.</summary>
    Disabled,
}

/// <summary>Why nothing is sent any more.</summary>
public enum WebhookDisabledReason
{
    /// <summary>The receiver answered 410: it does not want to be called again.</summary>
    Gone,

    /// <summary>Every attempt has failed for as long as <see cref="RetrySchedule.Length"/>.</summary>
    Failing,
}

/// <summary>
/// An address to which the feed is pushed. It follows the feed by a position of its own: what comes after it has not been
/// tried yet, what failed before it is kept as a pending <see cref="WebhookDelivery"/>. So a receiver that is dead holds up
/// nobody else, and whatever becomes of it, nothing is lost.
/// </summary>
public sealed class Webhook
{
    public const int UrlMaxLength = 2_048;

    /// <summary>Addresses of one client.</summary>
    public const int MostOfOneClient = 10;

    /// <summary>Secrets that are valid at a time; each adds a signature to every call.</summary>
    public const int MostSecrets = 5;

    /// <summary>After so many failures in a row the circuit is open: then one attempt at a time asks whether the receiver is back.</summary>
    public const int FailuresUntilPause = 5;

    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(5);

    private Webhook()
    {
    }

    public Guid Id { get; private set; }

    public Guid ClientId { get; private set; }

    public string Url { get; private set; } = "";

    public DateTimeOffset CreatedAt { get; private set; }

    public WebhookState State { get; private set; }

    public DateTimeOffset? DisabledAt { get; private set; }

    public WebhookDisabledReason? DisabledReason { get; private set; }

    /// <summary>Position in the feed up to which every event was tried at least once.</summary>
    public long Position { get; private set; }

    /// <summary>Counts what the client changes; a turn of deliveries that began before such a change is not kept.</summary>
    public int Version { get; private set; }

    public int FailuresInARow { get; private set; }

    /// <summary>The first failure since the last success.</summary>
    public DateTimeOffset? FailingSince { get; private set; }

    /// <summary>Nothing is sent before: the circuit is open, or the receiver has asked to be left alone.</summary>
    public DateTimeOffset? PausedUntil { get; private set; }

    public DateTimeOffset? LastDeliveredAt { get; private set; }

    /// <summary>The one turn of deliveries that is under way, on whatever node.</summary>
    public Guid? LeasedBy { get; private set; }

    public DateTimeOffset? LeasedUntil { get; private set; }

    /// <summary>The circuit is open or half open: only single attempts are made.</summary>
    public bool IsProbing => FailuresInARow >= FailuresUntilPause;

    public bool MaySend => State is WebhookState.Active && PausedUntil is null;

    /// <param name="position">Of the feed; what comes after it is sent.</param>
    public static Webhook Add(Guid clientId, string url, long position, DateTimeOffset now) => new()
    {
        Id = Guid.CreateVersion7(now),
        ClientId = clientId,
        Url = url,
        CreatedAt = now,
        Position = position,
    };

    /// <summary>The pause, if there was one, is over: called by whoever has the turn.</summary>
    public void Resume() => PausedUntil = null;

    public void Pass(long position) => Position = Math.Max(Position, position);

    /// <returns>True where that closes the circuit: what waits should be tried at once.</returns>
    public bool Delivered(DateTimeOffset now)
    {
        var wasProbing = IsProbing;
        (FailuresInARow, FailingSince, PausedUntil, LastDeliveredAt) = (0, null, null, now);
        return wasProbing;
    }

    /// <param name="gone">The receiver answered 410.</param>
    /// <param name="retryAfter">What the receiver asks for, where it does.</param>
    /// <param name="random">0 to 1.</param>
    public void Failed(bool gone, TimeSpan? retryAfter, DateTimeOffset now, double random)
    {
        FailuresInARow++;
        FailingSince ??= now;
        if (gone)
        {
            Disable(WebhookDisabledReason.Gone, now);
        }
        else if (now - FailingSince >= RetrySchedule.Length)
        {
            Disable(WebhookDisabledReason.Failing, now);
        }
        else if (retryAfter is not null || IsProbing)
        {
            var circuit = IsProbing ? RetrySchedule.After(now, Pause(), random) : now;
            var asked = now + (retryAfter ?? TimeSpan.Zero);
            PausedUntil = asked > circuit ? asked : circuit;
        }
    }

    private TimeSpan Pause() => TimeSpan.FromSeconds(Math.Min(
        FirstPause.TotalSeconds * Math.Pow(2, FailuresInARow - FailuresUntilPause), LongestPause.TotalSeconds));

    private void Disable(WebhookDisabledReason reason, DateTimeOffset now) =>
        (State, DisabledReason, DisabledAt, PausedUntil) = (WebhookState.Disabled, reason, now, null);
}

/// <summary>A secret that signs what is sent to a webhook. During a rotation several are valid, and each signs.</summary>
public sealed class WebhookSecret
{
    public required Guid Id { get; init; }

    public required Guid WebhookId { get; init; }

    /// <summary>The secret's bytes, encrypted under the key ring.</summary>
    public required byte[] Sealed { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>Null for the newest.</summary>
    public DateTimeOffset? ExpiresAt { get; set; }
}

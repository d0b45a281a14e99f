using ReportIntake.Domain.Reports;

namespace ReportIntake.Domain.Webhooks;

public enum WebhookDeliveryState
{
    /// <summary>To be tried (again).</summary>
    Pending,

    Delivered,

    /// <summary>Failed for as long as the schedule lasts, while the receiver took other events; may be replayed.</summary>
    GivenUp,
}

/// <summary>Why an attempt failed.</summary>
public enum WebhookFailure
{
    /// <summary>Neither 2xx nor 3xx.</summary>
    Status,

    /// <summary>3xx: redirects are not followed.</summary>
    Redirect,

    Timeout,
    NameNotResolved,

    /// <summary>The host's name leads to a private, local or otherwise special address.</summary>
    AddressRefused,

    ConnectionFailed,
    TlsFailed,

    /// <summary>The event is no longer kept, or no longer the client's to see: nothing was sent.</summary>
    NotAvailable,
}

/// <summary>One call of a receiver.</summary>
/// <param name="Status">HTTP status, where there was an answer.</param>
/// <param name="Failure">Null where the receiver took the event.</param>
public sealed record WebhookAttempt(DateTimeOffset At, int? Status, WebhookFailure? Failure, int Milliseconds);

/// <summary>What became of one event at one webhook.</summary>
public sealed class WebhookDelivery
{
    /// <summary>Older attempts are forgotten.</summary>
    public const int AttemptsKept = 20;

    private WebhookDelivery()
    {
    }

    public Guid Id { get; private set; }

    public Guid WebhookId { get; private set; }

    public Guid EventId { get; private set; }

    public PoliceEventType EventType { get; private set; }

    public Guid ReportId { get; private set; }

    /// <summary>Of the event in the feed.</summary>
    public long Position { get; private set; }

    public DateTimeOffset CreatedAt { get; private set; }

    public WebhookDeliveryState State { get; private set; }

    /// <summary>Set while pending.</summary>
    public DateTimeOffset? NextAttemptAt { get; private set; }

    public DateTimeOffset? FirstFailedAt { get; private set; }

    /// <summary>Oldest first, the last <see cref="AttemptsKept"/>.</summary>
    public IReadOnlyList<WebhookAttempt> Attempts { get; private set; } = [];

    /// <summary>An event that is due now.</summary>
    public static WebhookDelivery Of(Guid webhookId, Guid eventId, PoliceEventType type, Guid reportId, long position, DateTimeOffset now) => new()
    {
        Id = Guid.CreateVersion7(now),
        WebhookId = webhookId,
        EventId = eventId,
        EventType = type,
        ReportId = reportId,
        Position = position,
        CreatedAt = now,
        NextAttemptAt = now,
    };

    /// <summary>Once more, whatever became of it: the schedule begins anew.</summary>
    public void Replay(DateTimeOffset now) => (State, NextAttemptAt, FirstFailedAt) = (WebhookDeliveryState.Pending, now, null);

    public void Delivered(WebhookAttempt attempt)
    {
        Keep(attempt);
        (State, NextAttemptAt) = (WebhookDeliveryState.Delivered, null);
    }

    /// <param name="receiverDisabled">That failure disabled the whole webhook: the event waits for it to be enabled, however long it has been tried.</param>
    /// <param name="random">0 to 1.</param>
    public void Failed(WebhookAttempt attempt, bool receiverDisabled, DateTimeOffset now, double random)
    {
        Keep(attempt);
        FirstFailedAt ??= now;
        var next = receiverDisabled ? now : RetrySchedule.Next(FirstFailedAt.Value, now, random);
        (State, NextAttemptAt) = next is null || attempt.Failure is WebhookFailure.NotAvailable
            ? (WebhookDeliveryState.GivenUp, null)
            : (WebhookDeliveryState.Pending, next);
    }

    private void Keep(WebhookAttempt attempt) => Attempts = [.. Attempts.TakeLast(AttemptsKept - 1), attempt];
}

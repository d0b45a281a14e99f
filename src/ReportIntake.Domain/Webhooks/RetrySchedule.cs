namespace ReportIntake.Domain.Webhooks;

/// <summary>When a failed delivery is tried again: the schedule that Standard Webhooks recommends, some 75 hours in ten attempts.</summary>
public static class RetrySchedule
{
    /// <summary>The longest wait between two attempts; a receiver's <c>Retry-After</c> counts up to this.</summary>
    public static readonly TimeSpan LongestWait = TimeSpan.FromHours(24);

    /// <summary>Up to this part of a wait is added at random, so that receivers that failed together are not called together.</summary>
    private const double Jitter = 0.2;

    private static readonly TimeSpan[] Waits =
    [
        TimeSpan.FromSeconds(5), TimeSpan.FromMinutes(5), TimeSpan.FromMinutes(30), TimeSpan.FromHours(2), TimeSpan.FromHours(5),
        TimeSpan.FromHours(10), TimeSpan.FromHours(14), TimeSpan.FromHours(20), LongestWait,
    ];

    /// <summary>From the first failure to the last attempt, without the random part.</summary>
    public static TimeSpan Length { get; } = Waits.Aggregate((a, b) => a + b);

    /// <summary>
    /// The next attempt after one that failed now, or null where the schedule is over. Times count from the first failure
    /// and not from attempt to attempt, so that attempts out of turn (a probe, a replay) use nothing up.
    /// </summary>
    /// <param name="random">0 to 1.</param>
    public static DateTimeOffset? Next(DateTimeOffset firstFailure, DateTimeOffset now, double random)
    {
        var due = firstFailure;
        foreach (var wait in Waits)
        {
            due += wait;
            if (due > now)
            {
                return Microseconds(due + (wait * Jitter * random));
            }
        }

        return null;
    }

    /// <summary>A wait with its random part, for what has no schedule.</summary>
    internal static DateTimeOffset After(DateTimeOffset now, TimeSpan wait, double random) => Microseconds(now + (wait * (1 + (Jitter * random))));

    private static DateTimeOffset Microseconds(DateTimeOffset time) => time.AddTicks(-(time.Ticks % TimeSpan.TicksPerMicrosecond));
}

using ReportIntake.Domain.Calendar;
using ReportIntake.Domain.Results;

namespace ReportIntake.Domain.Reports;

/// <summary>By when the report must be with the police, and what happens when it is not.</summary>
public sealed partial class Report
{
    /// <summary>When its time began to run: when it was filed, or came back from the police or from its end.</summary>
    public DateTimeOffset ClockStartedAt { get; private set; }

    /// <summary>When it must be with the police, by <see cref="EffectiveTier"/>, the working calendar and the zone of its place.</summary>
    public DateTimeOffset DueAt { get; private set; }

    /// <summary>When it is escalated if it is still with the moderators; null where it is not, or has been escalated for this <see cref="DueAt"/>.</summary>
    public DateTimeOffset? EscalatesAt { get; private set; }

    /// <summary>When it was last escalated.</summary>
    public DateTimeOffset? EscalatedAt { get; private set; }

    /// <summary>Official code of the place's province: one column, so that the queue of a province is a walk of one index.</summary>
    public string? Province { get; private set; }

    /// <summary>Its time is up and nobody has decided: who must know, does.</summary>
    /// <param name="roles">The roles it is escalated to, as codes.</param>
    public Result Escalate(IEnumerable<string> roles, DateTimeOffset now)
    {
        if (EscalatesAt is null || EscalatesAt > now)
        {
            return Refused("escalate");
        }

        EscalatedAt = now;
        var version = Version;
        Record(ReportAction.ReportOverdue, State, Actor.System, now, ("dueAt", $"{DueAt:O}"), ("escalatedTo", string.Join(' ', roles)));

        // Nothing that a decision rests on has changed: whoever is deciding at this moment is not refused as stale.
        Version = version;
        return Result.Success;
    }

    private static string? ProvinceOf(string? areaCode) => areaCode?.Split('.')[0];

    private void SetClock()
    {
        DueAt = WorkingCalendar.Default.DueAt(EffectiveTier, ClockStartedAt, Incident.AreaCode);
        EscalatesAt = State is ReportState.Received or ReportState.UnderVerification && !(EscalatedAt >= DueAt) ? DueAt : null;
    }
}

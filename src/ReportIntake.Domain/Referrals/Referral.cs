using ReportIntake.Domain.Reports;
using ReportIntake.Domain.Results;

namespace ReportIntake.Domain.Referrals;

public enum ReferralState
{
    Created,
    Sent,
    Acknowledged,
    Closed,
    Declined,
}

/// <summary>
/// A report handed to another body than the police: help for the victim, removal of content. Its state is its own, so that
/// what the police do and what the other body does never wait for one another.
/// </summary>
public sealed class Referral
{
    public const int NoteMaxLength = 2_000;

    private static readonly Dictionary<ReferralState, ReferralState[]> Ways = new()
    {
        [ReferralState.Created] = [ReferralState.Sent, ReferralState.Declined],
        [ReferralState.Sent] = [ReferralState.Acknowledged, ReferralState.Closed, ReferralState.Declined],
        [ReferralState.Acknowledged] = [ReferralState.Closed, ReferralState.Declined],
        [ReferralState.Closed] = [],
        [ReferralState.Declined] = [],
    };

    private Referral()
    {
    }

    public Guid Id { get; private set; }

    public Guid ReportId { get; private set; }

    /// <summary>Code of the catalogue of destinations.</summary>
    public string Destination { get; private set; } = "";

    public ReferralState State { get; private set; }

    /// <summary>What the destination should know, or why.</summary>
    public string? Note { get; private set; }

    /// <summary>What was said at the last change of state.</summary>
    public string? Answer { get; private set; }

    /// <summary>The rule that suggested it; null where a moderator made it.</summary>
    public string? Rule { get; private set; }

    public DateTimeOffset CreatedAt { get; private set; }

    public DateTimeOffset UpdatedAt { get; private set; }

    /// <summary>Counts every change; the concurrency token and the ETag.</summary>
    public int Version { get; private set; }

    public bool IsOpen => Ways[State].Length > 0;

    /// <summary>Where it may go from here.</summary>
    public IReadOnlyList<ReferralState> Next => Ways[State];

    /// <summary>A report that somebody has decided on may be referred, whatever was decided.</summary>
    public static Result<Referral> Create(Report report, string destination, string? note, string? rule, DateTimeOffset now) =>
        report.State is ReportState.Rejected || report.State.IsVisibleToPolice()
            ? new Referral
            {
                Id = Guid.CreateVersion7(now),
                ReportId = report.Id,
                Destination = destination,
                Note = note,
                Rule = rule,
                CreatedAt = now,
                UpdatedAt = now,
                Version = 1,
            }
            : ReportErrors.TransitionRefused("refer", report.State);

    public Result MoveTo(ReferralState state, string? answer, DateTimeOffset now)
    {
        if (!Ways[State].Contains(state))
        {
            return ReferralErrors.TransitionRefused(State, state);
        }

        (State, Answer, UpdatedAt) = (state, answer, now);
        Version++;
        return Result.Success;
    }
}

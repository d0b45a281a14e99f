using ReportIntake.Domain.Reports;
using ReportIntake.Domain.Triage;
using ReportIntake.Web.Security;

namespace ReportIntake.Web.Features.Moderation.ReviewQueue;

/// <summary>Section <c>Desk:Escalation</c>: when the queue warns, and whom it calls once a report's time is up.</summary>
public sealed class EscalationOptions
{
    /// <summary>How long before an immediate report's time is up it is shown as due soon.</summary>
    public TimeSpan WarnImmediate { get; set; } = TimeSpan.FromMinutes(5);

    /// <inheritdoc cref="WarnImmediate"/>
    public TimeSpan WarnUrgent { get; set; } = TimeSpan.FromHours(4);

    /// <inheritdoc cref="WarnImmediate"/>
    public TimeSpan WarnNonUrgent { get; set; } = TimeSpan.FromDays(1);

    /// <summary>The roles that overdue reports are escalated to: <c>supervisor</c>, <c>moderator</c> or both. Supervisors where nothing is set.</summary>
    public IList<string> Roles { get; } = [];

    public IReadOnlyList<string> CalledRoles() => Roles.Count > 0 ? [.. Roles] : [StaffRoles.Supervisor];

    /// <summary>Only who may open the queue can be called to it.</summary>
    internal bool IsValid => Roles.All(r => r is StaffRoles.Moderator or StaffRoles.Supervisor)
        && new[] { WarnImmediate, WarnUrgent, WarnNonUrgent }.All(w => w >= TimeSpan.Zero);

    public TimeSpan WarnBefore(Tier tier) => tier switch
    {
        Tier.Immediate => WarnImmediate,
        Tier.Urgent => WarnUrgent,
        _ => WarnNonUrgent,
    };

    /// <summary>How a report stands with its time. Null once it has left the moderators.</summary>
    public DueState? DueStateOf(ReportState state, Tier tier, DateTimeOffset dueAt, DateTimeOffset now) =>
        state is not (ReportState.Received or ReportState.UnderVerification or ReportState.NeedsInformation) ? null
        : dueAt <= now ? DueState.Overdue
        : dueAt - WarnBefore(tier) <= now ? DueState.DueSoon
        : DueState.InTime;
}

/// <summary>How a report stands with its time.</summary>
public enum DueState
{
    InTime,
    DueSoon,
    Overdue,
}

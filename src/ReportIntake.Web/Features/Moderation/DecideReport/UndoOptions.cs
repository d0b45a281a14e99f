namespace ReportIntake.Web.Features.Moderation.DecideReport;

/// <summary>Section <c>Desk</c>: how long a decision can be undone.</summary>
public sealed class UndoOptions
{
    /// <summary>An immediate report must be with the police within 15 minutes: the way back may take little of that.</summary>
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(1);

    /// <summary>How long, in every tier, nothing of an undoable decision leaves the house and its maker may undo it. Zero: told at once, never undone.</summary>
    public TimeSpan UndoWindow { get; set; } = TimeSpan.FromSeconds(10);

    internal bool IsValid => UndoWindow >= TimeSpan.Zero && UndoWindow <= Longest;
}

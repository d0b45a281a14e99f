namespace ReportIntake.Web.Jobs;

/// <summary>
/// What one process of several does: <c>--role web|worker|all</c>, or the setting <c>Role</c>. No process leads another, so any
/// of them may die at any moment.
/// </summary>
public enum NodeRole
{
    /// <summary>All of it, as one machine does.</summary>
    All,

    /// <summary>Pages and API. What is to be done afterwards waits in the database for a worker.</summary>
    Web,

    /// <summary>Jobs, schedules, the publication of ledger and feed, webhooks. Answers nothing but <c>/health</c>.</summary>
    Worker,
}

using Hangfire.States;
using Hangfire.Storage;

namespace ReportIntake.Web.Jobs.Hangfire;

/// <summary>
/// Which state an entry goes to: its queue is its urgency's; a failed attempt waits among Hangfire's retries for the time
/// that the row says; only a dead row's entry ends as failed, where an operator may send it round again.
/// </summary>
public sealed class OutboxStates : IElectStateFilter, IApplyStateFilter
{
    /// <summary>The set that the dashboard's page of retries reads.</summary>
    private const string Retries = "retries";
    private const string RetryReason = "Attempt ";

    /// <summary>Numbered, because the SQL Server storage serves queues in order of their names.</summary>
    public static string QueueOf(JobUrgency urgency) => urgency switch
    {
        JobUrgency.Delivery => "1_delivery",
        JobUrgency.Assessment => "2_assessment",
        JobUrgency.UrgentScreening => "3_urgent_screening",
        JobUrgency.Screening => "4_screening",
        _ => "5_housekeeping",
    };

    public void OnStateElection(ElectStateContext context)
    {
        switch (context.CandidateState)
        {
            case EnqueuedState enqueued when context.BackgroundJob.Job is { } job && job.Type == typeof(RunOutboxJob):
                enqueued.Queue = QueueOf((JobUrgency)Convert.ToInt32(job.Args[1], System.Globalization.CultureInfo.InvariantCulture));
                break;
            case FailedState { Exception: OutboxAttemptFailedException { RetryAt: { } at } failed }:
                // A second later, because Hangfire's times have no fractions: never before the row is due.
                context.CandidateState = new ScheduledState(at.UtcDateTime.AddSeconds(1)) { Reason = $"{RetryReason}{failed.Attempt} failed: {failed.Message}" };
                break;
            case FailedState { Exception: OutboxAttemptFailedException }:
                context.SetJobParameter(RunOutboxJob.DeadParameter, true);
                break;
        }
    }

    public void OnStateApplied(ApplyStateContext context, IWriteOnlyTransaction transaction)
    {
        if (context.NewState is ScheduledState { Reason: { } reason } && reason.StartsWith(RetryReason, StringComparison.Ordinal))
        {
            transaction.AddToSet(Retries, context.BackgroundJob.Id);
        }
    }

    public void OnStateUnapplied(ApplyStateContext context, IWriteOnlyTransaction transaction)
    {
        if (context.OldStateName == ScheduledState.StateName)
        {
            transaction.RemoveFromSet(Retries, context.BackgroundJob.Id);
        }
    }
}

using Microsoft.Extensions.Options;
using ReportIntake.Web.Features.Administration.Ledger;
using ReportIntake.Web.Jobs.Webhooks;

namespace ReportIntake.Web.Jobs;

/// <summary>A recurring job and the time from the start of one run to the start of the next.</summary>
public sealed record RecurringSchedule(string Job, TimeSpan Interval)
{
    public static RecurringSchedule Every<TJob>(TimeSpan interval) where TJob : IRecurringJob => new(typeof(TJob).Name, interval);
}

/// <summary>The one table of what the system does by itself, and how often.</summary>
public sealed class RecurringJobs(IOptions<LedgerOptions> ledger)
{
    public IReadOnlyList<RecurringSchedule> Schedules =>
    [
        RecurringSchedule.Every<LapseClaims>(TimeSpan.FromMinutes(1)),
        RecurringSchedule.Every<EscalateOverdue>(TimeSpan.FromMinutes(1)),
        RecurringSchedule.Every<ReturnSilentQuestions>(TimeSpan.FromMinutes(10)),
        RecurringSchedule.Every<CloseResolved>(TimeSpan.FromMinutes(10)),
        RecurringSchedule.Every<LapseLegalHolds>(TimeSpan.FromMinutes(10)),
        RecurringSchedule.Every<PurgeReports>(TimeSpan.FromHours(1)),
        RecurringSchedule.Every<RemoveExpiredUploads>(TimeSpan.FromHours(1)),
        RecurringSchedule.Every<RemoveExpiredAnswers>(TimeSpan.FromHours(1)),
        RecurringSchedule.Every<RemoveOldEvents>(TimeSpan.FromHours(6)),
        RecurringSchedule.Every<RemoveOldDeliveries>(TimeSpan.FromHours(6)),
        RecurringSchedule.Every<SignTreeHead>(ledger.Value.TreeHeadInterval),
    ];
}

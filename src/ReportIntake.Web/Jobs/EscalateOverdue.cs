using Microsoft.Extensions.Options;
using ReportIntake.Web.Features.Moderation.ReviewQueue;

namespace ReportIntake.Web.Jobs;

/// <summary>A report whose time is up while it is still with the moderators is escalated, once: history and ledger say so, and the queue shows it to the roles of <see cref="EscalationOptions"/>.</summary>
public sealed class EscalateOverdue(DueReports reports, IOptions<EscalationOptions> options, TimeProvider clock) : IRecurringJob
{
    public Task ExecuteAsync(CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        return reports.ForEachAsync(r => r.EscalatesAt <= now, r => r.EscalatesAt, r => r.Escalate(options.Value.CalledRoles(), now), cancellationToken);
    }
}

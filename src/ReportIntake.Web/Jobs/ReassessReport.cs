using Microsoft.EntityFrameworkCore;
using ReportIntake.Domain.Reports;
using ReportIntake.Web.Features.Intake;
using ReportIntake.Web.Persistence;

namespace ReportIntake.Web.Jobs;

/// <summary>
/// Asks the rules again, because something outside a report has changed by which it is assessed. Nothing is written where
/// they give the same tier for the same rules: nobody who is deciding is then refused as stale.
/// </summary>
public sealed class ReassessReport(ReportIntakeDbContext database, ReportTriage triage, OutboxSignal signal, TimeProvider clock) : IJob<Guid>
{
    public static JobUrgency Urgency => JobUrgency.Assessment;

    public async Task ExecuteAsync(Guid argument, CancellationToken cancellationToken)
    {
        database.ChangeTracker.Clear();
        var report = await database.Reports.AsSplitQuery().Include(r => r.Subjects).Include(r => r.Indicators).Include(r => r.Messages)
            .SingleOrDefaultAsync(r => r.Id == argument && r.State != ReportState.Purged, cancellationToken);
        if (report is null)
        {
            return;
        }

        var now = clock.GetUtcNow();
        var assessment = await triage.AssessAsync(report, now, cancellationToken);
        if (assessment.Tier == report.ProvisionalTier && assessment.Hits.Select(h => h.RuleId).Order().SequenceEqual(report.Assessment.Hits.Select(h => h.RuleId).Order()))
        {
            return;
        }

        report.Reassess(assessment, now);
        await database.SaveChangesAsync(cancellationToken);
        signal.Set();
    }
}

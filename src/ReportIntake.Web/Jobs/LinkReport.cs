using Microsoft.EntityFrameworkCore;
using ReportIntake.Domain.Reports;
using ReportIntake.Domain.Triage;
using ReportIntake.Web.Linking;
using ReportIntake.Web.Persistence;
using ReportIntake.Web.Persistence.Outbox;

namespace ReportIntake.Web.Jobs;

/// <summary>
/// After a report was filed or something was added to it: makes its words findable, links it with near-same texts, and
/// where its cluster has enough independent sources asks for all its open members to be assessed anew. Run again it adds
/// only what is missing, and asks for nobody whose assessment counts the reports already.
/// </summary>
public sealed class LinkReport(ReportIntakeDbContext database, TextIndex texts, ReportClusters clusters, RuleSet rules, OutboxSignal signal, TimeProvider clock) : IJob<Guid>
{
    /// <summary>Where somebody is still to decide. A decided report's tier was confirmed by a person; news of it reach them as related reports.</summary>
    private static readonly ReportState[] Open = [ReportState.Received, ReportState.UnderVerification, ReportState.NeedsInformation];

    public static JobUrgency Urgency => JobUrgency.Assessment;

    public async Task ExecuteAsync(Guid argument, CancellationToken cancellationToken)
    {
        database.ChangeTracker.Clear();
        var report = await database.Reports.AsNoTracking().AsSplitQuery().Include(r => r.Subjects).Include(r => r.Messages)
            .SingleOrDefaultAsync(r => r.Id == argument && r.State != ReportState.Purged, cancellationToken);
        if (report is null)
        {
            return;
        }

        var now = clock.GetUtcNow();
        await texts.IndexAsync(report, cancellationToken);
        await texts.LinkAsync(report, now, cancellationToken);
        await database.SaveChangesAsync(cancellationToken);

        var cluster = await clusters.OfAsync(report.Id, cancellationToken);
        await database.Set<ReportText>().Where(t => cluster.Members.Contains(t.ReportId)).ExecuteUpdateAsync(
            t => t.SetProperty(x => x.ClusterReports, cluster.Members.Count).SetProperty(x => x.ClusterSources, cluster.IndependentSources).SetProperty(x => x.ClusterIsWhole, cluster.IsWhole),
            cancellationToken);
        if (cluster.IndependentSources >= rules.IndependentReports)
        {
            var members = await database.Reports.AsNoTracking().Where(r => cluster.Members.Contains(r.Id) && Open.Contains(r.State))
                .Select(r => new { r.Id, r.Assessment }).ToListAsync(cancellationToken);
            database.Jobs.AddRange(members.Where(m => !m.Assessment.CountsReports()).Select(m => OutboxJob.For<ReassessReport, Guid>(m.Id, now)));
            await database.SaveChangesAsync(cancellationToken);
            signal.Set();
        }
    }
}

using Microsoft.EntityFrameworkCore;
using ReportIntake.Domain;
using ReportIntake.Domain.Custody;
using ReportIntake.Domain.Referrals;
using ReportIntake.Web.Features.Shared.Catalogue;
using ReportIntake.Web.Persistence;

namespace ReportIntake.Web.Jobs;

/// <summary>
/// After a decision or an outcome: who else could help. A rule suggests once for each report, whatever became of its
/// suggestion, and never where the report is with that destination already.
/// </summary>
public sealed class SuggestReferrals(ReportIntakeDbContext database, ReferralCatalogue catalogue, OutboxSignal signal, TimeProvider clock) : IJob<Guid>
{
    public static JobUrgency Urgency => JobUrgency.Assessment;

    /// <summary>The custody event of a referral that was made, by a person or a rule.</summary>
    public const string LedgerAction = "referral_created";

    public async Task ExecuteAsync(Guid argument, CancellationToken cancellationToken)
    {
        var report = await database.Reports.AsNoTracking().Include(r => r.Subjects).SingleOrDefaultAsync(r => r.Id == argument, cancellationToken);
        if (report is null || catalogue.Rules.Where(r => r.Suggests(report)).ToList() is not { Count: > 0 } rules)
        {
            return;
        }

        var made = await database.Referrals.AsNoTracking().Where(r => r.ReportId == argument).ToListAsync(cancellationToken);
        var now = clock.GetUtcNow();
        foreach (var rule in rules.Where(rule => !made.Exists(r => r.Rule == rule.Code || (r.IsOpen && r.Destination == rule.Destination))))
        {
            var created = Referral.Create(report, rule.Destination, null, rule.Code, now);
            if (created.IsSuccess)
            {
                database.Referrals.Add(created.Value);
                database.Ledger.Add(LedgerEntry.Write(
                    Actor.System, LedgerAction, report.Id, null, new Dictionary<string, string> { ["destination"] = rule.Destination, ["rule"] = rule.Code, ["referral"] = created.Value.Id.ToString() }, now));
            }
        }

        await database.SaveChangesAsync(cancellationToken);
        signal.Set();
    }
}

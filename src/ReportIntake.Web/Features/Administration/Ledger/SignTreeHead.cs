using ReportIntake.Domain.Custody;
using ReportIntake.Web.Evidence.Ledger;
using ReportIntake.Web.Jobs;

namespace ReportIntake.Web.Features.Administration.Ledger;

/// <summary>Signs the log's head at intervals.</summary>
public sealed class SignTreeHead(TreeHeads heads) : IRecurringJob
{
    public Task ExecuteAsync(CancellationToken cancellationToken) => NowAsync(cancellationToken);

    /// <inheritdoc cref="TreeHeads.SignAsync"/>
    public Task<TreeHead> NowAsync(CancellationToken cancellationToken) => heads.SignAsync(cancellationToken);
}

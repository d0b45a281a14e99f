using Microsoft.Extensions.Options;
using ReportIntake.Domain.Reports;
using ReportIntake.Domain.Results;
using ReportIntake.Web.Persistence;

namespace ReportIntake.Web.Features.Moderation.DecideReport;

/// <summary>What the decisions have in common that can be undone: load, decide so that the outside is told later, save, answer.</summary>
public sealed class Decisions(ReportIntakeDbContext database, IOptions<UndoOptions> options, TimeProvider clock)
{
    public async Task<Result<ReportChanged>> DecideAsync(
        Guid reportId, string? ifMatch, bool undoable, Func<Report, DateTimeOffset, Result> decision, CancellationToken cancellationToken)
    {
        var found = await ReportChange.LoadAsync(database, reportId, ifMatch, cancellationToken);
        return found.IsSuccess
            ? await ReportChange.SaveAsync(database, found.Value, Decide(found.Value, undoable, decision), cancellationToken)
            : found.Error;
    }

    /// <param name="undoable">A person decided with a keystroke, and may take it back; false for a program, which is told outside at once.</param>
    public Result Decide(Report report, bool undoable, Func<Report, DateTimeOffset, Result> decision)
    {
        var now = clock.GetUtcNow();
        return report.Decide(undoable ? options.Value.UndoWindow : TimeSpan.Zero, now, r => decision(r, now));
    }
}

using MediatR;
using Microsoft.EntityFrameworkCore;
using ReportIntake.Domain;
using ReportIntake.Domain.Reports;
using ReportIntake.Domain.Results;
using ReportIntake.Domain.Triage;
using ReportIntake.Web.Features.Shared;
using ReportIntake.Web.Persistence;
using ReportIntake.Web.Pipeline;

namespace ReportIntake.Web.Features.Moderation.DecideReport;

/// <summary>
/// Takes one's own last decision back before police or reporter know of it: <c>POST …/reports/{id}/undo</c> and the bar
/// that follows a decision. The claim is one's own again; the ledger keeps the decision and its end.
/// </summary>
public static class Undo
{
    public sealed record Command(Guid ReportId, Actor Actor, string? IfMatch) : ICommand<Result<Undone>>;

    /// <param name="Draft">What had been entered, so that it need not be typed again.</param>
    public sealed record Undone(ReportChanged Changed, Draft Draft);

    /// <param name="Text">The reason, the note or the question, whichever the decision had.</param>
    public sealed record Draft(ReportAction Action, string? Category, Tier? Tier, Disposition? Disposition, string? Of, string? Text);

    public sealed class Handler(ReportIntakeDbContext database, TimeProvider clock) : IRequestHandler<Command, Result<Undone>>
    {
        public async Task<Result<Undone>> Handle(Command request, CancellationToken cancellationToken)
        {
            var report = await database.Reports.AsSplitQuery().Include(r => r.Messages).Include(r => r.Notes).Include(r => r.Votes)
                .SingleOrDefaultAsync(r => r.Id == request.ReportId, cancellationToken);
            if (report is null)
            {
                return ReportErrors.NotFound;
            }

            if (!ExpectedVersion.Allows(request.IfMatch, report.Version))
            {
                return ReportErrors.StaleVersion;
            }

            var draft = DraftOf(report);
            var undone = report.Undo(request.Actor, clock.GetUtcNow());
            var saved = await ReportChange.SaveAsync(database, report, undone, cancellationToken);
            return saved.IsSuccess ? new Undone(saved.Value, draft!) : saved.Error;
        }

        private static Draft? DraftOf(Report report)
        {
            if (report.Held is not { } held)
            {
                return null;
            }

            var vote = report.Votes.FirstOrDefault(v => held.Votes.Contains(v.Id));
            var text = report.Messages.FirstOrDefault(m => held.Messages.Contains(m.Id))?.Text
                ?? report.Notes.FirstOrDefault(n => held.Notes.Contains(n.Id))?.Text
                ?? vote?.Note ?? report.DecidedTierReason;
            return new Draft(
                held.Decided.Action, report.Category, vote?.Tier ?? report.DecidedTier, vote?.Disposition ?? report.Disposition,
                held.Decided.Details.GetValueOrDefault("canonical"), text);
        }
    }
}

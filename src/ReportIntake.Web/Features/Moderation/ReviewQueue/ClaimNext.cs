using MediatR;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using ReportIntake.Domain;
using ReportIntake.Domain.Reports;
using ReportIntake.Domain.Results;
using ReportIntake.Web.Features.Moderation.Exposure;
using ReportIntake.Web.Persistence;
using ReportIntake.Web.Pipeline;

namespace ReportIntake.Web.Features.Moderation.ReviewQueue;

/// <summary>Claims the most pressing report that this person may take: <c>POST …/queue/next</c> and the queue's first button.</summary>
public static class ClaimNext
{
    public sealed record Command(Actor Actor) : ICommand<Result<Response>>;

    /// <param name="Report">The report, claimed; null where there is none to take.</param>
    public sealed record Response(QueueItem? Report);

    public sealed class Handler(ReportIntakeDbContext database, IOptions<EscalationOptions> escalation, TimeProvider clock) : IRequestHandler<Command, Result<Response>>
    {
        /// <summary>Claims that nobody renewed and the job, which runs every minute, has not taken back yet.</summary>
        private const int MaxLapsed = 50;

        /// <summary>
        /// Whoever loses a race for a report takes the next one: the loser's save finds another version, and the winner has
        /// taken the report out of the queue. SQLite's writers wait for one another before they look, and never race.
        /// </summary>
        public async Task<Result<Response>> Handle(Command request, CancellationToken cancellationToken)
        {
            while (true)
            {
                var now = clock.GetUtcNow();
                if (await MostPressingAsync(request.Actor.Id, now, cancellationToken) is not { } report)
                {
                    return new Response(null);
                }

                var claimed = report.Claim(request.Actor, now);
                if (!claimed.IsSuccess)
                {
                    return claimed.Error;
                }

                try
                {
                    await database.SaveChangesAsync(cancellationToken);
                    return new Response(QueueItem.Of(report, escalation.Value, now));
                }
                catch (DbUpdateConcurrencyException)
                {
                    database.ChangeTracker.Clear();
                }
            }
        }

        /// <summary>Two looks, each a walk of one index: what is in the queue, and what was claimed by somebody who walked away.</summary>
        private async Task<Report?> MostPressingAsync(Guid moderator, DateTimeOffset now, CancellationToken cancellationToken)
        {
            var mine = database.Reports.Where(r => !(r.AwaitingSecondReview && r.FirstVoterId == moderator));
            mine = await AvoidedCategories.LeaveOutAsync(database, moderator, mine, cancellationToken);
            var inQueue = true; // a parameter: SQLite walks no index for a bare boolean column
            var waiting = await FirstAsync(mine.Where(r => r.InQueue == inQueue), cancellationToken);

            // By the claims' own index and in its order: in the queue's order SQLite would walk all that anybody holds.
            var lapsed = (await mine.Where(r => r.ClaimedUntil <= now).OrderBy(r => r.ClaimedUntil).Take(MaxLapsed).ToListAsync(cancellationToken))
                .Where(r => r.State is ReportState.UnderVerification).MinBy(r => (r.QueueRank, r.DueAt));
            return waiting is null || lapsed is null
                ? waiting ?? lapsed
                : (lapsed.QueueRank, lapsed.DueAt).CompareTo((waiting.QueueRank, waiting.DueAt)) < 0 ? lapsed : waiting;
        }

        private static Task<Report?> FirstAsync(IQueryable<Report> reports, CancellationToken cancellationToken) =>
            QueueWalks.InOrder(reports).FirstOrDefaultAsync(cancellationToken);
    }
}

using MediatR;
using ReportIntake.Domain;
using ReportIntake.Domain.Exposure;
using ReportIntake.Domain.Results;
using ReportIntake.Web.Persistence;
using ReportIntake.Web.Pipeline;

namespace ReportIntake.Web.Features.Moderation.Exposure;

/// <summary>
/// The page says that media is still on the screen, or that it is hidden: how minutes are counted. Refused where it has to
/// be hidden. <c>POST …/exposure/viewing</c>, <c>…/exposure/hidden</c>.
/// </summary>
public static class KeepViewing
{
    public sealed record Command(Actor Actor, bool Hidden) : ICommand<Result<ExposureLoad>>;

    public sealed class Handler(ReportIntakeDbContext database, ExposureBudget budget, TimeProvider clock) : IRequestHandler<Command, Result<ExposureLoad>>
    {
        public async Task<Result<ExposureLoad>> Handle(Command request, CancellationToken cancellationToken)
        {
            var now = clock.GetUtcNow();
            var today = await budget.TodayAsync(request.Actor.Id, now, cancellationToken);
            if (request.Hidden)
            {
                today.Hide(now);
            }
            else if (today.KeepLooking(budget.Limits, now) is { IsSuccess: false } refused)
            {
                return refused.Error;
            }

            await database.SaveChangesAsync(cancellationToken);
            return today.LoadAt(budget.Limits, now);
        }
    }
}

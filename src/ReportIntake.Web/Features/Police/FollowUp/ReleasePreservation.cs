using MediatR;
using ReportIntake.Domain.Results;
using ReportIntake.Web.Persistence;

namespace ReportIntake.Web.Features.Police.FollowUp;

/// <summary>Takes the client's request to preserve back; others' stay in force.</summary>
public static class ReleasePreservation
{
    public sealed record Command(FollowUpTarget Target) : FollowUpCommand<PreserveReport.Answer>(Target);

    public sealed class Handler(ReportIntakeDbContext database, TimeProvider clock) : IRequestHandler<Command, Result<PreserveReport.Answer>>
    {
        public async Task<Result<PreserveReport.Answer>> Handle(Command request, CancellationToken cancellationToken)
        {
            var found = await database.FindForFollowUpAsync(request.Target, cancellationToken);
            if (!found.IsSuccess)
            {
                return found.Error;
            }

            var report = found.Value;
            var done = report.ReleasePreservation(request.Target.Actor, clock.GetUtcNow());
            if (!done.IsSuccess)
            {
                return done.Error;
            }

            await database.SaveChangesAsync(cancellationToken);
            return PreserveReport.Answer.Of(report);
        }
    }
}

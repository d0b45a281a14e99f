using MediatR;
using ReportIntake.Domain.Results;
using ReportIntake.Web.Persistence;

namespace ReportIntake.Web.Features.Police.FollowUp;

/// <summary>The police have taken the report up.</summary>
public static class AcknowledgeReport
{
    public sealed record Command(FollowUpTarget Target) : FollowUpCommand<FollowUpAnswer>(Target);

    public sealed class Handler(ReportIntakeDbContext database, TimeProvider clock) : IRequestHandler<Command, Result<FollowUpAnswer>>
    {
        public async Task<Result<FollowUpAnswer>> Handle(Command request, CancellationToken cancellationToken)
        {
            var found = await database.FindForFollowUpAsync(request.Target, cancellationToken);
            if (!found.IsSuccess)
            {
                return found.Error;
            }

            var report = found.Value;
            var done = report.Acknowledge(request.Target.Actor, clock.GetUtcNow());
            if (!done.IsSuccess)
            {
                return done.Error;
            }

            await database.SaveChangesAsync(cancellationToken);
            return FollowUpAnswer.Of(report);
        }
    }
}

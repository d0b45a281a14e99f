using MediatR;
using ReportIntake.Domain;
using ReportIntake.Domain.Results;
using ReportIntake.Web.Persistence;
using ReportIntake.Web.Pipeline;

namespace ReportIntake.Web.Features.Moderation.ClaimReport;

/// <summary>The report's page was left: <c>POST …/reports/{id}/leave</c>, sent by the browser as it goes. The claim lapses soon unless the next page renews it.</summary>
public static class Leave
{
    public sealed record Command(Guid ReportId, Actor Actor) : ICommand<Result<ReportChanged>>;

    public sealed class Handler(ReportIntakeDbContext database, TimeProvider clock) : IRequestHandler<Command, Result<ReportChanged>>
    {
        public async Task<Result<ReportChanged>> Handle(Command request, CancellationToken cancellationToken)
        {
            var found = await ReportChange.LoadAsync(database, request.ReportId, ifMatch: null, cancellationToken);
            if (!found.IsSuccess)
            {
                return found.Error;
            }

            var left = found.Value.Leave(request.Actor, clock.GetUtcNow());
            return await ReportChange.SaveAsync(database, found.Value, left, cancellationToken);
        }
    }
}

using MediatR;
using ReportIntake.Domain;
using ReportIntake.Domain.Results;
using ReportIntake.Web.Persistence;
using ReportIntake.Web.Pipeline;

namespace ReportIntake.Web.Features.Moderation.ClaimReport;

/// <summary>Gives a claim back; a supervisor may give back another's: <c>POST …/reports/{id}/release</c> and the report's page.</summary>
public static class Release
{
    public sealed record Command(Guid ReportId, Actor Actor, string? IfMatch) : ICommand<Result<ReportChanged>>;

    public sealed class Handler(ReportIntakeDbContext database, TimeProvider clock) : IRequestHandler<Command, Result<ReportChanged>>
    {
        public async Task<Result<ReportChanged>> Handle(Command request, CancellationToken cancellationToken)
        {
            var found = await ReportChange.LoadAsync(database, request.ReportId, request.IfMatch, cancellationToken);
            if (!found.IsSuccess)
            {
                return found.Error;
            }

            var released = found.Value.Release(request.Actor, clock.GetUtcNow());
            return await ReportChange.SaveAsync(database, found.Value, released, cancellationToken);
        }
    }
}

using MediatR;
using Microsoft.EntityFrameworkCore;
using ReportIntake.Domain.Results;
using ReportIntake.Web.Persistence;
using ReportIntake.Web.Pipeline;

namespace ReportIntake.Web.Features.Intake.TrackReport;

/// <summary>The reporter takes the report back: <c>POST /api/v1/receipt/withdrawal</c> and the status page.</summary>
public static class WithdrawReport
{
    public sealed record Command(Guid ReportId) : ICommand<Result>;

    public sealed class Handler(ReportIntakeDbContext database, TimeProvider clock) : IRequestHandler<Command, Result>
    {
        public async Task<Result> Handle(Command request, CancellationToken cancellationToken)
        {
            var report = await database.Reports.Include(r => r.Votes).SingleAsync(r => r.Id == request.ReportId, cancellationToken);
            var withdrawn = report.Withdraw(clock.GetUtcNow());
            if (withdrawn.IsSuccess)
            {
                await database.SaveChangesAsync(cancellationToken);
            }

            return withdrawn;
        }
    }
}

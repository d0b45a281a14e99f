using FluentValidation;
using MediatR;
using ReportIntake.Domain.Results;
using ReportIntake.Web.Persistence;

namespace ReportIntake.Web.Features.Police.FollowUp;

/// <summary>The step after triage (Usman &amp; Budiman 2023): what threatens whom, how badly, and what is done about it.</summary>
public static class RecordRiskAssessment
{
    public sealed record Body(string? Hazards, string? Impact, string? FurtherAction);

    public sealed record Command(FollowUpTarget Target, string? Hazards, string? Impact, string? FurtherAction) : FollowUpCommand<FollowUpAnswer>(Target);

    public sealed class Validator : AbstractValidator<Command>
    {
        public Validator()
        {
            RuleFor(c => c.Hazards).Required().AtMost(Domain.Reports.FollowUp.TextMaxLength);
            RuleFor(c => c.Impact).Required().AtMost(Domain.Reports.FollowUp.TextMaxLength);
            RuleFor(c => c.FurtherAction).Required().AtMost(Domain.Reports.FollowUp.TextMaxLength);
        }
    }

    public sealed class Handler(ReportIntakeDbContext database, TimeProvider clock) : IRequestHandler<Command, Result<FollowUpAnswer>>
    {
        public async Task<Result<FollowUpAnswer>> Handle(Command request, CancellationToken cancellationToken)
        {
            var found = await database.FindForFollowUpAsync(request.Target, cancellationToken);
            if (!found.IsSuccess)
            {
                return found.Error;
            }

            var (report, now) = (found.Value, clock.GetUtcNow());
            var done = report.RecordRiskAssessment(request.Target.Actor, request.Hazards!, request.Impact!, request.FurtherAction!, now);
            if (!done.IsSuccess)
            {
                return done.Error;
            }

            await database.SaveChangesAsync(cancellationToken);
            return FollowUpAnswer.Of(report);
        }
    }
}

using FluentValidation;
using MediatR;
using ReportIntake.Domain.Results;
using ReportIntake.Web.Persistence;

namespace ReportIntake.Web.Features.Police.FollowUp;

/// <summary>A remark of the police on a report they follow up.</summary>
public static class AddFollowUpNote
{
    public sealed record Body(string? Text);

    public sealed record Command(FollowUpTarget Target, string? Text) : FollowUpCommand<FollowUpAnswer>(Target);

    public sealed class Validator : AbstractValidator<Command>
    {
        public Validator()
        {
            RuleFor(c => c.Text).Required().AtMost(Domain.Reports.FollowUp.TextMaxLength);
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
            var done = report.AddFollowUpNote(request.Target.Actor, request.Text!, now);
            if (!done.IsSuccess)
            {
                return done.Error;
            }

            await database.SaveChangesAsync(cancellationToken);
            return FollowUpAnswer.Of(report);
        }
    }
}

using FluentValidation;
using MediatR;
using ReportIntake.Domain.Results;
using ReportIntake.Web.Persistence;

namespace ReportIntake.Web.Features.Police.FollowUp;

/// <summary>A question to the reporter, sent by the moderators' desk. The answer comes as <c>report.message_added</c>.</summary>
public static class AskReporter
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

            var report = found.Value;
            var done = report.AskReporter(request.Target.Actor, request.Text!, clock.GetUtcNow());
            if (!done.IsSuccess)
            {
                return done.Error;
            }

            await database.SaveChangesAsync(cancellationToken);
            return FollowUpAnswer.Of(report);
        }
    }
}

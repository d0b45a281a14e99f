using System.ComponentModel;
using FluentValidation;
using MediatR;
using ReportIntake.Domain.Reports;
using ReportIntake.Domain.Results;
using ReportIntake.Web.Persistence;

namespace ReportIntake.Web.Features.Police.FollowUp;

/// <summary>Legal hold: report and evidence are kept, whatever retention or the reporter would have them be. A repetition replaces the client's own.</summary>
public static class PreserveReport
{
    public sealed record Body(
        [property: Description("When the hold ends by itself; until it is released if not given.")] DateTimeOffset? Until, string? Reason);

    public sealed record Command(FollowUpTarget Target, DateTimeOffset? Until, string? Reason) : FollowUpCommand<Answer>(Target);

    /// <param name="LegalHold">Whether any client's request is in force.</param>
    /// <param name="Until">When the last of them ends; null where one lasts until it is released.</param>
    public sealed record Answer(Guid Id, ReportState State, int Version, bool LegalHold, DateTimeOffset? Until)
    {
        public static Answer Of(Report report) => new(report.Id, report.State, report.Version, report.LegalHold, report.LegalHoldUntil);
    }

    public sealed class Validator : AbstractValidator<Command>
    {
        public Validator(TimeProvider clock)
        {
            RuleFor(c => c.Until).Must(until => until > clock.GetUtcNow()).WithErrorCode("in_the_past").WithMessage("The end must be in the future.")
                .When(c => c.Until is not null);
            RuleFor(c => c.Reason).Required().AtMost(Report.ReasonMaxLength);
        }
    }

    public sealed class Handler(ReportIntakeDbContext database, TimeProvider clock) : IRequestHandler<Command, Result<Answer>>
    {
        public async Task<Result<Answer>> Handle(Command request, CancellationToken cancellationToken)
        {
            var found = await database.FindForFollowUpAsync(request.Target, cancellationToken);
            if (!found.IsSuccess)
            {
                return found.Error;
            }

            var report = found.Value;
            var done = report.Preserve(request.Target.Actor, request.Until?.ToUniversalTime(), request.Reason!, clock.GetUtcNow());
            if (!done.IsSuccess)
            {
                return done.Error;
            }

            await database.SaveChangesAsync(cancellationToken);
            return Answer.Of(report);
        }
    }
}

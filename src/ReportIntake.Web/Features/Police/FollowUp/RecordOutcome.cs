using FluentValidation;
using MediatR;
using ReportIntake.Domain;
using ReportIntake.Domain.Calendar;
using ReportIntake.Domain.Reports;
using ReportIntake.Domain.Results;
using ReportIntake.Web.Persistence;

namespace ReportIntake.Web.Features.Police.FollowUp;

/// <summary>What became of the report. The system closes it some working days later, unless a supervisor does.</summary>
public static class RecordOutcome
{
    public sealed record Body(string? Code, string? Note);

    public sealed record Command(FollowUpTarget Target, string? Code, string? Note) : FollowUpCommand<FollowUpAnswer>(Target);

    public sealed class Validator : AbstractValidator<Command>
    {
        public Validator()
        {
            RuleFor(c => c.Code).Cascade(CascadeMode.Stop).Required().CodeOf<Command, OutcomeCode>();
            RuleFor(c => c.Note).AtMost(Domain.Reports.FollowUp.TextMaxLength);
        }
    }

    public sealed class Handler(ReportIntakeDbContext database, WorkingCalendar calendar, TimeProvider clock) : IRequestHandler<Command, Result<FollowUpAnswer>>
    {
        public async Task<Result<FollowUpAnswer>> Handle(Command request, CancellationToken cancellationToken)
        {
            var found = await database.FindForFollowUpAsync(request.Target, cancellationToken);
            if (!found.IsSuccess)
            {
                return found.Error;
            }

            var (report, now) = (found.Value, clock.GetUtcNow());
            var done = report.RecordOutcome(
                request.Target.Actor,
                EnumNames.Parse<OutcomeCode>(request.Code!),
                request.Note,
                calendar.AddWorkingDays(now, Report.ClosingWorkingDays),
                now);
            if (!done.IsSuccess)
            {
                return done.Error;
            }

            await database.SaveChangesAsync(cancellationToken);
            return FollowUpAnswer.Of(report);
        }
    }
}

using FluentValidation;
using MediatR;
using ReportIntake.Domain;
using ReportIntake.Domain.Calendar;
using ReportIntake.Domain.Reports;
using ReportIntake.Domain.Results;
using ReportIntake.Web.Persistence;
using ReportIntake.Web.Pipeline;

namespace ReportIntake.Web.Features.Moderation.DecideReport;

/// <summary>Asks the reporter, who reads it with the receipt: <c>POST …/reports/{id}/request-information</c> and the report's page.</summary>
public static class RequestInformation
{
    /// <summary>Working days of silence after which the report goes back to the queue (domain rule).</summary>
    public const int AnswerWorkingDays = 10;

    public sealed record Command(Guid ReportId, Actor Actor, string? IfMatch, string? Text) : ICommand<Result<ReportChanged>>;

    public sealed class Validator : AbstractValidator<Command>
    {
        public Validator() => RuleFor(c => c.Text).NotEmpty().WithErrorCode("required").WithMessage("A text is needed.")
            .MaximumLength(Message.TextMaxLength).WithErrorCode("too_long");
    }

    public sealed class Handler(ReportIntakeDbContext database, WorkingCalendar calendar, TimeProvider clock) : IRequestHandler<Command, Result<ReportChanged>>
    {
        public async Task<Result<ReportChanged>> Handle(Command request, CancellationToken cancellationToken)
        {
            var found = await ReportChange.LoadAsync(database, request.ReportId, request.IfMatch, cancellationToken);
            if (!found.IsSuccess)
            {
                return found.Error;
            }

            var now = clock.GetUtcNow();
            var asked = found.Value.RequestInformation(request.Actor, request.Text!.Trim(), calendar.AddWorkingDays(now, AnswerWorkingDays), now);
            return await ReportChange.SaveAsync(database, found.Value, asked, cancellationToken);
        }
    }
}

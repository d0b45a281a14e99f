using FluentValidation;
using MediatR;
using ReportIntake.Domain;
using ReportIntake.Domain.Calendar;
using ReportIntake.Domain.Reports;
using ReportIntake.Domain.Results;
using ReportIntake.Web.Pipeline;

namespace ReportIntake.Web.Features.Moderation.DecideReport;

/// <summary>Asks the reporter, who reads it with the receipt: <c>POST …/reports/{id}/request-information</c> and the report's page.</summary>
public static class RequestInformation
{
    /// <summary>Working days of silence after which the report goes back to the queue (domain rule).</summary>
    public const int AnswerWorkingDays = 10;

    public sealed record Command(Guid ReportId, Actor Actor, string? IfMatch, string? Text, bool Undoable = false) : ICommand<Result<ReportChanged>>;

    public sealed class Validator : AbstractValidator<Command>
    {
        public Validator() => RuleFor(c => c.Text).NotEmpty().WithErrorCode("required").WithMessage("A text is needed.")
            .MaximumLength(Message.TextMaxLength).WithErrorCode("too_long");
    }

    public sealed class Handler(Decisions decisions, WorkingCalendar calendar) : IRequestHandler<Command, Result<ReportChanged>>
    {
        public Task<Result<ReportChanged>> Handle(Command request, CancellationToken cancellationToken) =>
            decisions.DecideAsync(request.ReportId, request.IfMatch, request.Undoable, (report, now) =>
                report.RequestInformation(request.Actor, request.Text!.Trim(), calendar.AddWorkingDays(now, AnswerWorkingDays), now), cancellationToken);
    }
}

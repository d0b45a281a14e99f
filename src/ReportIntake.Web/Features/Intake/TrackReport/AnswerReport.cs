using FluentValidation;
using MediatR;
using Microsoft.EntityFrameworkCore;
using ReportIntake.Domain.Reports;
using ReportIntake.Domain.Results;
using ReportIntake.Web.Persistence;
using ReportIntake.Web.Pipeline;

namespace ReportIntake.Web.Features.Intake.TrackReport;

/// <summary>A message of the reporter: <c>POST /api/v1/receipt/messages</c> and the status page.</summary>
public static class AnswerReport
{
    public sealed record Command(Guid ReportId, string? Text) : ICommand<Result>;

    public sealed class Validator : AbstractValidator<Command>
    {
        public Validator() => RuleFor(c => c.Text).Cascade(CascadeMode.Stop)
            .Must(t => !string.IsNullOrWhiteSpace(t)).WithErrorCode("required").WithMessage("A text is needed.")
            .MaximumLength(Message.TextMaxLength).WithErrorCode("too_long");
    }

    public sealed class Handler(ReportIntakeDbContext database, ReportTriage triage, TimeProvider clock) : IRequestHandler<Command, Result>
    {
        public async Task<Result> Handle(Command request, CancellationToken cancellationToken)
        {
            var now = clock.GetUtcNow();
            var report = await database.Reports
                .Include(r => r.Subjects).Include(r => r.Indicators).Include(r => r.Messages).AsSplitQuery()
                .SingleAsync(r => r.Id == request.ReportId, cancellationToken);
            var added = report.AddMessage(request.Text!.Trim(), now);
            if (!added.IsSuccess)
            {
                return added;
            }

            report.Reassess(await triage.AssessAsync(report, now, cancellationToken), now);
            await database.SaveChangesAsync(cancellationToken);
            return Result.Success;
        }
    }
}

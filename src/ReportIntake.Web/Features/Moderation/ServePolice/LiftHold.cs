using FluentValidation;
using MediatR;
using ReportIntake.Domain;
using ReportIntake.Domain.Reports;
using ReportIntake.Domain.Results;
using ReportIntake.Web.Persistence;
using ReportIntake.Web.Pipeline;

namespace ReportIntake.Web.Features.Moderation.ServePolice;

/// <summary>A supervisor ends a legal hold that its client cannot end: <c>POST …/reports/{id}/lift-hold</c>. The reason is an internal note.</summary>
public static class LiftHold
{
    public sealed record Command(Guid ReportId, Actor Actor, string? IfMatch, string? Reason) : ICommand<Result<ReportChanged>>;

    public sealed class Validator : AbstractValidator<Command>
    {
        public Validator() => RuleFor(c => c.Reason).NotEmpty().WithErrorCode("required").WithMessage("A reason is needed.")
            .MaximumLength(Report.ReasonMaxLength).WithErrorCode("too_long");
    }

    public sealed class Handler(ReportIntakeDbContext database, TimeProvider clock) : IRequestHandler<Command, Result<ReportChanged>>
    {
        public async Task<Result<ReportChanged>> Handle(Command request, CancellationToken cancellationToken)
        {
            var found = await DeskReport.LoadAsync(database, request.ReportId, request.IfMatch, cancellationToken);
            if (!found.IsSuccess)
            {
                return found.Error;
            }

            var lifted = found.Value.LiftLegalHold(request.Actor, request.Reason!.Trim(), clock.GetUtcNow());
            return await ReportChange.SaveAsync(database, found.Value, lifted, cancellationToken);
        }
    }
}

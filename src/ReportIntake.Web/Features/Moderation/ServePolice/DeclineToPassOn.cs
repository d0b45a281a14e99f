using FluentValidation;
using MediatR;
using ReportIntake.Domain;
using ReportIntake.Domain.Reports;
using ReportIntake.Domain.Results;
using ReportIntake.Web.Persistence;
using ReportIntake.Web.Pipeline;

namespace ReportIntake.Web.Features.Moderation.ServePolice;

/// <summary>Words of the police do not reach the reporter, and the police read why: <c>POST …/desk/{followUpId}/decline</c> and the report's page.</summary>
public static class DeclineToPassOn
{
    public sealed record Command(Guid ReportId, Guid FollowUpId, Actor Actor, string? IfMatch, string? Reason) : ICommand<Result<ReportChanged>>;

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

            var declined = found.Value.DeclineToPassOn(request.Actor, request.FollowUpId, request.Reason!.Trim(), clock.GetUtcNow());
            return await ReportChange.SaveAsync(database, found.Value, declined, cancellationToken);
        }
    }
}

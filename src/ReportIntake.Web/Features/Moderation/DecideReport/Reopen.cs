using FluentValidation;
using MediatR;
using ReportIntake.Domain;
using ReportIntake.Domain.Reports;
using ReportIntake.Domain.Results;
using ReportIntake.Web.Evidence;
using ReportIntake.Web.Persistence;
using ReportIntake.Web.Pipeline;

namespace ReportIntake.Web.Features.Moderation.DecideReport;

/// <summary>A supervisor opens an ended report again; a duplicate takes its evidence back: <c>POST …/reports/{id}/reopen</c> and the report's page.</summary>
public static class Reopen
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
            var found = await ReportChange.LoadAsync(database, request.ReportId, request.IfMatch, cancellationToken);
            if (!found.IsSuccess)
            {
                return found.Error;
            }

            var canonicalId = found.Value.CanonicalReportId;
            var reopened = found.Value.Reopen(request.Actor, request.Reason!.Trim(), clock.GetUtcNow());
            if (reopened.IsSuccess && canonicalId is { } canonical)
            {
                await DuplicateEvidence.TakeBackAsync(database, found.Value, canonical, cancellationToken);
            }

            return await ReportChange.SaveAsync(database, found.Value, reopened, cancellationToken);
        }
    }
}

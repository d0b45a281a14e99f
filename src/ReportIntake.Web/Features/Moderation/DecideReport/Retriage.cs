using FluentValidation;
using MediatR;
using ReportIntake.Domain;
using ReportIntake.Domain.Reports;
using ReportIntake.Domain.Results;
using ReportIntake.Domain.Triage;
using ReportIntake.Web.Pipeline;

namespace ReportIntake.Web.Features.Moderation.DecideReport;

/// <summary>Another tier for a report that is with the police: <c>POST …/reports/{id}/retriage</c> and the report's page. Leaving <c>immediate</c> takes two people.</summary>
public static class Retriage
{
    public sealed record Command(Guid ReportId, Actor Actor, string? IfMatch, string? Tier, string? Reason, bool Undoable = false) : ICommand<Result<ReportChanged>>;

    public sealed class Validator : AbstractValidator<Command>
    {
        public Validator()
        {
            RuleFor(c => c.Tier).Cascade(CascadeMode.Stop).NotEmpty().WithErrorCode("required").WithMessage("A tier is needed.")
                .Must(t => EnumNames.TryParse<Tier>(t, out _)).WithErrorCode("unknown_code").WithMessage("There is no such tier.");
            RuleFor(c => c.Reason).NotEmpty().WithErrorCode("required").WithMessage("A reason is needed.")
                .MaximumLength(Report.ReasonMaxLength).WithErrorCode("too_long");
        }
    }

    public sealed class Handler(Decisions decisions) : IRequestHandler<Command, Result<ReportChanged>>
    {
        public Task<Result<ReportChanged>> Handle(Command request, CancellationToken cancellationToken) =>
            decisions.DecideAsync(request.ReportId, request.IfMatch, request.Undoable, (report, now) =>
                report.Retriage(request.Actor, EnumNames.Parse<Tier>(request.Tier!), request.Reason!.Trim(), now), cancellationToken);
    }
}

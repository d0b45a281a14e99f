using FluentValidation;
using MediatR;
using ReportIntake.Domain;
using ReportIntake.Domain.Reports;
using ReportIntake.Domain.Results;
using ReportIntake.Domain.Triage;
using ReportIntake.Web.Features.Shared.Catalogue;
using ReportIntake.Web.Pipeline;

namespace ReportIntake.Web.Features.Moderation.DecideReport;

/// <summary>The report goes to the police in the tier that a person confirms: <c>POST …/reports/{id}/verify</c> and the report's page.</summary>
public static class Verify
{
    public sealed record Command(Guid ReportId, Actor Actor, string? IfMatch, string? Category, string? Tier, string? Reason, bool Undoable = false) : ICommand<Result<ReportChanged>>;

    public sealed class Validator : AbstractValidator<Command>
    {
        public Validator(ReportCatalogue catalogue)
        {
            RuleFor(c => c.Category).Cascade(CascadeMode.Stop)
                .NotEmpty().WithErrorCode("required").WithMessage("A category is needed.")
                .Must(c => catalogue.Category(c) is not null).WithErrorCode("unknown_code").WithMessage("The catalogue has no such category.");
            RuleFor(c => c.Tier).Cascade(CascadeMode.Stop).NotEmpty().WithErrorCode("required").WithMessage("A tier is needed.")
                .Must(t => EnumNames.TryParse<Tier>(t, out _)).WithErrorCode("unknown_code").WithMessage("There is no such tier.");
            RuleFor(c => c.Reason).MaximumLength(Report.ReasonMaxLength).WithErrorCode("too_long");
        }
    }

    public sealed class Handler(Decisions decisions, ReportCatalogue catalogue) : IRequestHandler<Command, Result<ReportChanged>>
    {
        public Task<Result<ReportChanged>> Handle(Command request, CancellationToken cancellationToken)
        {
            var category = catalogue.Category(request.Category)!;
            var reason = string.IsNullOrWhiteSpace(request.Reason) ? null : request.Reason.Trim();
            return decisions.DecideAsync(request.ReportId, request.IfMatch, request.Undoable, (report, now) =>
                report.Verify(request.Actor, category.Code, category.ChildSafety, EnumNames.Parse<Tier>(request.Tier!), reason, now), cancellationToken);
        }
    }
}

using FluentValidation;
using MediatR;
using ReportIntake.Domain;
using ReportIntake.Domain.Reports;
using ReportIntake.Domain.Results;
using ReportIntake.Web.Pipeline;

namespace ReportIntake.Web.Features.Moderation.DecideReport;

/// <summary>
/// Not for the police, for a coded reason: <c>POST …/reports/{id}/reject</c> and the report's page. Where children or an
/// immediate danger may be concerned it is a first vote until a second person agrees.
/// </summary>
public static class Reject
{
    public sealed record Command(Guid ReportId, Actor Actor, string? IfMatch, string? Disposition, string? Note, bool Undoable = false) : ICommand<Result<ReportChanged>>;

    public sealed class Validator : AbstractValidator<Command>
    {
        public Validator()
        {
            RuleFor(c => c.Disposition).Cascade(CascadeMode.Stop)
                .NotEmpty().WithErrorCode("required").WithMessage("A disposition is needed.")
                .Must(d => EnumNames.TryParse<Disposition>(d, out _)).WithErrorCode("unknown_code").WithMessage("There is no such disposition.");
            RuleFor(c => c.Note).MaximumLength(Note.TextMaxLength).WithErrorCode("too_long");
        }
    }

    public sealed class Handler(Decisions decisions) : IRequestHandler<Command, Result<ReportChanged>>
    {
        public Task<Result<ReportChanged>> Handle(Command request, CancellationToken cancellationToken)
        {
            var note = string.IsNullOrWhiteSpace(request.Note) ? null : request.Note.Trim();
            return decisions.DecideAsync(request.ReportId, request.IfMatch, request.Undoable, (report, now) =>
                report.Reject(request.Actor, EnumNames.Parse<Disposition>(request.Disposition!), note, now), cancellationToken);
        }
    }
}

using FluentValidation;
using MediatR;
using ReportIntake.Domain;
using ReportIntake.Domain.Reports;
using ReportIntake.Domain.Results;
using ReportIntake.Web.Evidence;
using ReportIntake.Web.Persistence;
using ReportIntake.Web.Pipeline;

namespace ReportIntake.Web.Features.Moderation.DecideReport;

/// <summary>The same as another report, named by reference or id: <c>POST …/reports/{id}/mark-duplicate</c> and the report's page.</summary>
public static class MarkDuplicate
{
    /// <summary>No report has that reference or id.</summary>
    public static readonly Error CanonicalNotFound = Error.Validation("of", ReportErrors.NotFound.Code, ReportErrors.NotFound.Message);

    public sealed record Command(Guid ReportId, Actor Actor, string? IfMatch, string? Of, bool Undoable = false) : ICommand<Result<ReportChanged>>;

    public sealed class Validator : AbstractValidator<Command>
    {
        public Validator() => RuleFor(c => c.Of).NotEmpty().WithErrorCode("required").WithMessage("The other report is needed.");
    }

    public sealed class Handler(ReportIntakeDbContext database, Decisions decisions) : IRequestHandler<Command, Result<ReportChanged>>
    {
        public async Task<Result<ReportChanged>> Handle(Command request, CancellationToken cancellationToken)
        {
            var found = await ReportChange.LoadAsync(database, request.ReportId, request.IfMatch, cancellationToken);
            if (!found.IsSuccess)
            {
                return found.Error;
            }

            if (await OtherReport.FindAsync(database, request.Of!.Trim(), cancellationToken) is not { } canonical)
            {
                return CanonicalNotFound;
            }

            var marked = decisions.Decide(found.Value, request.Undoable, (report, now) => report.MarkDuplicate(request.Actor, canonical, now));
            if (marked.IsSuccess && found.Value.Held is null)
            {
                await DuplicateEvidence.MoveToCanonicalAsync(database, found.Value, cancellationToken);
            }

            return await ReportChange.SaveAsync(database, found.Value, marked, cancellationToken);
        }
    }
}

using FluentValidation;
using MediatR;
using ReportIntake.Domain;
using ReportIntake.Domain.Reports;
using ReportIntake.Domain.Results;
using ReportIntake.Web.Persistence;
using ReportIntake.Web.Pipeline;

namespace ReportIntake.Web.Features.Moderation.DecideReport;

/// <summary>An internal remark: <c>POST …/reports/{id}/notes</c> and the report's page. Neither reporter nor police see it.</summary>
public static class AddNote
{
    public sealed record Command(Guid ReportId, Actor Actor, string? IfMatch, string? Text) : ICommand<Result<ReportChanged>>;

    public sealed class Validator : AbstractValidator<Command>
    {
        public Validator()
        {
            RuleFor(c => c.Text).NotEmpty().WithErrorCode("required").WithMessage("A text is needed.")
                .MaximumLength(Note.TextMaxLength).WithErrorCode("too_long");
        }
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

            var added = found.Value.AddNote(request.Actor, request.Text!.Trim(), clock.GetUtcNow());
            return await ReportChange.SaveAsync(database, found.Value, added, cancellationToken);
        }
    }
}

using FluentValidation;
using MediatR;
using ReportIntake.Domain;
using ReportIntake.Domain.Reports;
using ReportIntake.Domain.Results;
using ReportIntake.Web.Persistence;
using ReportIntake.Web.Pipeline;

namespace ReportIntake.Web.Features.Moderation.ServePolice;

/// <summary>Words of the police reach the reporter: <c>POST …/desk/{followUpId}/pass-on</c> and the report's page.</summary>
public static class PassOn
{
    /// <param name="Text">Safer words than the police's; theirs if not given.</param>
    public sealed record Body(string? Text);

    public sealed record Command(Guid ReportId, Guid FollowUpId, Actor Actor, string? IfMatch, string? Text) : ICommand<Result<ReportChanged>>;

    public sealed class Validator : AbstractValidator<Command>
    {
        public Validator() => RuleFor(c => c.Text).MaximumLength(Message.TextMaxLength).WithErrorCode("too_long");
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

            var text = string.IsNullOrWhiteSpace(request.Text) ? null : request.Text.Trim();
            var passed = found.Value.PassOn(request.Actor, request.FollowUpId, text, clock.GetUtcNow());
            return await ReportChange.SaveAsync(database, found.Value, passed, cancellationToken);
        }
    }
}

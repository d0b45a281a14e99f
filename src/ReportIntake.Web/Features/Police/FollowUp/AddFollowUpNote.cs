using System.ComponentModel;
using FluentValidation;
using MediatR;
using ReportIntake.Domain;
using ReportIntake.Domain.Reports;
using ReportIntake.Domain.Results;
using ReportIntake.Web.Persistence;

namespace ReportIntake.Web.Features.Police.FollowUp;

/// <summary>
/// A remark of the police on a report they follow up: for themselves and the moderators, or for the reporter. The reporter
/// reads a reusable wording at once, and the police's own words when a moderator has passed them on.
/// </summary>
public static class AddFollowUpNote
{
    public sealed record Body(
        [property: Description("The remark. Not with wording.")] string? Text,
        [property: Description("private (default) or reporter. Own words for the reporter wait for a moderator.")] string? Audience,
        [property: Description("For the reporter, instead of text: working_on_it, you_may_be_contacted, keep_the_evidence, do_not_approach, get_help or need_nothing_more.")] string? Wording);

    public sealed record Command(FollowUpTarget Target, string? Text, string? Audience, string? Wording) : FollowUpCommand<FollowUpAnswer>(Target);

    public sealed class Validator : AbstractValidator<Command>
    {
        public Validator()
        {
            RuleFor(c => c.Audience).CodeOf<Command, FollowUpAudience>().When(c => c.Audience is not null);
            RuleFor(c => c.Text).Required().AtMost(Domain.Reports.FollowUp.TextMaxLength).When(c => c.Wording is null);
            RuleFor(c => c.Text).Empty().WithErrorCode("text_or_wording").WithMessage("Give a text or a wording, not both.").When(c => c.Wording is not null);
            RuleFor(c => c.Wording).Must(code => ReporterWordings.Find(code) is not null).WithErrorCode("unknown_code").WithMessage("The code is not known here.")
                .Must((command, _) => command.Audience == FollowUpAudience.Reporter.Name()).WithErrorCode("wording_needs_reporter").WithMessage("A wording is for audience reporter.")
                .When(c => c.Wording is not null);
        }
    }

    public sealed class Handler(ReportIntakeDbContext database, TimeProvider clock) : IRequestHandler<Command, Result<FollowUpAnswer>>
    {
        public async Task<Result<FollowUpAnswer>> Handle(Command request, CancellationToken cancellationToken)
        {
            var found = await database.FindForFollowUpAsync(request.Target, cancellationToken);
            if (!found.IsSuccess)
            {
                return found.Error;
            }

            var (report, now) = (found.Value, clock.GetUtcNow());
            var done = ReporterWordings.Find(request.Wording) is { } wording ? report.TellReporter(request.Target.Actor, wording.Code, wording.For(report), now)
                : request.Audience == FollowUpAudience.Reporter.Name() ? report.ProposeToReporter(request.Target.Actor, request.Text!, now)
                : report.AddFollowUpNote(request.Target.Actor, request.Text!, now);
            if (!done.IsSuccess)
            {
                return done.Error;
            }

            await database.SaveChangesAsync(cancellationToken);
            return FollowUpAnswer.Of(report);
        }
    }
}

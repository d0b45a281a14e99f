using FluentValidation;
using MediatR;
using ReportIntake.Domain;
using ReportIntake.Domain.Reports;
using ReportIntake.Domain.Results;
using ReportIntake.Domain.Triage;
using ReportIntake.Web.Persistence;

namespace ReportIntake.Web.Features.Police.FollowUp;

/// <summary>Another tier. Leaving <c>immediate</c> needs two people: the first vote changes nothing but that a second one is awaited.</summary>
public static class RetriageReport
{
    public sealed record Body(string? Tier, string? Reason);

    public sealed record Command(FollowUpTarget Target, string? Tier, string? Reason) : FollowUpCommand<Answer>(Target);

    public sealed record Answer(Guid Id, ReportState State, int Version, bool AwaitingSecondReview)
    {
        public static Answer Of(Report report) => new(report.Id, report.State, report.Version, report.AwaitingSecondRetriage);
    }

    public sealed class Validator : AbstractValidator<Command>
    {
        public Validator()
        {
            RuleFor(c => c.Tier).Cascade(CascadeMode.Stop).Required().CodeOf<Command, Tier>();
            RuleFor(c => c.Reason).Required().AtMost(Report.ReasonMaxLength);
        }
    }

    public sealed class Handler(ReportIntakeDbContext database, TimeProvider clock) : IRequestHandler<Command, Result<Answer>>
    {
        public async Task<Result<Answer>> Handle(Command request, CancellationToken cancellationToken)
        {
            var found = await database.FindForFollowUpAsync(request.Target, cancellationToken);
            if (!found.IsSuccess)
            {
                return found.Error;
            }

            var (report, now) = (found.Value, clock.GetUtcNow());
            var done = report.Retriage(request.Target.Actor, EnumNames.Parse<Tier>(request.Tier!), request.Reason!, now);
            if (!done.IsSuccess)
            {
                return done.Error;
            }

            await database.SaveChangesAsync(cancellationToken);
            return Answer.Of(report);
        }
    }
}

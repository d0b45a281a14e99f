using FluentValidation;
using MediatR;
using Microsoft.EntityFrameworkCore;
using ReportIntake.Domain;
using ReportIntake.Domain.Custody;
using ReportIntake.Domain.Referrals;
using ReportIntake.Domain.Reports;
using ReportIntake.Domain.Results;
using ReportIntake.Web.Features.Shared;
using ReportIntake.Web.Features.Shared.Catalogue;
using ReportIntake.Web.Persistence;
using ReportIntake.Web.Pipeline;

namespace ReportIntake.Web.Features.Moderation.ReferReport;

/// <summary>What the other body did: <c>POST …/referrals/{referralId}/state</c> and the report's page.</summary>
public static class MoveReferral
{
    public sealed record Body(string? State, string? Answer);

    public sealed record Command(Guid ReportId, Guid ReferralId, Actor Actor, string? IfMatch, string? State, string? Answer) : ICommand<Result<ReferralView>>;

    public sealed class Validator : AbstractValidator<Command>
    {
        public Validator()
        {
            RuleFor(c => c.State).Cascade(CascadeMode.Stop).NotEmpty().WithErrorCode("required").WithMessage("A state is needed.")
                .Must(s => EnumNames.TryParse<ReferralState>(s, out _)).WithErrorCode("unknown_code").WithMessage("There is no such state.");
            RuleFor(c => c.Answer).MaximumLength(Referral.NoteMaxLength).WithErrorCode("too_long");
        }
    }

    public sealed class Handler(ReportIntakeDbContext database, ReferralCatalogue catalogue, TimeProvider clock) : IRequestHandler<Command, Result<ReferralView>>
    {
        public async Task<Result<ReferralView>> Handle(Command request, CancellationToken cancellationToken)
        {
            var referral = await database.Referrals.SingleOrDefaultAsync(r => r.Id == request.ReferralId && r.ReportId == request.ReportId, cancellationToken);
            if (referral is null)
            {
                return ReferralErrors.NotFound;
            }

            if (!ExpectedVersion.Allows(request.IfMatch, referral.Version))
            {
                return ReportErrors.StaleVersion;
            }

            var (state, now) = (EnumNames.Parse<ReferralState>(request.State!), clock.GetUtcNow());
            var moved = referral.MoveTo(state, string.IsNullOrWhiteSpace(request.Answer) ? null : request.Answer.Trim(), now);
            if (!moved.IsSuccess)
            {
                return moved.Error;
            }

            database.Ledger.Add(LedgerEntry.Write(
                request.Actor, $"referral_{state.Name()}", referral.ReportId, null, new Dictionary<string, string> { ["destination"] = referral.Destination, ["referral"] = referral.Id.ToString() }, now));
            await database.SaveChangesAsync(cancellationToken);
            return ReferralView.Of(referral, catalogue);
        }
    }
}

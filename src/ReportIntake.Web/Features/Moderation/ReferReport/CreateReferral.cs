using FluentValidation;
using MediatR;
using Microsoft.EntityFrameworkCore;
using ReportIntake.Domain;
using ReportIntake.Domain.Custody;
using ReportIntake.Domain.Referrals;
using ReportIntake.Domain.Reports;
using ReportIntake.Domain.Results;
using ReportIntake.Web.Features.Shared.Catalogue;
using ReportIntake.Web.Jobs;
using ReportIntake.Web.Persistence;
using ReportIntake.Web.Pipeline;

namespace ReportIntake.Web.Features.Moderation.ReferReport;

/// <summary>A decided report also goes to another body than the police: <c>POST …/reports/{id}/referrals</c> and the report's page.</summary>
public static class CreateReferral
{
    public sealed record Body(string? Destination, string? Note);

    public sealed record Command(Guid ReportId, Actor Actor, string? Destination, string? Note) : ICommand<Result<ReferralView>>;

    public sealed class Validator : AbstractValidator<Command>
    {
        public Validator(ReferralCatalogue catalogue)
        {
            RuleFor(c => c.Destination).Cascade(CascadeMode.Stop).NotEmpty().WithErrorCode("required").WithMessage("A destination is needed.")
                .Must(d => catalogue.Destination(d) is not null).WithErrorCode("unknown_code").WithMessage("There is no such destination.");
            RuleFor(c => c.Note).MaximumLength(Referral.NoteMaxLength).WithErrorCode("too_long");
        }
    }

    public sealed class Handler(ReportIntakeDbContext database, ReferralCatalogue catalogue, TimeProvider clock) : IRequestHandler<Command, Result<ReferralView>>
    {
        public async Task<Result<ReferralView>> Handle(Command request, CancellationToken cancellationToken)
        {
            var report = await database.Reports.SingleOrDefaultAsync(r => r.Id == request.ReportId, cancellationToken);
            if (report is null)
            {
                return ReportErrors.NotFound;
            }

            var others = await database.Referrals.Where(r => r.ReportId == report.Id && r.Destination == request.Destination).ToListAsync(cancellationToken);
            if (others.Exists(r => r.IsOpen))
            {
                return ReferralErrors.OpenAlready;
            }

            var now = clock.GetUtcNow();
            var created = Referral.Create(report, request.Destination!, string.IsNullOrWhiteSpace(request.Note) ? null : request.Note.Trim(), null, now);
            if (!created.IsSuccess)
            {
                return created.Error;
            }

            database.Referrals.Add(created.Value);
            database.Ledger.Add(LedgerEntry.Write(
                request.Actor, SuggestReferrals.LedgerAction, report.Id, null, new Dictionary<string, string> { ["destination"] = created.Value.Destination, ["referral"] = created.Value.Id.ToString() }, now));
            await database.SaveChangesAsync(cancellationToken);
            return ReferralView.Of(created.Value, catalogue);
        }
    }
}

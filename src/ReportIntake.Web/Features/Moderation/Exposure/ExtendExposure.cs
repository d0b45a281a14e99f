using FluentValidation;
using MediatR;
using Microsoft.EntityFrameworkCore;
using ReportIntake.Domain;
using ReportIntake.Domain.Custody;
using ReportIntake.Domain.Exposure;
using ReportIntake.Domain.Results;
using ReportIntake.Web.Persistence;
using ReportIntake.Web.Pipeline;
using ReportIntake.Web.Security;

namespace ReportIntake.Web.Features.Moderation.Exposure;

/// <summary>
/// A supervisor lets somebody look at more today, for a reason that goes on the ledger: <c>POST …/exposure/{staffId}/override</c>
/// and the page of loads. Never for oneself: a limit that one lifts alone protects nobody.
/// </summary>
public static class ExtendExposure
{
    public const int ReasonMaxLength = 500;

    /// <param name="Reveals">Files more, 1 to <see cref="ExposureDay.MaxGrant"/>.</param>
    public sealed record Command(Actor Actor, Guid StaffId, string? Reason, int Reveals) : ICommand<Result<ExposureLoad>>;

    public sealed class Validator : AbstractValidator<Command>
    {
        public Validator()
        {
            RuleFor(c => c.StaffId).NotEmpty().WithErrorCode("required").WithMessage("Say whose budget.");
            RuleFor(c => c.Reason).NotEmpty().WithErrorCode("required").WithMessage("A reason is needed.").MaximumLength(ReasonMaxLength).WithErrorCode("too_long");
            RuleFor(c => c.Reveals).InclusiveBetween(1, ExposureDay.MaxGrant).WithErrorCode("reveals_out_of_range").WithMessage($"From 1 to {ExposureDay.MaxGrant} files.");
        }
    }

    public sealed class Handler(ReportIntakeDbContext database, ExposureBudget budget, TimeProvider clock) : IRequestHandler<Command, Result<ExposureLoad>>
    {
        public async Task<Result<ExposureLoad>> Handle(Command request, CancellationToken cancellationToken)
        {
            if (request.StaffId == request.Actor.Id)
            {
                return ExposureErrors.OwnBudget;
            }

            if (!await database.Users.AnyAsync(u => u.Id == request.StaffId && u.DeactivatedAt == null, cancellationToken))
            {
                return SecurityErrors.NotFound;
            }

            var now = clock.GetUtcNow();
            var today = await budget.TodayAsync(request.StaffId, now, cancellationToken);
            today.Grant(request.Reveals, now);
            var details = new Dictionary<string, string>
            {
                ["staffId"] = request.StaffId.ToString(),
                ["reveals"] = request.Reveals.ToString(System.Globalization.CultureInfo.InvariantCulture),
                [LedgerEntry.PurposeDetail] = request.Reason!.Trim(),
            };
            database.Ledger.Add(LedgerEntry.Write(request.Actor, "exposure_budget_extended", null, null, details, now));
            await database.SaveChangesAsync(cancellationToken);
            return today.LoadAt(budget.Limits, now);
        }
    }
}

using System.Globalization;
using FluentValidation;
using MediatR;
using Microsoft.EntityFrameworkCore;
using ReportIntake.Domain;
using ReportIntake.Domain.Custody;
using ReportIntake.Domain.Reports;
using ReportIntake.Domain.Results;
using ReportIntake.Web.Persistence;
using ReportIntake.Web.Pipeline;

namespace ReportIntake.Web.Features.Administration.Retention;

/// <summary>
/// Changes how long ended reports are kept, from the next run on and for what is there already. Asked with
/// <c>dryRun</c>, it changes nothing and answers what the next run would purge.
/// </summary>
public static class SetRetention
{
    /// <param name="Periods">States that are not named keep theirs.</param>
    public sealed record Body(IReadOnlyList<Period>? Periods);

    /// <param name="Days">1 to 36,500; null: kept until a period is set.</param>
    public sealed record Period(string? State, int? Days);

    public sealed record Command(IReadOnlyList<Period>? Periods, bool DryRun, Actor By) : ICommand<Result<RetentionPlan>>;

    public sealed class Validator : AbstractValidator<Command>
    {
        public Validator()
        {
            RuleFor(c => c.Periods).Cascade(CascadeMode.Stop)
                .NotEmpty().WithErrorCode("required").WithMessage("At least one period is needed.")
                .Must(periods => periods!.All(p => EnumNames.TryParse<ReportState>(p.State, out var state) && ReportStates.Purgeable.Contains(state)))
                .WithErrorCode("unknown_code").WithMessage($"Periods are of {string.Join(", ", ReportStates.Purgeable.Select(s => s.Name()))}.")
                .Must(periods => periods!.DistinctBy(p => p.State).Count() == periods!.Count)
                .WithErrorCode("state_repeated").WithMessage("A state is named twice.")
                .Must(periods => periods!.All(p => p.Days is null or (>= RetentionPeriod.MinDays and <= RetentionPeriod.MaxDays)))
                .WithErrorCode("retention_days_invalid").WithMessage($"A period has {RetentionPeriod.MinDays} to {RetentionPeriod.MaxDays} days.");
        }
    }

    public sealed class Handler(ReportIntakeDbContext database, TimeProvider clock) : IRequestHandler<Command, Result<RetentionPlan>>
    {
        public async Task<Result<RetentionPlan>> Handle(Command request, CancellationToken cancellationToken)
        {
            var now = clock.GetUtcNow();
            var wanted = request.Periods!.ToDictionary(p => EnumNames.Parse<ReportState>(p.State!), p => p.Days);
            var periods = await Persistence.Retention.PeriodsAsync(database, cancellationToken);
            foreach (var (state, days) in wanted)
            {
                periods[state] = days;
            }

            if (!request.DryRun)
            {
                var set = await database.RetentionPeriods.ToDictionaryAsync(p => p.State, cancellationToken);
                foreach (var (state, days) in wanted)
                {
                    if (set.TryGetValue(state, out var row))
                    {
                        row.Days = days;
                    }
                    else
                    {
                        database.RetentionPeriods.Add(new RetentionPeriod { State = state, Days = days });
                    }
                }

                database.Ledger.Add(LedgerEntry.Write(
                    request.By, "retention_changed", null, null, wanted.ToDictionary(w => w.Key.Name(), w => w.Value?.ToString(CultureInfo.InvariantCulture) ?? "kept"), now));
                await database.SaveChangesAsync(cancellationToken);
            }

            return await RetentionPlan.OfAsync(database, periods, now, cancellationToken);
        }
    }
}

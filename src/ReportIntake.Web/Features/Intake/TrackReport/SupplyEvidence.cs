using FluentValidation;
using MediatR;
using Microsoft.EntityFrameworkCore;
using ReportIntake.Domain.Results;
using ReportIntake.Web.Evidence;
using ReportIntake.Web.Persistence;
using ReportIntake.Web.Pipeline;

namespace ReportIntake.Web.Features.Intake.TrackReport;

/// <summary>More files from the reporter: <c>POST /api/v1/receipt/evidence</c> and the status page.</summary>
public static class SupplyEvidence
{
    public sealed record Command(Guid ReportId, IReadOnlyList<string>? UploadIds) : ICommand<Result>;

    public sealed class Validator : AbstractValidator<Command>
    {
        public Validator() => RuleFor(c => c.UploadIds).NotEmpty().WithErrorCode("required").WithMessage("At least one upload is needed.");
    }

    public sealed class Handler(ReportIntakeDbContext database, EvidenceIntake evidence, TimeProvider clock) : IRequestHandler<Command, Result>
    {
        public async Task<Result> Handle(Command request, CancellationToken cancellationToken)
        {
            var now = clock.GetUtcNow();
            var report = await database.Reports.Include(r => r.Votes).SingleAsync(r => r.Id == request.ReportId, cancellationToken);
            var sent = await database.Evidence.CountAsync(e => e.OriginReportId == report.Id, cancellationToken);
            var uploads = await evidence.FindAsync(request.UploadIds!, sent, cancellationToken);
            if (!uploads.IsSuccess)
            {
                return uploads.Error;
            }

            var canonicalId = report.CanonicalReportId;
            var added = report.AddEvidence(uploads.Value.Count, now);
            if (!added.IsSuccess)
            {
                return added;
            }

            var attached = evidence.Attach(uploads.Value, report, now);
            if (!attached.IsSuccess)
            {
                return attached;
            }

            if (canonicalId is { } canonical)
            {
                await DuplicateEvidence.TakeBackAsync(database, report, canonical, cancellationToken);
            }

            await database.SaveChangesAsync(cancellationToken);
            return Result.Success;
        }
    }
}

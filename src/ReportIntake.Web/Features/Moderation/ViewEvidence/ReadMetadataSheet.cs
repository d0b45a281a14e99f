using FluentValidation;
using MediatR;
using Microsoft.EntityFrameworkCore;
using ReportIntake.Domain;
using ReportIntake.Domain.Evidence;
using ReportIntake.Domain.Results;
using ReportIntake.Web.Evidence;
using ReportIntake.Web.Evidence.Metadata;
using ReportIntake.Web.Persistence;
using ReportIntake.Web.Pipeline;

namespace ReportIntake.Web.Features.Moderation.ViewEvidence;

/// <summary>
/// An evidence custodian reads all that a file says of itself, the place included, for a stated purpose: a custody event.
/// <c>GET …/evidence/{evidenceId}/metadata-sheet?purpose=</c>.
/// </summary>
public static class ReadMetadataSheet
{
    /// <param name="Purpose">As of <see cref="ReadOriginal.Command"/>.</param>
    public sealed record Command(Guid ReportId, Guid EvidenceId, Actor Actor, string? Purpose) : ICommand<Result<MetadataSheet>>;

    public sealed class Validator : AbstractValidator<Command>
    {
        public Validator() => RuleFor(c => c.Purpose).NotEmpty().WithErrorCode("required").WithMessage("A purpose is needed.")
            .MaximumLength(ReadOriginal.PurposeMaxLength).WithErrorCode("too_long");
    }

    public sealed class Handler(ReportIntakeDbContext database, MetadataSheets sheets, TimeProvider clock) : IRequestHandler<Command, Result<MetadataSheet>>
    {
        public async Task<Result<MetadataSheet>> Handle(Command request, CancellationToken cancellationToken)
        {
            var item = await database.Evidence.SingleOrDefaultAsync(e => e.Id == request.EvidenceId && e.ReportId == request.ReportId, cancellationToken);
            if (item is null || await sheets.ReadAsync(item.Id, cancellationToken) is not { } sheet)
            {
                return EvidenceErrors.NotFound;
            }

            database.Ledger.Add(Custody.Entry(request.Actor, "metadata_sheet_read", item, clock.GetUtcNow(), ("purpose", request.Purpose!.Trim())));
            await database.SaveChangesAsync(cancellationToken);
            return sheet;
        }
    }
}

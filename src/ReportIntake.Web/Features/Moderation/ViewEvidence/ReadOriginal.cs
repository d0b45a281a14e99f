using FluentValidation;
using MediatR;
using Microsoft.EntityFrameworkCore;
using ReportIntake.Domain;
using ReportIntake.Domain.Evidence;
using ReportIntake.Domain.Results;
using ReportIntake.Web.Evidence;
using ReportIntake.Web.Evidence.Store;
using ReportIntake.Web.Features.Moderation.Exposure;
using ReportIntake.Web.Persistence;
using ReportIntake.Web.Pipeline;

namespace ReportIntake.Web.Features.Moderation.ViewEvidence;

/// <summary>
/// An evidence custodian takes the original out for a stated purpose: a custody event, kept before the first byte is sent.
/// <c>GET …/evidence/{evidenceId}/original?purpose=</c>.
/// </summary>
public static class ReadOriginal
{
    public const int PurposeMaxLength = 200;

    /// <param name="Purpose">Why, such as a letter's number. It goes into the ledger: never personal data.</param>
    public sealed record Command(Guid ReportId, Guid EvidenceId, Actor Actor, string? Purpose, string? Range) : ICommand<Result<Response>>;

    /// <param name="Name">As the reporter's device called it.</param>
    public sealed record Response(string Name);

    public sealed class Validator : AbstractValidator<Command>
    {
        public Validator() => RuleFor(c => c.Purpose).NotEmpty().WithErrorCode("required").WithMessage("A purpose is needed.")
            .MaximumLength(PurposeMaxLength).WithErrorCode("too_long");
    }

    public sealed class Handler(ReportIntakeDbContext database, IEvidenceStore store, ExposureBudget budget, TimeProvider clock) : IRequestHandler<Command, Result<Response>>
    {
        public async Task<Result<Response>> Handle(Command request, CancellationToken cancellationToken)
        {
            var item = await database.Evidence.SingleOrDefaultAsync(e => e.Id == request.EvidenceId && e.ReportId == request.ReportId, cancellationToken);
            if (item is null || await store.GetStatusAsync(BlobKey.Original(item.Id), cancellationToken) is not { IsComplete: true })
            {
                return EvidenceErrors.NotFound;
            }

            var now = clock.GetUtcNow();
            if (await budget.SpendAsync(request.Actor.Id, item.Id, now, cancellationToken) is { IsSuccess: false } refused)
            {
                return refused.Error;
            }

            (string, string)[] details = request.Range is { } range ? [("purpose", request.Purpose!.Trim()), ("range", range)] : [("purpose", request.Purpose!.Trim())];
            database.Ledger.Add(Custody.Entry(request.Actor, "original_read", item, now, details));
            await database.SaveChangesAsync(cancellationToken);
            return new Response(item.Name);
        }
    }
}

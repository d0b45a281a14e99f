using MediatR;
using Microsoft.EntityFrameworkCore;
using ReportIntake.Domain;
using ReportIntake.Domain.Evidence;
using ReportIntake.Domain.Results;
using ReportIntake.Web.Evidence;
using ReportIntake.Web.Evidence.Store;
using ReportIntake.Web.Features.Moderation.Exposure;
using ReportIntake.Web.Features.Moderation.ReadReport;
using ReportIntake.Web.Persistence;
using ReportIntake.Web.Pipeline;

namespace ReportIntake.Web.Features.Moderation.ViewEvidence;

/// <summary>
/// Somebody looks at the working copy, the thumbnail or the contact sheet: a custody event, kept before the first byte is sent. Never the
/// original, and a known file only by a step that says so: what a list tells need not be looked at. It counts against the person's budget.
/// <c>GET …/evidence/{evidenceId}/working-copy</c>, <c>…/thumbnail</c>, <c>…/contact-sheet</c>.
/// </summary>
public static class ViewCopy
{
    /// <summary>What screening makes every thumbnail and contact sheet of.</summary>
    public const string PictureType = "image/jpeg";

    /// <summary>Value of the parameter <c>reveal</c> by which somebody insists on seeing a known file.</summary>
    public const string RevealKnown = "known";

    public const string KnownText = "A file that is on a hash list is refused (known_file) unless reveal=known insists. Counts against the person's exposure budget of the day: one reveal for each file, and the time until it is hidden; over it 429.";

    /// <param name="Copy">Any but <see cref="BlobKind.Original"/>.</param>
    /// <param name="Range">The part that was asked for, such as <c>0-99</c>; null for the whole.</param>
    public sealed record Command(Guid ReportId, Guid EvidenceId, BlobKind Copy, Actor Actor, string? Range, bool DespiteKnown = false)
        : ICommand<Result<Response>>;

    public sealed record Response(string MediaType);

    public sealed class Handler(ReportIntakeDbContext database, IEvidenceStore store, ExposureBudget budget, TimeProvider clock) : IRequestHandler<Command, Result<Response>>
    {
        public async Task<Result<Response>> Handle(Command request, CancellationToken cancellationToken)
        {
            var item = await database.Evidence.SingleOrDefaultAsync(e => e.Id == request.EvidenceId && e.ReportId == request.ReportId, cancellationToken);
            if (item is null)
            {
                return EvidenceErrors.NotFound;
            }

            var type = request.Copy switch
            {
                _ when !item.IsViewable => null,
                BlobKind.WorkingCopy => item.WorkingCopyType,
                BlobKind.Thumbnail when item.HasThumbnail => PictureType,
                BlobKind.ContactSheet when item.HasContactSheet => PictureType,
                _ => null,
            };
            if (type is null || await store.GetStatusAsync(new BlobKey(item.Id, request.Copy), cancellationToken) is not { IsComplete: true })
            {
                return EvidenceErrors.NotViewable;
            }

            var known = (await KnownFiles.MatchesAsync(database, [item.Id], cancellationToken)).Count > 0;
            if (known && !request.DespiteKnown)
            {
                return EvidenceErrors.KnownFile;
            }

            var now = clock.GetUtcNow();
            if (await budget.SpendAsync(request.Actor.Id, item.Id, now, cancellationToken) is { IsSuccess: false } refused)
            {
                return refused.Error;
            }

            List<(string, string)> details = request.Range is { } range ? [("range", range)] : [];
            if (known)
            {
                details.Add(("known", "true"));
            }

            database.Ledger.Add(Custody.Entry(request.Actor, $"{request.Copy.Name()}_viewed", item, now, [.. details]));
            await database.SaveChangesAsync(cancellationToken);
            return new Response(type);
        }
    }
}

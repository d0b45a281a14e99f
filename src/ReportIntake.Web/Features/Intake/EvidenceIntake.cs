using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using ReportIntake.Domain.Evidence;
using ReportIntake.Domain.Reports;
using ReportIntake.Domain.Results;
using ReportIntake.Domain.Triage;
using ReportIntake.Web.Evidence;
using ReportIntake.Web.Evidence.Store;
using ReportIntake.Web.Features.Intake.UploadEvidence;
using ReportIntake.Web.Jobs;
using ReportIntake.Web.Persistence;
using ReportIntake.Web.Persistence.Outbox;

namespace ReportIntake.Web.Features.Intake;

/// <summary>How uploads become a report's evidence.</summary>
public sealed class EvidenceIntake(ReportIntakeDbContext database, IOptions<EvidenceOptions> options)
{
    /// <summary>The uploads behind these ids. All wrong ones are told at once, by their place in the list.</summary>
    public async Task<Result<IReadOnlyList<EvidenceItem>>> FindAsync(IReadOnlyList<string> uploadIds, int alreadyInReport, CancellationToken cancellationToken)
    {
        if (uploadIds.Count == 0)
        {
            return Result.Of<IReadOnlyList<EvidenceItem>>([]);
        }

        if (uploadIds.Count + alreadyInReport > options.Value.MaxFilesPerReport)
        {
            var tooMany = EvidenceErrors.TooMany(options.Value.MaxFilesPerReport);
            return Error.Validation([new FieldError("uploadIds", tooMany.Code, tooMany.Message) { Arguments = tooMany.Arguments }]);
        }

        var keys = uploadIds.Select(id => UploadId.TryParse(id, out var upload) ? upload.Key() : []).ToList();
        var found = (await database.Evidence.Where(e => keys.Contains(e.UploadKey)).ToListAsync(cancellationToken))
            .ToDictionary(e => Convert.ToHexString(e.UploadKey));
        var items = keys.Select(k => found.GetValueOrDefault(Convert.ToHexString(k))).ToList();
        var wrong = items.Select((item, i) => (Error: Refusal(item, i, items), Field: $"uploadIds[{i}]"))
            .Where(x => x.Error is not null)
            .Select(x => new FieldError(x.Field, x.Error!.Code, x.Error.Message))
            .ToList();
        return wrong.Count > 0 ? Error.Validation(wrong) : Result.Of<IReadOnlyList<EvidenceItem>>(items!);
    }

    /// <summary>Gives the uploads to the report, and to screening once this is committed.</summary>
    public Result Attach(IReadOnlyList<EvidenceItem> uploads, Report report, DateTimeOffset now)
    {
        JobUrgency? ahead = report.EffectiveTier is Tier.Immediate ? JobUrgency.UrgentScreening : null;
        foreach (var item in uploads)
        {
            if (item.AttachTo(report.Id) is { IsSuccess: false } refused)
            {
                return refused;
            }

            database.Jobs.Add(OutboxJob.For<ScreenEvidence, Guid>(item.Id, now, urgency: ahead));
            database.Ledger.Add(Custody.Entry(Domain.Actor.Reporter, "evidence_received", item, now));
        }

        return Result.Success;
    }

    private static Error? Refusal(EvidenceItem? item, int index, List<EvidenceItem?> items) => item switch
    {
        null => EvidenceErrors.UploadNotFound,
        { ReportId: not null } => EvidenceErrors.UploadAlreadyUsed,
        { IsPart: true } => EvidenceErrors.UploadIsPart,
        { State: EvidenceState.Uploading } => EvidenceErrors.UploadIncomplete,
        _ when items.IndexOf(item) != index => EvidenceErrors.UploadAlreadyUsed,
        _ => null,
    };
}

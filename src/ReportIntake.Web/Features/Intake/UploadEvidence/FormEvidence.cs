using Microsoft.Extensions.Localization;
using Microsoft.Extensions.Options;
using ReportIntake.Domain.Evidence;
using ReportIntake.Domain.Results;
using ReportIntake.Web.ErrorHandling;
using ReportIntake.Web.Evidence.Store;

namespace ReportIntake.Web.Features.Intake.UploadEvidence;

/// <summary>A file that has arrived whole: its upload id, the name and the size in bytes.</summary>
public sealed record ArrivedFile(string Id, string Name, long Size);

/// <param name="Refusals">Sentences in the reader's language, each naming its file.</param>
/// <param name="LaterFields"><see cref="ReceivedFiles.LaterFields"/>.</param>
public sealed record FormFiles(IReadOnlyList<ArrivedFile> Files, IReadOnlyList<string> Refusals, IReadOnlyDictionary<string, string> LaterFields);

/// <summary>
/// The files of a page's form, whichever way they came: by the script, which uploads first and sends ids, or with the form
/// itself. Used on a page that has <see cref="StreamedFormAttribute"/>.
/// </summary>
public sealed class FormEvidence(
    MultipartEvidence multipart, Uploads uploads, IOptions<EvidenceOptions> options, ErrorText errors, IStringLocalizer<IntakeTexts> texts)
{
    /// <param name="already">Files that the report has otherwise, counted against the limit.</param>
    public async Task<FormFiles> TakeAsync(HttpContext context, IReadOnlyList<string?> uploadIds, int already, CancellationToken cancellationToken)
    {
        var (files, refusals) = (new List<ArrivedFile>(), new List<string>());
        foreach (var text in uploadIds.Where(t => !string.IsNullOrEmpty(t)).Distinct(StringComparer.Ordinal).Take(options.Value.MaxFilesPerReport + 1))
        {
            var found = already + files.Count >= options.Value.MaxFilesPerReport
                ? EvidenceErrors.TooMany(options.Value.MaxFilesPerReport)
                : await FindAsync(text, cancellationToken);
            if (found.IsSuccess)
            {
                files.Add(found.Value);
            }
            else
            {
                refusals.Add(Say(found.Error.Code, errors.Of(found.Error)));
            }
        }

        var received = await multipart.ReadFilesAsync(context, already + files.Count, cancellationToken);
        foreach (var id in received.Uploads)
        {
            var item = (await uploads.FindAsync(id, cancellationToken)).Value;
            files.Add(new ArrivedFile(id.Text, item.Name, item.Size ?? 0));
        }

        refusals.AddRange(received.Errors.Zip(received.RefusedNames, (error, name) => texts["files.refused", name, Say(error.Code, errors.Of(error))].Value));
        return new FormFiles(files, refusals, received.LaterFields);
    }

    /// <summary>Removes a file that no report has taken; one that is gone already is no trouble.</summary>
    public async Task RemoveAsync(ArrivedFile file, CancellationToken cancellationToken)
    {
        if (UploadId.TryParse(file.Id, out var id) && await uploads.FindAsync(id, cancellationToken) is { IsSuccess: true } found)
        {
            await uploads.RemoveAsync(found.Value);
        }
    }

    private async Task<Result<ArrivedFile>> FindAsync(string? text, CancellationToken cancellationToken)
    {
        if (!UploadId.TryParse(text, out var id))
        {
            return EvidenceErrors.UploadNotFound;
        }

        var found = await uploads.FindAsync(id, cancellationToken);
        if (!found.IsSuccess)
        {
            return found.Error;
        }

        var item = found.Value;
        await uploads.OffsetAsync(item, cancellationToken);
        return item switch
        {
            { ReportId: not null } => EvidenceErrors.UploadAlreadyUsed,
            { IsPart: true } => EvidenceErrors.UploadIsPart,
            { State: EvidenceState.Uploading } => EvidenceErrors.UploadIncomplete,
            _ => new ArrivedFile(text!, item.Name, item.Size ?? 0),
        };
    }

    /// <summary>People read "2 GB", not a number of bytes.</summary>
    private string Say(string code, string message) =>
        code == "file_too_large" ? texts["files.too_large", FileSize.Words(options.Value.MaxFileSize)] : message;
}

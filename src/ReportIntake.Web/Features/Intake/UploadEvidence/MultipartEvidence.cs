using System.Buffers;
using System.Text;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Mvc.Filters;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;
using ReportIntake.Domain.Evidence;
using ReportIntake.Domain.Results;
using ReportIntake.Web.Evidence.Store;

namespace ReportIntake.Web.Features.Intake.UploadEvidence;

/// <summary>What became of the files of a form: uploads to give to the report, and refusals by field. One refused file does not lose the others.</summary>
/// <param name="RefusedNames">Names of the refused files, in the order of <paramref name="Errors"/>: for the sender's eyes, not for a log.</param>
/// <param name="LaterFields">Fields that stood after the first file, such as the button that was pressed; antiforgery and binding have not seen them.</param>
public sealed record ReceivedFiles(
    IReadOnlyList<UploadId> Uploads, IReadOnlyList<FieldError> Errors, IReadOnlyList<string> RefusedNames, IReadOnlyDictionary<string, string> LaterFields);

/// <summary>
/// Reads a <c>multipart/form-data</c> request without script: fields first, then each file straight into the evidence store.
/// No file is buffered, in memory or on disk, where it would rest unencrypted.
/// </summary>
/// <remarks>
/// A browser sends the parts in the order of the page, so the page has its file inputs last: antiforgery token and fields come
/// before the first file. A page uses it like this, and nothing else changes for it:
/// <code>
/// [StreamedForm]                                  // on the PageModel; reads the fields before antiforgery is validated
/// OnPostAsync([FromServices] MultipartEvidence evidence)
///     var files = await evidence.ReadFilesAsync(HttpContext, alreadyUploaded: 0, ct);   // after the fields have been validated
/// </code>
/// Antiforgery, model binding and validation see the fields as the request's form. A refused request's files are never stored.
/// </remarks>
public sealed class MultipartEvidence(Uploads uploads, IOptions<EvidenceOptions> options)
{
    private const int FieldsMaxBytes = 256 * 1024;
    private const int FieldsMaxCount = 500;
    private const int LaterFieldMaxBytes = 1024;

    /// <summary>Reads up to the first file and makes the fields the request's form. False where the request is no multipart form.</summary>
    /// <exception cref="BadHttpRequestException">Malformed, or more than 256 KiB or 500 fields.</exception>
    public static async Task<bool> ReadFieldsAsync(HttpContext context, long maxBodySize, CancellationToken ct)
    {
        if (!MediaTypeHeaderValue.TryParse(context.Request.ContentType, out var type) || !type.MediaType.Equals("multipart/form-data", StringComparison.OrdinalIgnoreCase))
        {
            return false;
        }

        var boundary = HeaderUtilities.RemoveQuotes(type.Boundary).ToString();
        if (boundary.Length is 0 or > 100)
        {
            throw new BadHttpRequestException("The form has no usable boundary.");
        }

        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit)
        {
            limit.MaxRequestBodySize = maxBodySize;
        }

        var pending = new PendingFiles(new MultipartReader(boundary, context.Request.Body));
        var fields = new Dictionary<string, StringValues>(StringComparer.OrdinalIgnoreCase);
        var (bytes, count) = (0, 0);
        while (await NextAsync(pending, ct) is { } section)
        {
            if (IsFile(section, out var disposition))
            {
                break;
            }

            // A file input without a choice comes as a part with an empty file name.
            var value = await ReadFieldAsync(section, FieldsMaxBytes - bytes, ct);
            var name = HeaderUtilities.RemoveQuotes(disposition?.Name ?? default).ToString();
            (bytes, count) = (bytes + Encoding.UTF8.GetByteCount(value) + name.Length, count + 1);
            if (bytes > FieldsMaxBytes || count > FieldsMaxCount)
            {
                throw new BadHttpRequestException("The form's fields are too large.", StatusCodes.Status413PayloadTooLarge);
            }

            if (disposition is { FileName.HasValue: false } && name.Length > 0)
            {
                fields[name] = fields.TryGetValue(name, out var earlier) ? StringValues.Concat(earlier, value) : value;
            }
        }

        context.Request.Form = new FormCollection(fields);
        context.Features.Set(pending);
        return true;
    }

    /// <summary>Takes the files that follow the fields. An upload without trouble is complete and waits for its report.</summary>
    /// <param name="alreadyUploaded">Files the report has otherwise, counted against the limit.</param>
    /// <remarks>Errors name the file input's field, with the codes of <see cref="EvidenceErrors"/>; a full disk is an error of the field too.</remarks>
    public async Task<ReceivedFiles> ReadFilesAsync(HttpContext context, int alreadyUploaded, CancellationToken ct)
    {
        var received = new List<UploadId>();
        var errors = new List<FieldError>();
        var refused = new List<string>();
        var later = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        if (context.Features.Get<PendingFiles>() is not { } pending)
        {
            return new ReceivedFiles(received, errors, refused, later);
        }

        context.Features.Set<PendingFiles>(null);
        for (var section = pending.Current; section is not null; section = await NextAsync(pending, ct))
        {
            if (!IsFile(section, out var disposition))
            {
                var value = await ReadFieldAsync(section, LaterFieldMaxBytes, ct);
                if (disposition is { FileName.HasValue: false } && later.Count < FieldsMaxCount)
                {
                    later[HeaderUtilities.RemoveQuotes(disposition.Name).ToString()] = value;
                }

                continue;
            }

            var field = HeaderUtilities.RemoveQuotes(disposition!.Name).ToString();
            var result = alreadyUploaded + received.Count >= options.Value.MaxFilesPerReport
                ? EvidenceErrors.TooMany(options.Value.MaxFilesPerReport)
                : await ReceiveAsync(section, disposition, ct);
            if (result.IsSuccess)
            {
                received.Add(result.Value);
            }
            else
            {
                // The rest of the file is read past, so that the browser gets an answer instead of a reset connection.
                errors.Add(new FieldError(field, result.Error.Code, result.Error.Message) { Arguments = result.Error.Arguments });
                refused.Add(NameOf(disposition));
            }
        }

        return new ReceivedFiles(received, errors, refused, later);
    }

    private async Task<Result<UploadId>> ReceiveAsync(MultipartSection section, ContentDispositionHeaderValue disposition, CancellationToken ct)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(64 * 1024);
        try
        {
            var read = await section.Body.ReadAsync(buffer, ct);
            if (read == 0)
            {
                return EvidenceErrors.EmptyFile;
            }

            var mediaType = section.ContentType?.ToLowerInvariant() is { } told && TusProtocol.IsMediaType(told) ? told : TusProtocol.DefaultMediaType;
            if (!MayBeMedia(mediaType, NameOf(disposition)))
            {
                return EvidenceErrors.UnsupportedMediaType;
            }

            var begun = await uploads.BeginWithBytesAsync(new NewUpload(NameOf(disposition), mediaType, Size: null), ct);
            if (!begun.IsSuccess)
            {
                return begun.Error;
            }

            var (id, item, blob) = begun.Value;
            Result outcome;
            await using (blob)
            {
                outcome = await TryCopyAsync(section.Body, item, blob, buffer, read, ct);
            }

            if (outcome.IsSuccess)
            {
                return id;
            }

            await uploads.RemoveAsync(item);
            return outcome.Error;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer, clearArray: true);
        }
    }

    /// <summary>A store that is away is the file's trouble, not the form's: what was typed comes back with the reason.</summary>
    private async Task<Result> TryCopyAsync(Stream body, EvidenceItem item, IBlobAppender blob, byte[] buffer, int read, CancellationToken ct)
    {
        try
        {
            return await CopyAsync(body, item, blob, buffer, read, ct);
        }
        catch (EvidenceStoreUnavailableException)
        {
            return EvidenceErrors.StorageUnavailable;
        }
    }

    private async Task<Result> CopyAsync(Stream body, EvidenceItem item, IBlobAppender blob, byte[] buffer, int read, CancellationToken ct)
    {
        for (; read > 0; read = await body.ReadAsync(buffer, ct))
        {
            if (blob.Length + read > uploads.LimitOf(item))
            {
                return EvidenceErrors.TooLarge(uploads.LimitOf(item));
            }

            if (await blob.AppendAsync(new ReadOnlySequence<byte>(buffer, 0, read)) is { IsSuccess: false } full)
            {
                return full;
            }
        }

        var declared = uploads.DeclareSize(item, blob.Length);
        return declared.IsSuccess ? await uploads.KeepAsync(item, blob) : declared;
    }

    private static bool IsFile(MultipartSection section, out ContentDispositionHeaderValue? disposition) =>
        ContentDispositionHeaderValue.TryParse(section.ContentDisposition, out disposition) && disposition.IsFileDisposition()
        && (disposition.FileNameStar.Length > 0 || HeaderUtilities.RemoveQuotes(disposition.FileName).Length > 0);

    /// <summary>A mistake in choosing, told at once; what a file really is, screening finds out.</summary>
    private static bool MayBeMedia(string mediaType, string name) =>
        AcceptedMedia.Find(mediaType) is not null
        || (mediaType == TusProtocol.DefaultMediaType && !name.Contains('.', StringComparison.Ordinal))
        || AcceptedMedia.All.Any(t => t.Extensions.Any(e => name.EndsWith(e, StringComparison.OrdinalIgnoreCase)));

    /// <summary>The file's name, safe to show.</summary>
    internal static string NameOf(ContentDispositionHeaderValue disposition) =>
        TusProtocol.CleanName((disposition.FileNameStar.HasValue ? disposition.FileNameStar : HeaderUtilities.RemoveQuotes(disposition.FileName)).ToString());

    private static async Task<string> ReadFieldAsync(MultipartSection section, int maxBytes, CancellationToken ct)
    {
        using var value = new MemoryStream();
        var buffer = ArrayPool<byte>.Shared.Rent(4096);
        try
        {
            while (await section.Body.ReadAsync(buffer, ct) is var read and > 0)
            {
                if (value.Length + read > maxBytes)
                {
                    throw new BadHttpRequestException("The form's fields are too large.", StatusCodes.Status413PayloadTooLarge);
                }

                value.Write(buffer, 0, read);
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer, clearArray: true);
        }

        return Encoding.UTF8.GetString(value.GetBuffer(), 0, (int)value.Length);
    }

    private static async Task<MultipartSection?> NextAsync(PendingFiles pending, CancellationToken ct)
    {
        try
        {
            return pending.Current = await pending.Reader.ReadNextSectionAsync(ct);
        }
        catch (Exception e) when (e is InvalidDataException or (IOException and not BadHttpRequestException))
        {
            throw new BadHttpRequestException("The form is malformed or was cut short.", e);
        }
    }

    /// <summary>The form as far as it has been read: <see cref="Current"/> is the first file, or null at the end.</summary>
    private sealed class PendingFiles(MultipartReader reader)
    {
        public MultipartReader Reader => reader;

        public MultipartSection? Current { get; set; }
    }
}

/// <summary>
/// Put on a page whose form has files: reads the form's fields, and no file, before antiforgery is validated and the model is bound. The
/// handler then takes the files with <see cref="MultipartEvidence.ReadFilesAsync"/>.
/// </summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class StreamedFormAttribute : Attribute, IAsyncAuthorizationFilter, IOrderedFilter
{
    /// <summary>Before the framework's antiforgery filter (1000) and its request size filters (900).</summary>
    public int Order => 500;

    public async Task OnAuthorizationAsync(AuthorizationFilterContext context)
    {
        var limits = context.HttpContext.RequestServices.GetRequiredService<IOptions<EvidenceOptions>>().Value;
        var files = (double)limits.MaxFileSize * limits.MaxFilesPerReport;
        await MultipartEvidence.ReadFieldsAsync(context.HttpContext, (long)Math.Min(files + (1024 * 1024), long.MaxValue / 2), context.HttpContext.RequestAborted);
    }
}

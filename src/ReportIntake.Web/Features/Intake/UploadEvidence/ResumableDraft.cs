using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;
using Microsoft.Net.Http.Headers;
using ReportIntake.Domain.Evidence;
using ReportIntake.Domain.Results;
using ReportIntake.Web.ErrorHandling;
using ReportIntake.Web.Evidence.Store;
using IHttpResult = Microsoft.AspNetCore.Http.IResult;

namespace ReportIntake.Web.Features.Intake.UploadEvidence;

/// <summary>
/// Resumable uploads as the IETF drafts them (draft-ietf-httpbis-resumable-upload, interop version 8), at the routes and over the uploads of
/// <see cref="TusEndpoints"/>: an upload begun in one of the two may go on in the other.
/// </summary>
/// <remarks>
/// The interim response 104 goes out over HTTP/1.1 only: Kestrel has no call for interim responses, so it is written to the connection
/// itself, which the frames of HTTP/2 forbid. There a sender learns the address from the final response. Interim responses that tell the
/// progress are not sent.
/// </remarks>
public sealed class ResumableDraft(Uploads uploads, ReceiveBytes receive, UploadTurns turns, IOptions<EvidenceOptions> options, ErrorText texts, TimeProvider clock)
{
    public const string LimitHeader = "Upload-Limit";

    private const string InteropVersion = "8";
    private const string InteropHeader = "Upload-Draft-Interop-Version";
    private const string PartialUpload = "application/partial-upload";
    private const string ProblemTypes = "https://iana.org/assignments/http-problem-types#";

    /// <summary>True where the request is of this protocol and not of tus.</summary>
    public static bool IsSpoken(HttpRequest request) =>
        !HttpMethods.IsOptions(request.Method) && !request.Headers.ContainsKey("Tus-Resumable") && request.Headers[InteropHeader] == InteropVersion;

    /// <summary>The limits before an upload is begun.</summary>
    public static string LimitOf(EvidenceOptions options) => string.Create(CultureInfo.InvariantCulture, $"max-size={options.MaxFileSize}");

    /// <param name="context">A request for which <see cref="IsSpoken"/> is true.</param>
    /// <param name="uploadId">From the route; null for the collection.</param>
    public async Task<IHttpResult> AnswerAsync(HttpContext context, string? uploadId)
    {
        context.Response.Headers.CacheControl = "no-store";
        context.Response.Headers[LimitHeader] = LimitOf(options.Value);
        if (uploadId is null)
        {
            return await CreateAsync(context);
        }

        if (!UploadId.TryParse(uploadId, out var id))
        {
            return Refuse(context, EvidenceErrors.UploadNotFound);
        }

        using var turn = await turns.TakeAsync(id, context.RequestAborted);
        var found = await uploads.FindAsync(id, context.RequestAborted);
        return found.IsSuccess
            ? context.Request.Method switch
            {
                "HEAD" => await LookAsync(context, found.Value),
                "PATCH" => await AppendAsync(context, id, found.Value, turn),
                "DELETE" => (await uploads.RemoveAsync(found.Value)).ToHttp(),
                _ => TypedResults.StatusCode(StatusCodes.Status405MethodNotAllowed),
            }
            : Refuse(context, found.Error);
    }

    private async Task<IHttpResult> CreateAsync(HttpContext context)
    {
        var (headers, content) = (context.Request.Headers, context.Request.ContentLength);
        if (Flag(headers["Upload-Complete"]) is not { } ends)
        {
            return Refuse(context, UploadErrors.Completeness);
        }

        var length = Number(headers["Upload-Length"]);
        if (ends && (length ?? content) != (content ?? length))
        {
            return Refuse(context, UploadErrors.LengthInconsistent);
        }

        var size = ends ? length ?? content : length;
        if (content > size)
        {
            return Refuse(context, UploadErrors.LengthExceeded);
        }

        var begun = await uploads.BeginAsync(new NewUpload(NameOf(headers), TypeOf(context.Request), size), context.RequestAborted);
        if (!begun.IsSuccess)
        {
            return Refuse(context, begun.Error);
        }

        var (id, item) = begun.Value;
        if (content is 0)
        {
            return Accepted(context, id, item, 0);
        }

        using var turn = await turns.TakeAsync(id, context.RequestAborted);
        var announced = await AnnounceAsync(context, id, item);
        var received = await ReceiveAsync(context, item, 0, ends, turn);
        if (received.IsSuccess)
        {
            return Accepted(context, id, item, received.Value);
        }

        // Whoever knows the address may go on when there is room, or when the newer request wants it so.
        if (!announced || (received.Error != EvidenceErrors.StorageFull && received.Error != EvidenceErrors.StorageUnavailable && received.Error != UploadErrors.Superseded))
        {
            await uploads.RemoveAsync(item);
        }

        return Refuse(context, received.Error);
    }

    private async Task<IHttpResult> LookAsync(HttpContext context, EvidenceItem item)
    {
        Tell(context, item, await uploads.OffsetAsync(item, context.RequestAborted));
        if (item.Size is { } size)
        {
            context.Response.Headers["Upload-Length"] = size.ToString(CultureInfo.InvariantCulture);
        }

        return TypedResults.NoContent();
    }

    private async Task<IHttpResult> AppendAsync(HttpContext context, UploadId id, EvidenceItem item, UploadTurns.Turn turn)
    {
        var (headers, content) = (context.Request.Headers, context.Request.ContentLength);
        if (context.Request.ContentType != PartialUpload)
        {
            return Refuse(context, UploadErrors.ContentType);
        }

        if (Flag(headers["Upload-Complete"]) is not { } ends || Number(headers["Upload-Offset"]) is not { } offset)
        {
            return Refuse(context, headers.ContainsKey("Upload-Complete") ? UploadErrors.Offset : UploadErrors.Completeness);
        }

        var stands = await uploads.OffsetAsync(item, context.RequestAborted);
        if (stands != offset)
        {
            return Mismatch(context, stands, offset);
        }

        var (length, reach) = (Number(headers["Upload-Length"]), ends ? offset + content : null);
        if (item.State is EvidenceState.Uploading)
        {
            if ((reach ?? length) != (length ?? reach) || (ends && reach < item.Size))
            {
                return Refuse(context, UploadErrors.LengthInconsistent);
            }

            if ((length ?? (item.Size is null ? reach : null)) is { } told && uploads.DeclareSize(item, told) is { IsSuccess: false } wrong)
            {
                return Refuse(context, wrong.Error == EvidenceErrors.SizeAlreadyDeclared ? UploadErrors.LengthInconsistent : wrong.Error!);
            }
        }

        var received = await ReceiveAsync(context, item, offset, ends, turn);
        if (received.IsSuccess)
        {
            return Accepted(context, id, item, received.Value);
        }

        if (received.Error == UploadErrors.LengthExceeded && item.State is EvidenceState.Uploading)
        {
            await uploads.RemoveAsync(item); // as the draft has it: nobody knows any more what the sender means to send
        }

        return Refuse(context, received.Error);
    }

    private Task<Result<long>> ReceiveAsync(HttpContext context, EvidenceItem item, long offset, bool ends, UploadTurns.Turn turn)
    {
        var meaning = ends ? BodyMeaning.EndsHere : BodyMeaning.MoreComes;
        return receive.AppendAsync(item, offset, context, checksum: null, meaning, turn.Stop);
    }

    /// <summary>The answer to a whole upload is the same whichever request brought the last byte, and if it is asked for again.</summary>
    private IHttpResult Accepted(HttpContext context, UploadId id, EvidenceItem item, long offset)
    {
        Tell(context, item, offset);
        if (item.Sha256 is { } hash)
        {
            context.Response.Headers["Repr-Digest"] = $"sha-256=:{Convert.ToBase64String(hash)}:";
        }

        return item.State is EvidenceState.Uploading && HttpMethods.IsPatch(context.Request.Method)
            ? TypedResults.NoContent()
            : TypedResults.Created(Address(context, id));
    }

    private void Tell(HttpContext context, EvidenceItem item, long offset)
    {
        var headers = context.Response.Headers;
        headers["Upload-Offset"] = offset.ToString(CultureInfo.InvariantCulture);
        headers["Upload-Complete"] = item.State is EvidenceState.Uploading ? "?0" : "?1";
        headers[LimitHeader] = LimitOf(item);
    }

    private string LimitOf(EvidenceItem item) =>
        string.Create(CultureInfo.InvariantCulture, $"{LimitOf(options.Value)}, max-age={Math.Max(0, (long)(item.ExpiresAt - clock.GetUtcNow()).TotalSeconds)}");

    /// <summary>The interim response with the upload's address, so that even a first request can be gone on with.</summary>
    private async Task<bool> AnnounceAsync(HttpContext context, UploadId id, EvidenceItem item)
    {
        if (!HttpProtocol.IsHttp11(context.Request.Protocol) || context.Features.Get<IConnectionTransportFeature>() is not { } connection)
        {
            return false;
        }

        // Nothing else is written to the connection until this request's body is read or its response begins.
        var interim = $"HTTP/1.1 104 Upload Resumption Supported\r\n{InteropHeader}: {InteropVersion}\r\nLocation: {Address(context, id)}\r\n{LimitHeader}: {LimitOf(item)}\r\n\r\n";
        await connection.Transport.Output.WriteAsync(Encoding.ASCII.GetBytes(interim), context.RequestAborted);
        return true;
    }

    private ProblemHttpResult Mismatch(HttpContext context, long expected, long provided)
    {
        var problem = Problems.Of(UploadErrors.OffsetMismatch, texts);
        problem.Type = ProblemTypes + "mismatching-upload-offset";
        (problem.Extensions["expected-offset"], problem.Extensions["provided-offset"]) = (expected, provided);
        context.Response.Headers["Upload-Complete"] = "?0";
        context.Response.Headers["Upload-Offset"] = expected.ToString(CultureInfo.InvariantCulture);
        return TypedResults.Problem(problem);
    }

    private IHttpResult Refuse(HttpContext context, Error error)
    {
        context.Response.Headers["Upload-Complete"] = "?0";
        if (error != UploadErrors.LengthInconsistent)
        {
            return error.ToProblem();
        }

        var problem = Problems.Of(error, texts);
        problem.Type = ProblemTypes + "inconsistent-upload-length";
        return TypedResults.Problem(problem);
    }

    private static string Address(HttpContext context, UploadId id) => $"{context.Request.PathBase.ToUriComponent()}{TusProtocol.Root}/{id.Text}";

    private static string NameOf(IHeaderDictionary headers) =>
        ContentDispositionHeaderValue.TryParse(headers.ContentDisposition.ToString(), out var disposition) ? MultipartEvidence.NameOf(disposition) : "";

    private static string TypeOf(HttpRequest request) =>
        MediaTypeHeaderValue.TryParse(request.ContentType, out var type) && type.MediaType.ToString().ToLowerInvariant() is var essence && TusProtocol.IsMediaType(essence)
            ? essence
            : TusProtocol.DefaultMediaType;

    // RFC 9651: an Item may carry parameters, and a value of another type counts as no field at all.
    private static long? Number(string? field) => TusProtocol.TryParseBytes(ValueOf(field), out var number) ? number : null;

    private static bool? Flag(string? field) => ValueOf(field) switch
    {
        "?1" => true,
        "?0" => false,
        _ => null,
    };

    private static string? ValueOf(string? field) => field?.Split(';')[0].Trim();
}

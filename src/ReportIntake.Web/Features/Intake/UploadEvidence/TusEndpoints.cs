using System.Globalization;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Options;
using ReportIntake.Domain.Evidence;
using ReportIntake.Domain.Results;
using ReportIntake.Web.ErrorHandling;
using ReportIntake.Web.Evidence.Store;
using ReportIntake.Web.RateLimiting;
using IHttpResult = Microsoft.AspNetCore.Http.IResult;

namespace ReportIntake.Web.Features.Intake.UploadEvidence;

/// <summary>
/// tus 1.0.0 by hand: creation (with upload, with deferred length), termination, checksum, expiration, concatenation. A sender may be cut
/// off at any byte and goes on where the server says it stands. Who speaks the draft of the IETF instead is answered by <see cref="ResumableDraft"/>.
/// </summary>
public static class TusEndpoints
{
    public static IServiceCollection AddUploads(this IServiceCollection services) => services
        .AddSingleton<UploadTurns>()
        .AddSingleton<UploadRows>()
        .AddScoped<Uploads>()
        .AddScoped<ReceiveBytes>()
        .AddScoped<JoinParts>()
        .AddScoped<ResumableDraft>()
        .AddScoped<MultipartEvidence>();

    public static RouteGroupBuilder MapUploads(this IEndpointRouteBuilder routes)
    {
        var uploads = routes.MapGroup(TusProtocol.Root).WithTags("Uploads").AllowAnonymous().AddEndpointFilter(SpeakTusAsync).WithMetadata(new DisableRequestSizeLimitAttribute());
        uploads.MapMethods("", [HttpMethods.Options], Capabilities).WithName("UploadCapabilities").WithSummary("What the server speaks of tus 1.0.0 and of the IETF's draft, and its limits.").Produces(StatusCodes.Status204NoContent);
        uploads.MapPost("", CreateAsync).WithName("CreateUpload").WithSummary("Begin an upload; its address, in Location, is a secret that opens it.")
            .Produces(StatusCodes.Status201Created).Refuses(400, 404, 409, 410, 412, 413, 460, 507).RequireRateLimiting(RateLimits.Uploads);
        uploads.MapMethods("{uploadId}", [HttpMethods.Options], Capabilities).WithName("UploadCapabilitiesOfOne").WithSummary("What the server speaks of tus 1.0.0 and of the IETF's draft, and its limits.").Produces(StatusCodes.Status204NoContent);
        uploads.MapMethods("{uploadId}", [HttpMethods.Head], LookAsync).WithName("UploadOffset").WithSummary("How far the upload is, in Upload-Offset.").Produces(StatusCodes.Status200OK).Refuses(404, 410, 412);
        uploads.MapMethods("{uploadId}", [HttpMethods.Patch], AppendAsync).WithName("AppendToUpload").WithSummary("Send more bytes, from the offset on.")
            .Produces(StatusCodes.Status204NoContent).Refuses(400, 403, 404, 409, 410, 412, 413, 415, 460, 507);
        uploads.MapDelete("{uploadId}", RemoveAsync).WithName("RemoveUpload").WithSummary("Remove an upload that no report has taken.").Produces(StatusCodes.Status204NoContent).Refuses(404, 409, 410, 412);
        uploads.MapPost("{uploadId}", OverrideAsync).WithName("OverrideUploadMethod").WithSummary("Another method, for networks that let only GET and POST through.").Produces(StatusCodes.Status204NoContent).Refuses(404, 405);
        return uploads;
    }

    private static RouteHandlerBuilder Refuses(this RouteHandlerBuilder route, params ReadOnlySpan<int> statuses)
    {
        foreach (var status in statuses)
        {
            route.ProducesProblem(status);
        }

        return route;
    }

    private static async ValueTask<object?> SpeakTusAsync(EndpointFilterInvocationContext invocation, EndpointFilterDelegate next)
    {
        var context = invocation.HttpContext;
        if (ResumableDraft.IsSpoken(context.Request))
        {
            return await context.RequestServices.GetRequiredService<ResumableDraft>().AnswerAsync(context, context.GetRouteValue("uploadId") as string);
        }

        context.Response.Headers["Tus-Resumable"] = TusProtocol.Version;
        context.Response.Headers.CacheControl = "no-store";
        if (!HttpMethods.IsOptions(context.Request.Method) && context.Request.Headers["Tus-Resumable"] != TusProtocol.Version)
        {
            context.Response.Headers["Tus-Version"] = TusProtocol.Version;
            return UploadErrors.VersionNotSupported.ToProblem();
        }

        return await next(invocation);
    }

    private static NoContent Capabilities(HttpContext context, IOptions<EvidenceOptions> options)
    {
        var headers = context.Response.Headers;
        headers["Tus-Version"] = TusProtocol.Version;
        headers["Tus-Extension"] = TusProtocol.Extensions;
        headers["Tus-Checksum-Algorithm"] = TusProtocol.ChecksumAlgorithms;
        headers["Tus-Max-Size"] = options.Value.MaxFileSize.ToString(CultureInfo.InvariantCulture);
        headers[ResumableDraft.LimitHeader] = ResumableDraft.LimitOf(options.Value);
        return TypedResults.NoContent();
    }

    private static async Task<IHttpResult> CreateAsync(HttpContext context, Uploads uploads, ReceiveBytes receive, JoinParts join, CancellationToken ct)
    {
        var headers = context.Request.Headers;
        var concatenation = TusProtocol.Concat(headers);
        var metadata = TusProtocol.Metadata(headers["Upload-Metadata"]);
        if ((concatenation.Error ?? metadata.Error) is { } malformed)
        {
            return malformed.ToProblem();
        }

        var upload = new NewUpload(metadata.Value.Name, metadata.Value.MediaType, Size: null)
        {
            Metadata = headers["Upload-Metadata"],
            Concatenation = concatenation.Value?.Text,
        };
        if (concatenation.Value is { IsPart: false } whole)
        {
            return context.Request.ContentLength > 0
                ? UploadErrors.Concatenation.ToProblem()
                : (await join.JoinAsync(upload, whole.Parts, ct)).ToHttp(joined => Begun(context, joined.Id, joined.Item, joined.Item.Size));
        }

        var length = TusProtocol.AnnouncedLength(headers);
        return length.IsSuccess ? await BeginAsync(context, upload with { Size = length.Value }, uploads, receive, ct) : length.Error.ToProblem();
    }

    private static async Task<IHttpResult> BeginAsync(HttpContext context, NewUpload upload, Uploads uploads, ReceiveBytes receive, CancellationToken ct)
    {
        var checksum = TusProtocol.Checksum(context.Request.Headers["Upload-Checksum"]);
        if (!checksum.IsSuccess)
        {
            return checksum.Error.ToProblem();
        }

        using var sum = checksum.Value;
        var withBody = context.Request.ContentLength is not 0 && context.Request.ContentType == TusProtocol.OffsetStream;
        if (withBody && context.Request.ContentLength > upload.Size)
        {
            return UploadErrors.LengthExceeded.ToProblem();
        }

        if (!withBody)
        {
            return (await uploads.BeginAsync(upload, ct)).ToHttp(begun => Begun(context, begun.Id, begun.Item, offset: null));
        }

        var created = await uploads.BeginWithBytesAsync(upload, ct);
        if (!created.IsSuccess)
        {
            return created.Error.ToProblem();
        }

        var (id, item, blob) = created.Value;
        Result<long> received;
        await using (blob)
        {
            received = await receive.FillAsync(item, blob, context, sum, BodyMeaning.WholeAtLength, CancellationToken.None);
        }

        if (received.IsSuccess)
        {
            return Begun(context, id, item, received.Value);
        }

        // The sender has not learned the upload's address, so nobody could go on with it.
        await uploads.RemoveAsync(item);
        return Refuse(context, received.Error);
    }

    private static Created Begun(HttpContext context, UploadId id, EvidenceItem item, long? offset)
    {
        if (offset is { } stands)
        {
            Tell(context, stands);
        }

        Tell(context, item);
        return TypedResults.Created($"{context.Request.PathBase}{TusProtocol.Root}/{id.Text}");
    }

    private static async Task<IHttpResult> LookAsync(string uploadId, HttpContext context, Uploads uploads, UploadTurns turns, CancellationToken ct)
    {
        if (!UploadId.TryParse(uploadId, out var id))
        {
            return EvidenceErrors.UploadNotFound.ToProblem();
        }

        using var turn = await turns.TakeAsync(id, ct);
        var found = await uploads.FindAsync(id, ct);
        if (!found.IsSuccess)
        {
            return found.Error.ToProblem();
        }

        var item = found.Value;
        Tell(context, await uploads.OffsetAsync(item, ct));
        Tell(context, item);
        if (item.Size is { } size)
        {
            context.Response.Headers["Upload-Length"] = size.ToString(CultureInfo.InvariantCulture);
        }
        else
        {
            context.Response.Headers["Upload-Defer-Length"] = "1";
        }

        if (item.Concatenation is { } concatenation)
        {
            context.Response.Headers["Upload-Concat"] = concatenation;
        }

        context.Response.Headers["Upload-Metadata"] = TusProtocol.FormatMetadata(item);
        return TypedResults.Ok();
    }

    private static async Task<IHttpResult> AppendAsync(string uploadId, HttpContext context, Uploads uploads, ReceiveBytes receive, UploadTurns turns, CancellationToken ct)
    {
        var headers = context.Request.Headers;
        if (context.Request.ContentType != TusProtocol.OffsetStream)
        {
            return UploadErrors.ContentType.ToProblem();
        }

        var checksum = TusProtocol.Checksum(headers["Upload-Checksum"]);
        if (!TusProtocol.TryParseBytes(headers["Upload-Offset"], out var offset) || !checksum.IsSuccess)
        {
            return (checksum.Error ?? UploadErrors.Offset).ToProblem();
        }

        using var sum = checksum.Value;
        if (!UploadId.TryParse(uploadId, out var id))
        {
            return EvidenceErrors.UploadNotFound.ToProblem();
        }

        using var turn = await turns.TakeAsync(id, ct);
        var found = await uploads.FindAsync(id, ct);
        if (!found.IsSuccess)
        {
            return found.Error.ToProblem();
        }

        var item = found.Value;
        if (item.IsJoined)
        {
            return UploadErrors.Final.ToProblem();
        }

        if (headers.TryGetValue("Upload-Length", out var told))
        {
            var declared = TusProtocol.TryParseBytes(told, out var size) ? uploads.DeclareSize(item, size) : UploadErrors.Length;
            if (!declared.IsSuccess)
            {
                return declared.Error.ToProblem();
            }
        }

        var received = await receive.AppendAsync(item, offset, context, sum, BodyMeaning.WholeAtLength, turn.Stop);
        if (!received.IsSuccess)
        {
            return Refuse(context, received.Error);
        }

        Tell(context, received.Value);
        Tell(context, item);
        return TypedResults.NoContent();
    }

    private static async Task<IHttpResult> RemoveAsync(string uploadId, Uploads uploads, UploadTurns turns, CancellationToken ct)
    {
        if (!UploadId.TryParse(uploadId, out var id))
        {
            return EvidenceErrors.UploadNotFound.ToProblem();
        }

        using var turn = await turns.TakeAsync(id, ct);
        var found = await uploads.FindAsync(id, ct);
        return found.IsSuccess ? (await uploads.RemoveAsync(found.Value)).ToHttp() : found.Error.ToProblem();
    }

    /// <summary>For networks that let only GET and POST through.</summary>
    private static Task<IHttpResult> OverrideAsync(string uploadId, HttpContext context, Uploads uploads, ReceiveBytes receive, UploadTurns turns, IOptions<EvidenceOptions> options, CancellationToken ct) =>
        context.Request.Headers["X-HTTP-Method-Override"].ToString().ToUpperInvariant() switch
        {
            "PATCH" => AppendAsync(uploadId, context, uploads, receive, turns, ct),
            "DELETE" => RemoveAsync(uploadId, uploads, turns, ct),
            "HEAD" => LookAsync(uploadId, context, uploads, turns, ct),
            "OPTIONS" => Task.FromResult<IHttpResult>(Capabilities(context, options)),
            _ => Task.FromResult<IHttpResult>(TypedResults.StatusCode(StatusCodes.Status405MethodNotAllowed)),
        };

    private static void Tell(HttpContext context, long offset) =>
        context.Response.Headers["Upload-Offset"] = offset.ToString(CultureInfo.InvariantCulture);

    private static void Tell(HttpContext context, EvidenceItem item) =>
        context.Response.Headers["Upload-Expires"] = item.ExpiresAt.ToString("R", CultureInfo.InvariantCulture);

    private static IHttpResult Refuse(HttpContext context, Error error)
    {
        if (error != UploadErrors.ChecksumMismatch)
        {
            return error.ToProblem();
        }

        var problem = Problems.Of(error, context.RequestServices.GetRequiredService<ErrorText>());
        problem.Status = TusProtocol.ChecksumMismatchStatus;
        return TypedResults.Problem(problem);
    }
}

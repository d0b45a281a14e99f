using System.IO.Pipelines;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;
using ReportIntake.Domain.Evidence;
using ReportIntake.Domain.Results;
using ReportIntake.Web.Evidence.Store;

namespace ReportIntake.Web.Features.Intake.UploadEvidence;

/// <summary>What the end of a request's body means to its upload.</summary>
internal enum BodyMeaning
{
    /// <summary>tus: the upload is whole when it has its length.</summary>
    WholeAtLength,

    /// <summary>The draft of the IETF, <c>Upload-Complete: ?0</c>: more will come, even if only word that this was all.</summary>
    MoreComes,

    /// <summary>The draft of the IETF, <c>Upload-Complete: ?1</c>: the upload ends where this body does.</summary>
    EndsHere,
}

/// <summary>Takes the body of one request into an upload. Whatever ends it early, what came is kept and durable before anybody is told of it.</summary>
public sealed class ReceiveBytes(Uploads uploads, TimeProvider clock)
{
    /// <summary>How much sending a power cut may cost in the middle of one long request.</summary>
    private static readonly TimeSpan CommitInterval = TimeSpan.FromSeconds(5);

    /// <summary>A phone at the edge of a network is slow, not hostile; a silent connection still ends.</summary>
    private static readonly MinDataRate SlowPhone = new(bytesPerSecond: 100, gracePeriod: TimeSpan.FromMinutes(1));

    private enum BodyEnd
    {
        Whole,
        Dropped,
        Superseded,
        Exceeded,
        Refused,
    }

    /// <param name="item">The upload; its length, if it was told with this request, already declared.</param>
    /// <param name="offset">Where the sender believes the upload stands.</param>
    /// <param name="context">The request; its body is read as it comes, and nothing is buffered for its size.</param>
    /// <param name="checksum">What the bytes must hash to; with it, they are kept all or not at all.</param>
    /// <param name="meaning">What the end of the body says.</param>
    /// <param name="stop">Cancelled when a newer request wants the upload.</param>
    /// <returns>The durable offset.</returns>
    internal async Task<Result<long>> AppendAsync(EvidenceItem item, long offset, HttpContext context, PartChecksum? checksum, BodyMeaning meaning, CancellationToken stop)
    {
        var stands = await uploads.OffsetAsync(item, CancellationToken.None);
        if (stands != offset)
        {
            return UploadErrors.OffsetMismatch;
        }

        if (context.Request.ContentLength > uploads.LimitOf(item) - offset)
        {
            return TooLong(item);
        }

        if (item.State is not EvidenceState.Uploading)
        {
            return context.Request.ContentLength is null or 0 ? stands : EvidenceErrors.AlreadyStored;
        }

        await uploads.TouchAsync(item);
        await using var blob = await uploads.OpenAsync(item, CancellationToken.None);
        return await FillAsync(item, blob, context, checksum, meaning, stop);
    }

    /// <inheritdoc cref="AppendAsync"/>
    /// <param name="blob">The upload's, at its end.</param>
    internal async Task<Result<long>> FillAsync(EvidenceItem item, IBlobAppender blob, HttpContext context, PartChecksum? checksum, BodyMeaning meaning, CancellationToken stop)
    {
        if (context.Request.ContentLength > uploads.LimitOf(item) - blob.Length)
        {
            return TooLong(item);
        }

        AllowSlowBody(context);
        var (end, refusal) = await CopyAsync(context, blob, uploads.LimitOf(item), checksum, stop);
        if (end is BodyEnd.Exceeded)
        {
            return TooLong(item);
        }

        if (refusal is not null)
        {
            return refusal;
        }

        if (checksum is not null && (end is not BodyEnd.Whole || !checksum.Matches()))
        {
            // Of a part that was cut short nothing can be checked, so none of it is kept.
            return end is BodyEnd.Superseded ? UploadErrors.Superseded : UploadErrors.ChecksumMismatch;
        }

        var length = blob.Length;
        var fits = meaning is not BodyMeaning.EndsHere || end is not BodyEnd.Whole || uploads.DeclareSize(item, length).IsSuccess;
        var kept = meaning is BodyMeaning.MoreComes || !fits ? await blob.CommitAsync() : await uploads.KeepAsync(item, blob);
        if (!kept.IsSuccess)
        {
            return kept.Error;
        }

        await uploads.TouchAsync(item);
        return !fits ? UploadErrors.LengthInconsistent : end is BodyEnd.Superseded ? UploadErrors.Superseded : length;
    }

    private Error TooLong(EvidenceItem item) => item.Size is null ? EvidenceErrors.TooLarge(uploads.LimitOf(item)) : UploadErrors.LengthExceeded;

    private async Task<(BodyEnd End, Error? Refusal)> CopyAsync(HttpContext context, IBlobAppender blob, long limit, PartChecksum? checksum, CancellationToken stop)
    {
        var (body, committed) = (context.Request.BodyReader, clock.GetTimestamp());

        // Not by a token given to the reader: that would leave it in the middle of a read, and Kestrel logs an error for each.
        using var superseded = stop.Register(body.CancelPendingRead);
        while (true)
        {
            ReadResult read;
            try
            {
                read = await body.ReadAsync(CancellationToken.None);
            }
            catch (Exception e) when (e is IOException or OperationCanceledException)
            {
                // Reset, cut short, or too slow. What Kestrel had buffered and this loop had not yet read (at most the request
                // buffer) is lost with the connection; the sender was never told of it.
                if (e is ConnectionResetException)
                {
                    context.Abort(); // else Kestrel tries to read the rest, and logs an error for each phone that lost its network
                }

                return (BodyEnd.Dropped, null);
            }

            if (read.Buffer.Length > limit - blob.Length)
            {
                body.AdvanceTo(read.Buffer.End);
                return (BodyEnd.Exceeded, null);
            }

            if (checksum is not null)
            {
                foreach (var memory in read.Buffer)
                {
                    checksum.Append(memory.Span);
                }
            }

            var appended = await blob.AppendAsync(read.Buffer);
            body.AdvanceTo(read.Buffer.End);
            if (!appended.IsSuccess)
            {
                return (BodyEnd.Refused, appended.Error);
            }

            if (read.IsCompleted)
            {
                return (BodyEnd.Whole, null);
            }

            if (read.IsCanceled)
            {
                return (BodyEnd.Superseded, null);
            }

            if (checksum is null && clock.GetElapsedTime(committed) > CommitInterval)
            {
                if (await blob.CommitAsync() is { IsSuccess: false } refused)
                {
                    return (BodyEnd.Refused, refused.Error);
                }

                committed = clock.GetTimestamp();
            }
        }
    }

    private static void AllowSlowBody(HttpContext context)
    {
        // Kestrel lets a rate be set for one request of HTTP/1.1 only; HTTP/2 keeps the server's own.
        if (HttpProtocol.IsHttp11(context.Request.Protocol) && context.Features.Get<IHttpMinRequestBodyDataRateFeature>() is { } rate)
        {
            rate.MinDataRate = SlowPhone;
        }
    }
}

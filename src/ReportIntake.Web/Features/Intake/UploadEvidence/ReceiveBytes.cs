using System.IO.Pipelines;
using ReportIntake.Domain.Evidence;
using ReportIntake.Domain.Results;
using ReportIntake.Web.Evidence.Store;

namespace ReportIntake.Web.Features.Intake.UploadEvidence;

/// <summary>Takes the body of one request into an upload. Whatever ends it early, what came is kept and durable before anybody is told of it.</summary>
public sealed class ReceiveBytes(Uploads uploads, TimeProvider clock)
{
    /// <summary>How much sending a power cut may cost in the middle of one long request.</summary>
    private static readonly TimeSpan CommitInterval = TimeSpan.FromSeconds(5);

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
    /// <param name="body">Read as it comes; nothing is buffered for its size.</param>
    /// <param name="announced">The request's Content-Length, if it had one.</param>
    /// <param name="checksum">What the bytes must hash to; with it, they are kept all or not at all.</param>
    /// <param name="stop">Cancelled when a newer request wants the upload.</param>
    /// <returns>The durable offset.</returns>
    internal async Task<Result<long>> AppendAsync(EvidenceItem item, long offset, PipeReader body, long? announced, PartChecksum? checksum, CancellationToken stop)
    {
        var stands = await uploads.OffsetAsync(item, CancellationToken.None);
        if (stands != offset)
        {
            return UploadErrors.OffsetMismatch;
        }

        if (announced > uploads.LimitOf(item) - offset)
        {
            return item.Size is null ? EvidenceErrors.TooLarge(uploads.LimitOf(item)) : UploadErrors.LengthExceeded;
        }

        if (item.State is not EvidenceState.Uploading)
        {
            return announced is null or 0 ? stands : EvidenceErrors.AlreadyStored;
        }

        await uploads.TouchAsync(item);
        await using var blob = await uploads.OpenAsync(item, CancellationToken.None);
        var (end, refusal) = await CopyAsync(body, blob, uploads.LimitOf(item), checksum, stop);
        if (end is BodyEnd.Exceeded)
        {
            return item.Size is null ? EvidenceErrors.TooLarge(uploads.LimitOf(item)) : UploadErrors.LengthExceeded;
        }

        if (checksum is not null && end is BodyEnd.Whole && !checksum.Matches())
        {
            return UploadErrors.ChecksumMismatch;
        }

        if (refusal is not null)
        {
            return refusal;
        }

        if (checksum is not null && end is not BodyEnd.Whole)
        {
            return end is BodyEnd.Superseded ? UploadErrors.Superseded : offset; // cannot be checked, so none of it is kept
        }

        var length = blob.Length;
        var kept = await uploads.KeepAsync(item, blob);
        if (!kept.IsSuccess)
        {
            return kept.Error;
        }

        await uploads.TouchAsync(item);
        return end is BodyEnd.Superseded ? UploadErrors.Superseded : length;
    }

    private async Task<(BodyEnd End, Error? Refusal)> CopyAsync(PipeReader body, IBlobAppender blob, long limit, PartChecksum? checksum, CancellationToken stop)
    {
        var committed = clock.GetTimestamp();
        while (true)
        {
            ReadResult read;
            try
            {
                read = await body.ReadAsync(stop);
            }
            catch (OperationCanceledException)
            {
                return (stop.IsCancellationRequested ? BodyEnd.Superseded : BodyEnd.Dropped, null);
            }
            catch (IOException)
            {
                // Reset, cut short, or too slow. What Kestrel had buffered and this loop had not yet read (at most the request
                // buffer) is lost with the connection; the sender was never told of it.
                return (BodyEnd.Dropped, null);
            }

            if (read.Buffer.Length > limit - blob.Length)
            {
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
}

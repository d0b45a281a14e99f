namespace ReportIntake.Web.Evidence.Store.S3;

/// <summary>A growing blob as a multipart upload and a <see cref="GrowingState"/>.</summary>
/// <param name="release">Called once, when nobody writes any more.</param>
internal sealed class S3GrowingSink(S3Bucket bucket, S3Names names, S3Parts parts, SegmentCipher cipher, long generation, Action release) : IBlobSink
{
    private long generation = generation;

    public ValueTask WriteAsync(long offset, ReadOnlyMemory<byte> segments) => parts.WriteAsync(segments, CancellationToken.None);

    public async ValueTask CommitAsync(long segments, ReadOnlyMemory<byte> tail)
    {
        var state = new GrowingState(parts.UploadId!, ++generation, segments, parts.Tags);
        await bucket.PutAsync(names.Growing, state.Write(cipher, parts.Pending.Span, tail.Span), CancellationToken.None);
    }

    public async ValueTask CompleteAsync(long offset, ReadOnlyMemory<byte> finalSegment)
    {
        await parts.WriteAsync(finalSegment, CancellationToken.None);
        await parts.CompleteAsync(CancellationToken.None);
        await bucket.DeleteAsync(names.Growing, CancellationToken.None);
    }

    public ValueTask DisposeAsync()
    {
        parts.Dispose();
        release();
        return ValueTask.CompletedTask;
    }
}

/// <summary>A blob written whole: invisible until it is complete, and never committed in between.</summary>
internal sealed class S3WholeSink(S3Bucket bucket, S3Names names, S3Parts parts) : IBlobSink
{
    private bool completed;

    public ValueTask WriteAsync(long offset, ReadOnlyMemory<byte> segments) => parts.WriteAsync(segments, CancellationToken.None);

    public ValueTask CommitAsync(long segments, ReadOnlyMemory<byte> tail) => throw new NotSupportedException("A blob that is written whole has no commits.");

    public async ValueTask CompleteAsync(long offset, ReadOnlyMemory<byte> finalSegment)
    {
        await parts.WriteAsync(finalSegment, CancellationToken.None);
        await parts.CompleteAsync(CancellationToken.None);
        completed = true;
    }

    public async ValueTask DisposeAsync()
    {
        try
        {
            if (!completed && parts.UploadId is { } id)
            {
                await bucket.AbandonPartsAsync(names.Complete, id, CancellationToken.None);
            }
        }
        catch (EvidenceStoreUnavailableException)
        {
            // Left to the bucket's lifecycle rule: whoever writes has been told already why it failed.
        }
        finally
        {
            parts.Dispose();
        }
    }
}

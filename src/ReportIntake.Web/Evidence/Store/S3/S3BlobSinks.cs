namespace ReportIntake.Web.Evidence.Store.S3;

/// <summary>
/// A growing blob as parts and a <see cref="GrowingState"/>, which each commit overwrites, and only where it still is the one that
/// this writer knows: of two nodes that write, the first to commit goes on, and the other is told that the store is away.
/// </summary>
/// <param name="state">Where the blob durably stands.</param>
/// <param name="tag">The entity tag under which that was read.</param>
/// <param name="release">Called once, when nobody writes any more.</param>
internal sealed class S3GrowingSink(S3Bucket bucket, S3Names names, S3Parts parts, SegmentCipher cipher, GrowingState state, string tag, Guid node, Action release) : IBlobSink
{
    private string tag = tag;
    private long generation = state.Generation;

    public ValueTask WriteAsync(long offset, ReadOnlyMemory<byte> segments) => parts.WriteAsync(segments);

    public async ValueTask CommitAsync(long segments, ReadOnlyMemory<byte> tail)
    {
        await parts.CommitAsync();
        var next = new GrowingState(node, ++generation, segments, S3PartList.Write(parts.List));
        tag = await bucket.ReplaceAsync(names.Growing, next.Write(cipher, parts.Pending.Span, tail.Span), tag, CancellationToken.None) ?? throw Left();
    }

    public async ValueTask CompleteAsync(long offset, ReadOnlyMemory<byte> finalSegment)
    {
        await parts.WriteAsync(finalSegment);
        if (!await bucket.StandsAsync(names.Growing, tag, CancellationToken.None))
        {
            throw Left();
        }

        _ = await bucket.PutNewAsync(names.Complete, await parts.CompleteAsync(), CancellationToken.None) ?? throw Left();
        try
        {
            await bucket.DeleteAsync(names.Growing, CancellationToken.None);
        }
        catch (EvidenceStoreUnavailableException)
        {
            // The blob is complete, and nobody looks for the state of a complete blob: it goes with the blob.
        }
    }

    public async ValueTask DisposeAsync()
    {
        await parts.ForgetUnnamedAsync();
        parts.Dispose();
        release();
    }

    private static EvidenceStoreUnavailableException Left() => new("Another node writes this blob, or has completed or removed it.");
}

/// <summary>A blob written whole: invisible until it is complete, and never committed in between.</summary>
internal sealed class S3WholeSink(S3Bucket bucket, S3Names names, S3Parts parts) : IBlobSink
{
    public ValueTask WriteAsync(long offset, ReadOnlyMemory<byte> segments) => parts.WriteAsync(segments);

    public ValueTask CommitAsync(long segments, ReadOnlyMemory<byte> tail) => throw new NotSupportedException("A blob that is written whole has no commits.");

    public async ValueTask CompleteAsync(long offset, ReadOnlyMemory<byte> finalSegment)
    {
        await parts.WriteAsync(finalSegment);
        await bucket.PutAsync(names.Complete, await parts.CompleteAsync(), CancellationToken.None);
    }

    public async ValueTask DisposeAsync()
    {
        await parts.ForgetUnnamedAsync();
        parts.Dispose();
    }
}

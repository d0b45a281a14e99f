namespace ReportIntake.Web.Evidence.Store;

/// <summary>
/// Where the sealed bytes of one growing blob go: <see cref="SealedBlobAppender"/> seals and hashes, a sink keeps. Calls
/// come one after another.
/// </summary>
/// <remarks>No room is an <see cref="IOException"/> of <see cref="DurableFile.IsDiskFull"/>; a store that is away an <see cref="EvidenceStoreUnavailableException"/>.</remarks>
internal interface IBlobSink : IAsyncDisposable
{
    /// <summary>Takes whole sealed segments, in order. Not durable before the next commit.</summary>
    /// <param name="offset">Of the first byte in the blob, in bytes.</param>
    ValueTask WriteAsync(long offset, ReadOnlyMemory<byte> segments);

    /// <summary>Makes durable what was written, and the plaintext that follows it, sealed.</summary>
    /// <param name="segments">Number of whole segments that stand before the tail.</param>
    ValueTask CommitAsync(long segments, ReadOnlyMemory<byte> tail);

    /// <summary>Ends the blob with its final segment; it is complete and durable on return.</summary>
    ValueTask CompleteAsync(long offset, ReadOnlyMemory<byte> finalSegment);
}

/// <summary>Bytes of a complete sealed blob.</summary>
internal interface ISealedBytes : IAsyncDisposable, IDisposable
{
    /// <summary>Bytes in all, header and tags included.</summary>
    long Length { get; }

    /// <summary>Reads until the buffer is full or the blob ends; returns the number of bytes.</summary>
    /// <param name="sequential">More is likely to be read behind it.</param>
    ValueTask<int> ReadAsync(Memory<byte> buffer, long offset, bool sequential, CancellationToken ct);
}

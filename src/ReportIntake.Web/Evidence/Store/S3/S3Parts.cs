using System.Buffers;

namespace ReportIntake.Web.Evidence.Store.S3;

/// <summary>
/// Sealed bytes as parts of one multipart upload. Parts are cut by bytes, not by segments: some servers want all but the last
/// to be equally long.
/// </summary>
internal sealed class S3Parts(S3Bucket bucket, string name) : IDisposable
{
    /// <summary>The least that S3 takes for any part but the last.</summary>
    public const int PartSize = 5 * 1024 * 1024;

    /// <summary>Plaintext of the largest blob: 10,000 parts, less what sealing adds.</summary>
    public const long MaxContent = (10_000L * PartSize / SealedBlobFormat.SealedSegmentSize * SealedBlobFormat.SegmentSize) - SealedBlobFormat.SegmentSize;

    private readonly List<string> tags = [];
    private byte[] buffer = ArrayPool<byte>.Shared.Rent(PartSize);
    private int filled;

    /// <summary>Null while nothing needed a part.</summary>
    public string? UploadId { get; private set; }

    public IReadOnlyList<string> Tags => tags;

    /// <summary>What is too little for a part.</summary>
    public ReadOnlyMemory<byte> Pending => buffer.AsMemory(0, filled);

    /// <summary>Goes on where a growing blob durably stands.</summary>
    public void Resume(GrowingState state, ReadOnlySpan<byte> pending)
    {
        UploadId = state.UploadId;
        tags.AddRange(state.Tags);
        pending.CopyTo(buffer);
        filled = pending.Length;
    }

    public async ValueTask WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken ct)
    {
        while (!bytes.IsEmpty)
        {
            if (filled == PartSize)
            {
                await PutAsync(ct);
            }

            var take = Math.Min(PartSize - filled, bytes.Length);
            bytes[..take].CopyTo(buffer.AsMemory(filled));
            filled += take;
            bytes = bytes[take..];
        }
    }

    /// <summary>Makes all of it one object, at once.</summary>
    public async ValueTask CompleteAsync(CancellationToken ct)
    {
        if (UploadId is null)
        {
            await bucket.PutAsync(name, Pending, ct);
            return;
        }

        if (filled > 0)
        {
            await PutAsync(ct);
        }

        await bucket.CompletePartsAsync(name, UploadId, tags, ct);
    }

    public void Dispose()
    {
        ArrayPool<byte>.Shared.Return(buffer);
        buffer = [];
    }

    private async ValueTask PutAsync(CancellationToken ct)
    {
        UploadId ??= await bucket.BeginPartsAsync(name, ct);
        tags.Add(await bucket.PutPartAsync(name, UploadId, tags.Count + 1, Pending, ct));
        filled = 0;
    }
}

using Amazon.S3.Model;

namespace ReportIntake.Web.Evidence.Store.S3;

/// <summary>
/// A complete blob in the bucket. Reading in order goes on with the answer that is already coming, to the end of an object; a
/// seek asks for just what it needs.
/// </summary>
/// <param name="objects">Which objects it is, in order; each with its length.</param>
internal sealed class S3Bytes(S3Bucket bucket, BlobKey key, IReadOnlyList<(string Name, long Length)> objects) : ISealedBytes
{
    /// <summary>How often an answer may break off in the middle before the store counts as away; the SDK sees only its beginning.</summary>
    private const int Breaks = 4;

    private readonly long[] starts = Starts(objects);
    private GetObjectResponse? coming;
    private long position;
    private long until;

    public long Length { get; } = objects.Sum(o => o.Length);

    public async ValueTask<int> ReadAsync(Memory<byte> buffer, long offset, bool sequential, CancellationToken ct)
    {
        var wanted = (int)Math.Min(buffer.Length, Length - offset);
        var total = 0;
        for (var breaks = 0; total < wanted;)
        {
            try
            {
                if (coming is null || position != offset + total || position == until)
                {
                    await OpenAsync(offset + total, sequential ? long.MaxValue : wanted - total, ct);
                }

                using var patience = CancellationTokenSource.CreateLinkedTokenSource(ct);
                patience.CancelAfter(bucket.Patience);
                var read = await coming!.ResponseStream.ReadAsync(buffer[total..wanted], patience.Token);
                if (read == 0)
                {
                    throw new IOException("The answer ended early.");
                }

                (total, position) = (total + read, position + read);
            }
            catch (Exception e) when (S3Bucket.IsAway(e, ct))
            {
                Forget();
                if (++breaks > Breaks)
                {
                    throw new EvidenceStoreUnavailableException("The evidence bucket breaks off its answers.", e);
                }
            }
        }

        return total;
    }

    public void Dispose() => Forget();

    public ValueTask DisposeAsync()
    {
        Forget();
        return ValueTask.CompletedTask;
    }

    private static long[] Starts(IReadOnlyList<(string Name, long Length)> objects)
    {
        var ends = 0L;
        return [.. objects.Select(o => (ends += o.Length) - o.Length)];
    }

    private async ValueTask OpenAsync(long offset, long atMost, CancellationToken ct)
    {
        Forget();
        var found = Array.BinarySearch(starts, offset);
        var index = found >= 0 ? found : ~found - 1;
        var (name, length) = objects[index];
        var first = offset - starts[index];
        var count = Math.Min(atMost, length - first);
        coming = await bucket.OpenAsync(name, first, first + count - 1, ct)
            ?? throw new EvidenceCorruptException(key, "an object of it is missing or shorter than it was");
        (position, until) = (offset, offset + count);
    }

    private void Forget()
    {
        coming?.Dispose();
        coming = null;
    }
}

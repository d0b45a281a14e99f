using Amazon.S3.Model;

namespace ReportIntake.Web.Evidence.Store.S3;

/// <summary>
/// A complete blob in the bucket. Reading in order goes on with the answer that is already coming, 16 MiB of it at a time;
/// a seek asks for just what it needs.
/// </summary>
internal sealed class S3Bytes(S3Bucket bucket, string name, long length) : ISealedBytes
{
    private const long Ahead = 16 * 1024 * 1024;

    /// <summary>How often an answer may break off in the middle before the store counts as away; the SDK sees only its beginning.</summary>
    private const int Breaks = 4;

    private GetObjectResponse? coming;
    private long position;
    private long until;

    public long Length => length;

    public async ValueTask<int> ReadAsync(Memory<byte> buffer, long offset, bool sequential, CancellationToken ct)
    {
        var wanted = (int)Math.Min(buffer.Length, length - offset);
        var total = 0;
        for (var breaks = 0; total < wanted;)
        {
            try
            {
                if (coming is null || position != offset + total || position == until)
                {
                    await OpenAsync(offset + total, sequential ? Ahead : wanted - total, ct);
                }

                var read = await coming!.ResponseStream.ReadAsync(buffer[total..wanted], ct);
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

    private async ValueTask OpenAsync(long offset, long count, CancellationToken ct)
    {
        Forget();
        until = Math.Min(offset + count, length);
        coming = await bucket.OpenAsync(name, offset, until - 1, ct);
        position = offset;
    }

    private void Forget()
    {
        coming?.Dispose();
        coming = null;
    }
}

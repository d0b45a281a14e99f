using System.Buffers;

namespace ReportIntake.Web.Evidence.Store.S3;

/// <summary>
/// Cuts the sealed bytes of one writer into parts, and removes those that came to nothing. Not S3's own multipart uploads: there,
/// two writers would overwrite each other's parts by number, what is unfinished is hidden from every list, and no part may be small.
/// </summary>
internal sealed class S3Parts(S3Bucket bucket, S3Names names) : IDisposable
{
    /// <summary>Bytes of every part, but for those that a commit or the end cut short.</summary>
    public const int PartSize = 4 * 1024 * 1024;

    /// <summary>A commit makes a part of so much; less is rewritten with each commit until it is enough.</summary>
    private const int LeastPart = 1024 * 1024;

    private readonly List<S3Part> list = [];
    private byte[] buffer = ArrayPool<byte>.Shared.Rent(PartSize);
    private int filled;

    /// <summary>How many parts something that outlives this writer may name.</summary>
    private int named;

    public IReadOnlyList<S3Part> List => list;

    /// <summary>What is too little for a part.</summary>
    public ReadOnlyMemory<byte> Pending => buffer.AsMemory(0, filled);

    /// <summary>Goes on where a growing blob durably stands.</summary>
    public void Resume(IEnumerable<S3Part> parts, ReadOnlySpan<byte> pending)
    {
        list.AddRange(parts);
        named = list.Count;
        pending.CopyTo(buffer);
        filled = pending.Length;
    }

    public async ValueTask WriteAsync(ReadOnlyMemory<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            if (filled == PartSize)
            {
                await PutAsync();
            }

            var take = Math.Min(PartSize - filled, bytes.Length);
            bytes[..take].CopyTo(buffer.AsMemory(filled));
            filled += take;
            bytes = bytes[take..];
        }
    }

    /// <summary>Before a commit: leaves little enough pending to be written again and again. The parts are named from now on.</summary>
    public async ValueTask CommitAsync()
    {
        if (filled >= LeastPart)
        {
            await PutAsync();
        }

        named = list.Count;
    }

    /// <summary>What is to stand under the blob's own name: the blob itself, or the list of its parts, which are named from now on.</summary>
    public async ValueTask<ReadOnlyMemory<byte>> CompleteAsync()
    {
        if (list.Count == 0)
        {
            return Pending;
        }

        if (filled > 0)
        {
            await PutAsync();
        }

        named = list.Count;
        return S3PartList.Write(list);
    }

    /// <summary>Removes the parts that nothing can name. If the bucket is away they stay, and go with the blob.</summary>
    public async ValueTask ForgetUnnamedAsync()
    {
        try
        {
            while (list.Count > named)
            {
                await bucket.DeleteAsync(names.Part(list[^1].Id), CancellationToken.None);
                list.RemoveAt(list.Count - 1);
            }
        }
        catch (EvidenceStoreUnavailableException)
        {
            // Whoever writes has been told already why it failed.
        }
    }

    public void Dispose()
    {
        ArrayPool<byte>.Shared.Return(buffer);
        buffer = [];
    }

    private async ValueTask PutAsync()
    {
        var part = new S3Part(Guid.NewGuid(), filled);
        await bucket.PutAsync(names.Part(part.Id), Pending, CancellationToken.None);
        list.Add(part);
        filled = 0;
    }
}

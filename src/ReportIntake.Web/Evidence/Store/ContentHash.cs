using System.Collections.Concurrent;
using System.Security.Cryptography;

namespace ReportIntake.Web.Evidence.Store;

/// <summary>SHA-256 of a blob as it grows. It always stands at a segment boundary: the tail is hashed only at completion.</summary>
internal sealed class ContentHash : IDisposable
{
    private readonly IncrementalHash sha256 = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);

    /// <summary>Whole segments hashed.</summary>
    public long Segments { get; private set; }

    public void Append(ReadOnlySpan<byte> segment)
    {
        sha256.AppendData(segment);
        Segments++;
    }

    public SealedContent Finish(ReadOnlySpan<byte> tail, long size)
    {
        sha256.AppendData(tail);
        return new SealedContent(size, sha256.GetHashAndReset());
    }

    /// <summary>Hashes a complete blob by reading all of it.</summary>
    /// <param name="content">Disposed at the end; null where the blob is missing.</param>
    public static async Task<SealedContent> OfAsync(BlobKey key, Stream? content, CancellationToken ct)
    {
        await using var stream = content ?? throw new EvidenceCorruptException(key, "it is missing");
        return new SealedContent(stream.Length, await SHA256.HashDataAsync(stream, ct));
    }

    public void Dispose() => sha256.Dispose();
}

/// <summary>
/// Hash states of uploads between two requests. .NET cannot write a hash's state down, so one that is lost (restart, another
/// node, too many uploads at once) is made again at completion by reading the blob back.
/// </summary>
internal sealed class ContentHashCache(int capacity) : IDisposable
{
    private readonly ConcurrentDictionary<BlobKey, ContentHash> states = new();
    private readonly ConcurrentQueue<BlobKey> order = new();

    /// <summary>Takes the state out, if it stands at that segment; a new one for a blob at its beginning; else null.</summary>
    public ContentHash? Take(BlobKey key, long segments)
    {
        if (states.TryRemove(key, out var state))
        {
            if (state.Segments == segments)
            {
                return state;
            }

            state.Dispose();
        }

        return segments == 0 ? new ContentHash() : null;
    }

    public void Put(BlobKey key, ContentHash state)
    {
        if (states.TryRemove(key, out var earlier))
        {
            earlier.Dispose();
        }

        states[key] = state;
        order.Enqueue(key);
        // The queue may name a key twice or one that is gone; it only has to stay bounded and drop the oldest first.
        while (order.Count > capacity && order.TryDequeue(out var oldest))
        {
            if (oldest != key)
            {
                Forget(oldest);
            }
        }
    }

    public void Forget(BlobKey key)
    {
        if (states.TryRemove(key, out var state))
        {
            state.Dispose();
        }
    }

    public void Dispose()
    {
        foreach (var key in states.Keys)
        {
            Forget(key);
        }
    }
}

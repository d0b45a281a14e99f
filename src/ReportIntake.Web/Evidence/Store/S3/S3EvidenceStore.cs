using System.Buffers;
using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using ReportIntake.Domain.Results;

namespace ReportIntake.Web.Evidence.Store.S3;

/// <summary>
/// Blobs as objects of one bucket, sealed before they leave the process. What a growing blob is made of:
/// <see cref="GrowingState"/>.
/// </summary>
/// <remarks>
/// Nothing of a growing blob is anywhere but in the bucket, so any node goes on with it. Within a process it has one writer; of two nodes
/// that write (one holds a connection that the sender has long left), the first to commit goes on and the other's commits are refused.
/// </remarks>
internal sealed class S3EvidenceStore(S3Options options, IKeyWrapper wrapper) : IEvidenceStore, IDisposable
{
    /// <summary>Hash states kept between requests; each takes well under a kilobyte.</summary>
    private const int HashStates = 1024;

    /// <summary>Takes the whole list of parts of a file of 3 GiB.</summary>
    private const int HeadSize = 16 * 1024;

    private readonly S3Bucket bucket = new(options);
    private readonly ContentHashCache hashes = new(HashStates);
    private readonly ConcurrentDictionary<BlobKey, bool> open = new();
    private readonly Guid node = Guid.NewGuid();

    public Task<Result> BeginAsync(BlobKey key, long? expectedSize, CancellationToken ct) => RefusingAsync(async () =>
    {
        var names = S3Names.Of(key);
        using var cipher = await EnsureKeyAsync(key, names, ct);
        var state = new GrowingState(node, Generation: 0, Segments: 0, S3PartList.Write([]));
        return await bucket.PutNewAsync(names.Growing, state.Write(cipher, SealedBlobFormat.CreateHeader(key), tail: []), ct) is null
            ? throw new IOException($"Evidence blob {key} exists already.")
            : Result.Success;
    });

    public async Task<Result<IBlobAppender>> CreateAsync(BlobKey key, long? expectedSize, CancellationToken ct)
    {
        var begun = await BeginAsync(key, expectedSize, ct);
        return begun.IsSuccess
            ? Result.Of(await OpenAppendAsync(key, ct) ?? throw new EvidenceCorruptException(key, "it is missing"))
            : begun.Error;
    }

    public async Task<IBlobAppender?> OpenAppendAsync(BlobKey key, CancellationToken ct)
    {
        if (!open.TryAdd(key, true))
        {
            throw new IOException($"Evidence blob {key} is being written.");
        }

        SegmentCipher? cipher = null;
        S3Parts? parts = null;
        var tail = SegmentBuffers.Rent();
        IBlobAppender? appender = null;
        try
        {
            var names = S3Names.Of(key);
            if (await bucket.GetAsync(names.Growing, ct) is not { } stored || await bucket.ExistsAsync(names.Complete, ct))
            {
                return null;
            }

            cipher = await OpenCipherAsync(key, names, ct);
            var (state, list, pending, length) = GrowingState.Read(cipher, stored.Bytes, tail);
            if (state.Node != node)
            {
                hashes.Forget(key);
            }

            parts = new S3Parts(bucket, names);
            parts.Resume(list, pending.Span);
            var sink = new S3GrowingSink(bucket, names, parts, cipher, state, stored.Tag, node, () => open.TryRemove(key, out _));
            appender = new SealedBlobAppender(sink, cipher, (state.Segments, length), tail, hashes, c => HashAsync(key, c));
            return appender;
        }
        finally
        {
            if (appender is null)
            {
                SegmentBuffers.Return(tail, plaintext: true);
                cipher?.Dispose();
                parts?.Dispose();
                open.TryRemove(key, out _);
            }
        }
    }

    public async Task<BlobStatus?> GetStatusAsync(BlobKey key, CancellationToken ct)
    {
        var names = S3Names.Of(key);
        using (var complete = await FindAsync(key, names, ct))
        {
            if (complete is not null)
            {
                return new BlobStatus(SealedBlobFormat.Measure(key, complete.Length).Length, true);
            }
        }

        if (await bucket.GetAsync(names.Growing, ct) is not { } stored)
        {
            return null;
        }

        using var cipher = await OpenCipherAsync(key, names, ct);
        var buffer = SegmentBuffers.Rent();
        try
        {
            var (state, _, _, tail) = GrowingState.Read(cipher, stored.Bytes, buffer);
            return new BlobStatus((state.Segments * SealedBlobFormat.SegmentSize) + tail, false);
        }
        finally
        {
            SegmentBuffers.Return(buffer, plaintext: true);
        }
    }

    public Task<Result> WriteAsync(BlobKey key, Stream content, CancellationToken ct) => RefusingAsync(async () =>
    {
        var names = S3Names.Of(key);
        var cipher = await EnsureKeyAsync(key, names, ct);
        var sink = new S3WholeSink(bucket, names, new S3Parts(bucket, names));
        await using var appender = new SealedBlobAppender(sink, cipher, default, SegmentBuffers.Rent(), hashes: null, c => HashAsync(key, c));
        await sink.WriteAsync(0, SealedBlobFormat.CreateHeader(key));
        var buffer = SegmentBuffers.Rent();
        try
        {
            while (await content.ReadAsync(buffer, ct) is var read and > 0)
            {
                if (await appender.AppendAsync(new ReadOnlySequence<byte>(buffer, 0, read)) is { IsSuccess: false } refused)
                {
                    return refused;
                }
            }
        }
        finally
        {
            SegmentBuffers.Return(buffer, plaintext: true);
        }

        return await appender.SealAsync();
    });

    public async Task<Stream?> OpenReadAsync(BlobKey key, CancellationToken ct)
    {
        var names = S3Names.Of(key);
        return await FindAsync(key, names, ct) is { } complete ? await SealedBlobStream.OpenAsync(complete, await OpenCipherAsync(key, names, ct), ct) : null;
    }

    public async Task<SealedContent> HashAsync(BlobKey key, CancellationToken ct) => await ContentHash.OfAsync(key, await OpenReadAsync(key, ct), ct);

    public async Task<RewrapCount> RewrapAsync(CancellationToken ct)
    {
        var count = default(RewrapCount);
        await foreach (var entry in ListAsync(ct))
        {
            var names = S3Names.Of(entry.Key);
            if (await bucket.GetAsync(names.Key, ct) is not { } wrapped)
            {
                continue; // removed in the meantime
            }

            if (SealedBlobFormat.Rewrap(entry.Key, wrapper, wrapped.Bytes) is { } renewed)
            {
                await bucket.PutAsync(names.Key, renewed, ct);
                count = count with { Rewrapped = count.Rewrapped + 1 };
            }
            else
            {
                count = count with { Current = count.Current + 1 };
            }
        }

        return count;
    }

    /// <summary>The key first: without it the rest is noise, whatever happens to it.</summary>
    public async Task DeleteAsync(BlobKey key, CancellationToken ct)
    {
        var names = S3Names.Of(key);
        hashes.Forget(key);
        await bucket.DeleteAsync(names.Key, ct);
        await foreach (var (name, _) in bucket.ListAsync(names.Complete, ct))
        {
            await bucket.DeleteAsync(name, ct);
        }
    }

    public async IAsyncEnumerable<BlobEntry> ListAsync([EnumeratorCancellation] CancellationToken ct)
    {
        // A blob's objects follow one another: the list is in the order of the names.
        BlobEntry? last = null;
        await foreach (var (name, written) in bucket.ListAsync(beginning: "", ct))
        {
            if (!S3Names.TryParse(name, out var key))
            {
                continue;
            }

            if (last is { } entry && entry.Key != key)
            {
                yield return entry;
            }

            last = last?.Key == key && last.Value.LastWrite > written ? last : new BlobEntry(key, written);
        }

        if (last is { } final)
        {
            yield return final;
        }
    }

    /// <exception cref="EvidenceStoreUnavailableException">The bucket does not answer.</exception>
    public Task ProbeAsync(CancellationToken ct) => bucket.ProbeAsync(ct);

    public void Dispose()
    {
        hashes.Dispose();
        bucket.Dispose();
    }

    private static async Task<Result> RefusingAsync(Func<Task<Result>> work)
    {
        try
        {
            return await work();
        }
        catch (IOException e) when (StoreRefusals.Of(e) is { } refusal)
        {
            return refusal;
        }
    }

    /// <summary>A blob that is written again keeps the key it has.</summary>
    private async Task<SegmentCipher> EnsureKeyAsync(BlobKey key, S3Names names, CancellationToken ct)
    {
        while (true)
        {
            if (await bucket.GetAsync(names.Key, ct) is { } earlier)
            {
                return SealedBlobFormat.OpenCipher(key, wrapper, earlier.Bytes);
            }

            var wrapped = SealedBlobFormat.CreateKey(wrapper);
            if (await bucket.PutNewAsync(names.Key, wrapped, ct) is not null)
            {
                return SealedBlobFormat.OpenCipher(key, wrapper, wrapped);
            }
        }
    }

    /// <summary>The objects of a complete blob; null if there is no complete blob.</summary>
    private async Task<S3Bytes?> FindAsync(BlobKey key, S3Names names, CancellationToken ct)
    {
        if (await bucket.GetHeadAsync(names.Complete, HeadSize, ct) is not { } stored)
        {
            return null;
        }

        if (!S3PartList.Is(stored.Bytes))
        {
            return new S3Bytes(bucket, key, [(names.Complete, stored.Length)]);
        }

        if (stored.Bytes.Length < stored.Length)
        {
            stored = await bucket.GetAsync(names.Complete, ct) ?? throw new EvidenceCorruptException(key, "it is missing");
        }

        return new S3Bytes(bucket, key, S3PartList.Read(key, stored.Bytes).ConvertAll(p => (names.Part(p.Id), (long)p.Length)));
    }

    private async Task<SegmentCipher> OpenCipherAsync(BlobKey key, S3Names names, CancellationToken ct) =>
        SealedBlobFormat.OpenCipher(key, wrapper, (await bucket.GetAsync(names.Key, ct))?.Bytes ?? throw new EvidenceCorruptException(key, "its key is missing"));
}

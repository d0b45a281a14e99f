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
/// That a growing blob has one writer is seen to within this process only; with several nodes, send an upload's requests to the
/// same one. Two writers cannot damage what is committed, but the later commit wins.
/// </remarks>
internal sealed class S3EvidenceStore(S3Options options, IKeyWrapper wrapper) : IEvidenceStore, IDisposable
{
    /// <summary>Hash states kept between requests; each takes well under a kilobyte.</summary>
    private const int HashStates = 1024;

    private readonly S3Bucket bucket = new(options);
    private readonly ContentHashCache hashes = new(HashStates);
    private readonly ConcurrentDictionary<BlobKey, bool> open = new();

    public Task<Result> BeginAsync(BlobKey key, long? expectedSize, CancellationToken ct) => RefusingAsync(async () =>
    {
        var names = S3Names.Of(key);
        if (await bucket.GetAsync(names.Growing, ct) is not null)
        {
            throw new IOException($"Evidence blob {key} exists already.");
        }

        using var cipher = await EnsureKeyAsync(key, names, ct);
        var state = new GrowingState(await bucket.BeginPartsAsync(names.Complete, ct), Generation: 0, Segments: 0, Tags: []);
        await bucket.PutAsync(names.Growing, state.Write(cipher, SealedBlobFormat.CreateHeader(key), tail: []), ct);
        return Result.Success;
    });

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
            if (await bucket.GetAsync(names.Growing, ct) is not { } bytes || await bucket.LengthAsync(names.Complete, ct) is not null)
            {
                return null;
            }

            cipher = await OpenCipherAsync(key, names, ct);
            var (state, pending, length) = GrowingState.Read(cipher, bytes, tail);
            parts = new S3Parts(bucket, names.Complete);
            parts.Resume(state, pending.Span);
            var sink = new S3GrowingSink(bucket, names, parts, cipher, state.Generation, () => open.TryRemove(key, out _));
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
        if (await bucket.LengthAsync(names.Complete, ct) is { } length)
        {
            return new BlobStatus(SealedBlobFormat.Measure(key, length).Length, true);
        }

        if (await bucket.GetAsync(names.Growing, ct) is not { } bytes)
        {
            return null;
        }

        using var cipher = await OpenCipherAsync(key, names, ct);
        var buffer = SegmentBuffers.Rent();
        try
        {
            var (state, _, tail) = GrowingState.Read(cipher, bytes, buffer);
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
        var sink = new S3WholeSink(bucket, names, new S3Parts(bucket, names.Complete));
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
        return await bucket.LengthAsync(names.Complete, ct) is { } length
            ? await SealedBlobStream.OpenAsync(new S3Bytes(bucket, names.Complete, length), await OpenCipherAsync(key, names, ct), ct)
            : null;
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

            if (SealedBlobFormat.Rewrap(entry.Key, wrapper, wrapped) is { } renewed)
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
        await bucket.DeleteAsync(names.Complete, ct);
        if (await bucket.GetAsync(names.Growing, ct) is { } bytes)
        {
            if (GrowingState.UploadIdOf(bytes) is { } upload)
            {
                await bucket.AbandonPartsAsync(names.Complete, upload, ct);
            }

            await bucket.DeleteAsync(names.Growing, ct);
        }
    }

    public async IAsyncEnumerable<BlobEntry> ListAsync([EnumeratorCancellation] CancellationToken ct)
    {
        // A blob's objects follow one another: the list is in the order of the names.
        BlobEntry? last = null;
        await foreach (var (name, written) in bucket.ListAsync(ct))
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
        if (await bucket.GetAsync(names.Key, ct) is not { } wrapped)
        {
            wrapped = SealedBlobFormat.CreateKey(wrapper);
            await bucket.PutAsync(names.Key, wrapped, ct);
        }

        return SealedBlobFormat.OpenCipher(key, wrapper, wrapped);
    }

    private async Task<SegmentCipher> OpenCipherAsync(BlobKey key, S3Names names, CancellationToken ct) =>
        SealedBlobFormat.OpenCipher(key, wrapper, await bucket.GetAsync(names.Key, ct) ?? throw new EvidenceCorruptException(key, "its key is missing"));
}

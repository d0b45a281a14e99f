using System.Buffers;
using ReportIntake.Domain.Results;

namespace ReportIntake.Web.Evidence.Store;

/// <summary>
/// Appends to a growing blob. While one buffer fills from the network, earlier ones are hashed, sealed and written on other
/// threads: MD5, which costs as much as SHA-256, encryption and writing together, on one, the rest on another. How a commit
/// is made safe stands in <see cref="SealedBlobFormat"/>.
/// </summary>
internal sealed class SealedBlobAppender : IBlobAppender
{
    private const int Segment = SealedBlobFormat.SegmentSize;
    private const int Batch = SegmentBuffers.Batch;

    /// <summary>Buffers on their way before the sender has to wait.</summary>
    private const int MaxBatches = 2;

    private readonly IBlobSink sink;
    private readonly SegmentCipher cipher;
    private readonly ContentHashCache? hashes;
    private readonly Func<CancellationToken, Task<SealedContent>> rehash;
    private readonly Queue<(byte[] Buffer, Task Done)> batches = new(MaxBatches);
    private readonly Stack<byte[]> spare = new(MaxBatches);

    private byte[] filling;
    private ContentHash? hash;
    private int filled;
    private long segments;
    private long durableSegments;
    private Task hashing = Task.CompletedTask;
    private Task writing = Task.CompletedTask;
    private Error? broken;
    private bool disposed;

    /// <param name="sink">Keeps what is sealed; disposed with the appender.</param>
    /// <param name="cipher">The blob's own; disposed with the appender.</param>
    /// <param name="end">Where the blob durably ends: whole segments, and in <paramref name="tail"/> so many bytes of plaintext.</param>
    /// <param name="tail">Of <see cref="SegmentBuffers"/>; the appender's from now on.</param>
    /// <param name="hashes">Where hash states wait between requests; null where nobody asks for a hash.</param>
    /// <param name="rehash">Hashes the completed blob by reading it, where the hash state was lost.</param>
    public SealedBlobAppender(
        IBlobSink sink, SegmentCipher cipher, (long Segments, int Length) end, byte[] tail, ContentHashCache? hashes, Func<CancellationToken, Task<SealedContent>> rehash)
    {
        (this.sink, this.cipher, this.hashes, this.rehash) = (sink, cipher, hashes, rehash);
        (segments, filled) = end;
        (filling, durableSegments, DurableLength) = (tail, segments, Length);
        hash = hashes?.Take(cipher.Key, segments);
    }

    public long Length => (segments * Segment) + filled;

    public long DurableLength { get; private set; }

    public async ValueTask<Result> AppendAsync(ReadOnlySequence<byte> data)
    {
        foreach (var memory in data)
        {
            var rest = memory;
            while (!rest.IsEmpty)
            {
                if (filled == Batch * Segment)
                {
                    if (batches.Count == MaxBatches && await SettleAsync(MaxBatches - 1) is { } refusal)
                    {
                        return refusal;
                    }

                    SealFirst(Batch);
                }

                var take = Math.Min((Batch * Segment) - filled, rest.Length);
                rest.Span[..take].CopyTo(filling.AsSpan(filled));
                filled += take;
                rest = rest[take..];
            }
        }

        return Result.Success;
    }

    public async Task<Result> CommitAsync()
    {
        if (await SettleAsync() is { } earlier)
        {
            return earlier;
        }

        if (Length == DurableLength)
        {
            return Result.Success;
        }

        SealWhole();
        After(() => sink.CommitAsync(segments, filling.AsMemory(0, filled)));
        if (await SettleAsync() is { } refusal)
        {
            return refusal;
        }

        (durableSegments, DurableLength) = (segments, Length);
        return Result.Success;
    }

    public async Task<Result<SealedContent>> CompleteAsync(CancellationToken ct)
    {
        if (await SealAsync() is { IsSuccess: false } refused)
        {
            return refused.Error!;
        }

        using var state = hash;
        hash = null;
        return state?.Finish(filling.AsSpan(0, filled), Length) ?? await rehash(ct);
    }

    /// <summary>Completes without telling hashes.</summary>
    public async Task<Result> SealAsync()
    {
        SealWhole();
        After(async () =>
        {
            var output = SegmentBuffers.Rent();
            try
            {
                var size = cipher.Seal(segments, SegmentRole.Final, filling.AsSpan(0, filled), output);
                await sink.CompleteAsync(SealedBlobFormat.OffsetOf(segments), output.AsMemory(0, size));
            }
            finally
            {
                SegmentBuffers.Return(output, plaintext: false);
            }
        });
        return await SettleAsync() is { } refusal ? refusal : Result.Success;
    }

    public async ValueTask DisposeAsync()
    {
        if (disposed)
        {
            return;
        }

        disposed = true;
        try
        {
            await SettleAsync();
        }
        finally
        {
            await AbandonAsync(); // where settling threw
            await sink.DisposeAsync();
            cipher.Dispose();
            if (hash is { } state && broken is null && state.Segments == durableSegments)
            {
                hashes!.Put(cipher.Key, state);
            }
            else
            {
                hash?.Dispose();
            }

            foreach (var buffer in spare.Append(filling))
            {
                SegmentBuffers.Return(buffer, plaintext: true);
            }
        }
    }

    /// <summary>Waits until no more than so many batches are on their way; the refusal if there was one, now or before.</summary>
    private async ValueTask<Error?> SettleAsync(int left = 0)
    {
        try
        {
            while (batches.Count > left)
            {
                await batches.Peek().Done;
                spare.Push(batches.Dequeue().Buffer);
            }

            if (left == 0)
            {
                await writing;
            }
        }
        catch (IOException e) when (StoreRefusals.Of(e) is { } refusal)
        {
            broken ??= refusal;
            await AbandonAsync();
        }

        return broken;
    }

    /// <summary>After a failed write every later one of its chain fails too; their buffers are free when all have ended.</summary>
    private async Task AbandonAsync()
    {
        await Task.WhenAll(hashing, writing).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        while (batches.TryDequeue(out var batch))
        {
            await batch.Done.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            spare.Push(batch.Buffer);
        }
    }

    /// <summary>Seals what is whole and surely not the last; up to one segment stays behind as the tail.</summary>
    private void SealWhole()
    {
        if (Math.Max(filled - 1, 0) / Segment is var whole and > 0)
        {
            SealFirst(whole);
        }
    }

    /// <summary>Gives the first segments of the buffer to other threads, and goes on with what follows them in another buffer.</summary>
    private void SealFirst(int count)
    {
        var (batch, first, rest) = (filling, segments, filled - (count * Segment));
        filling = spare.TryPop(out var buffer) ? buffer : SegmentBuffers.Rent();
        batch.AsSpan(count * Segment, rest).CopyTo(filling);
        (filled, segments) = (rest, segments + count);
        After(() => WriteAsync(batch, first, count));
        var (earlier, state) = (hashing, hash);
        hashing = state is null ? Task.CompletedTask : Task.Run(async () =>
        {
            await earlier;
            state.AppendMd5(batch.AsSpan(0, count * Segment));
        });
        batches.Enqueue((batch, Task.WhenAll(writing, hashing)));
    }

    /// <summary>Runs something on another thread when everything before it has succeeded.</summary>
    private void After(Func<ValueTask> work)
    {
        var earlier = writing;
        writing = Task.Run(async () =>
        {
            await earlier;
            await work();
        });
    }

    private async ValueTask WriteAsync(byte[] batch, long first, int count)
    {
        var output = SegmentBuffers.Rent();
        try
        {
            var size = 0;
            for (var i = 0; i < count; i++)
            {
                var plain = batch.AsSpan(i * Segment, Segment);
                hash?.AppendSha256(plain);
                size += cipher.Seal(first + i, SegmentRole.Inner, plain, output.AsSpan(size));
            }

            await sink.WriteAsync(SealedBlobFormat.OffsetOf(first), output.AsMemory(0, size));
        }
        finally
        {
            SegmentBuffers.Return(output, plaintext: false);
        }
    }
}

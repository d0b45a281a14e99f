using System.Buffers;
using System.Runtime.ExceptionServices;
using System.Threading.Channels;
using ReportIntake.Domain.Results;

namespace ReportIntake.Web.Evidence.Store;

/// <summary>
/// Appends to a growing blob. While one buffer fills from the network, earlier ones are hashed, sealed and written by two
/// workers: MD5, which costs as much as SHA-256, encryption and writing together, by one, the rest by the other. A worker keeps
/// its thread as long as batches wait for it: to put a thread to sleep and wake it costs as much as a good part of a batch's
/// work. How a commit is made safe stands in <see cref="SealedBlobFormat"/>.
/// </summary>
internal sealed class SealedBlobAppender : IBlobAppender
{
    private const int Segment = SealedBlobFormat.SegmentSize;
    private const int Batch = SegmentBuffers.Batch;

    /// <summary>Batches on their way before the sender has to wait; one where buffers are scarce.</summary>
    private const int MaxBatches = 8;

    private readonly IBlobSink sink;
    private readonly SegmentCipher cipher;
    private readonly ContentHashCache? hashes;
    private readonly Func<CancellationToken, Task<SealedContent>> rehash;
    private readonly Channel<SegmentBatch> toHash = Channel.CreateUnbounded<SegmentBatch>(new UnboundedChannelOptions { SingleWriter = true, SingleReader = true });
    private readonly Channel<SegmentBatch> toWrite = Channel.CreateUnbounded<SegmentBatch>(new UnboundedChannelOptions { SingleWriter = true, SingleReader = true });
    private readonly Channel<byte[]> landed = Channel.CreateUnbounded<byte[]>(new UnboundedChannelOptions { SingleReader = true });

    private byte[] filling;
    private ContentHash? hash;
    private int filled;
    private long segments;
    private long durableSegments;
    private int onTheWay;
    private Task? hashing;
    private Task? writing;
    private volatile Exception? failure;
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
                if (filled == Batch * Segment && await SealFirstAsync(Batch) is { } refusal)
                {
                    return refusal;
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
        if ((await SealWholeAsync() ?? await SettleAsync()) is { } earlier)
        {
            return earlier;
        }

        if (Length == DurableLength)
        {
            return Result.Success;
        }

        if (await RunAsync(() => sink.CommitAsync(segments, filling.AsMemory(0, filled))) is { } refusal)
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
        var refusal = await SealWholeAsync() ?? await RunAsync(async () =>
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
        return refusal is null ? Result.Success : refusal;
    }

    public async ValueTask DisposeAsync()
    {
        if (disposed)
        {
            return;
        }

        disposed = true;
        toHash.Writer.Complete();
        toWrite.Writer.Complete();
        await Task.WhenAll(hashing ?? Task.CompletedTask, writing ?? Task.CompletedTask);
        await sink.DisposeAsync();
        cipher.Dispose();
        if (hash is { } state && failure is null && state.Segments == durableSegments)
        {
            hashes!.Put(cipher.Key, state);
        }
        else
        {
            hash?.Dispose();
        }

        SegmentBuffers.Return(filling, plaintext: true);
        while (landed.Reader.TryRead(out var buffer))
        {
            SegmentBuffers.Return(buffer, plaintext: true);
        }
    }

    /// <summary>Waits until nothing is on its way; the refusal if there was one, now or before.</summary>
    private async ValueTask<Error?> SettleAsync()
    {
        while (onTheWay > 0)
        {
            SegmentBuffers.Return(await landed.Reader.ReadAsync(), plaintext: true);
            onTheWay--;
        }

        return Refusal();
    }

    private Error? Refusal()
    {
        if (failure is { } thrown && (thrown is not IOException e || StoreRefusals.Of(e) is null))
        {
            ExceptionDispatchInfo.Throw(thrown);
        }

        return failure is IOException refused ? StoreRefusals.Of(refused) : null;
    }

    /// <summary>Runs something that may wait for the disk on another thread, when all before it has succeeded.</summary>
    private async ValueTask<Error?> RunAsync(Func<ValueTask> work)
    {
        if (await SettleAsync() is { } earlier)
        {
            return earlier;
        }

        try
        {
            await Task.Run(async () => await work());
        }
        catch (IOException e)
        {
            failure = e;
        }

        return Refusal();
    }

    /// <summary>Seals what is whole and surely not the last; up to one segment stays behind as the tail.</summary>
    private async ValueTask<Error?> SealWholeAsync() =>
        Math.Max(filled - 1, 0) / Segment is var whole and > 0 ? await SealFirstAsync(whole) : null;

    /// <summary>Gives the first segments of the buffer to the workers, and goes on with what follows them in another buffer.</summary>
    private async ValueTask<Error?> SealFirstAsync(int count)
    {
        var next = await NextBufferAsync();
        if (Refusal() is { } refusal)
        {
            SegmentBuffers.Return(next, plaintext: true);
            return refusal;
        }

        var (batch, rest) = (new SegmentBatch(filling, segments, count, users: hash is null ? 1 : 2), filled - (count * Segment));
        filling.AsSpan(count * Segment, rest).CopyTo(next);
        (filling, filled, segments) = (next, rest, segments + count);
        onTheWay++;
        if (writing is null)
        {
            writing = Task.Run(() => WorkAsync(toWrite.Reader, WriteAsync));
            hashing = hash is null ? null : Task.Run(() => WorkAsync(toHash.Reader, HashAsync));
        }

        toWrite.Writer.TryWrite(batch);
        if (hash is not null)
        {
            toHash.Writer.TryWrite(batch);
        }

        return null;
    }

    private async ValueTask<byte[]> NextBufferAsync()
    {
        if (!landed.Reader.TryRead(out var buffer))
        {
            if (onTheWay == 0 || (onTheWay < MaxBatches && !SegmentBuffers.AreScarce))
            {
                return SegmentBuffers.Rent();
            }

            buffer = await landed.Reader.ReadAsync();
        }

        onTheWay--;
        return buffer;
    }

    private async Task WorkAsync(ChannelReader<SegmentBatch> queue, Func<SegmentBatch, ValueTask> step)
    {
        await foreach (var batch in queue.ReadAllAsync())
        {
            try
            {
                // What follows a failure is never counted as durable, and goes nowhere.
                if (failure is null)
                {
                    await step(batch);
                }
            }
            catch (Exception e)
            {
                failure ??= e;
            }

            if (batch.IsLastUse())
            {
                landed.Writer.TryWrite(batch.Buffer);
            }
        }
    }

    private ValueTask HashAsync(SegmentBatch batch)
    {
        hash!.AppendMd5(batch.Plaintext);
        return ValueTask.CompletedTask;
    }

    private async ValueTask WriteAsync(SegmentBatch batch)
    {
        var output = SegmentBuffers.Rent();
        try
        {
            var size = 0;
            for (var i = 0; i < batch.Count; i++)
            {
                var plain = batch.Plaintext.Slice(i * Segment, Segment);
                hash?.AppendSha256(plain);
                size += cipher.Seal(batch.First + i, SegmentRole.Inner, plain, output.AsSpan(size));
            }

            await sink.WriteAsync(SealedBlobFormat.OffsetOf(batch.First), output.AsMemory(0, size));
        }
        finally
        {
            SegmentBuffers.Return(output, plaintext: false);
        }
    }

    /// <summary>Whole segments of plaintext that are on their way through the workers.</summary>
    private sealed class SegmentBatch(byte[] buffer, long first, int count, int users)
    {
        private int left = users;

        public byte[] Buffer => buffer;

        /// <summary>Index of the first segment in the blob.</summary>
        public long First => first;

        public int Count => count;

        public ReadOnlySpan<byte> Plaintext => buffer.AsSpan(0, count * Segment);

        public bool IsLastUse() => Interlocked.Decrement(ref left) == 0;
    }
}

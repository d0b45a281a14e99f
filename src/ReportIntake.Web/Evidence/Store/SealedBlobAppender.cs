using System.Buffers;
using System.Runtime.ExceptionServices;
using System.Threading.Channels;
using ReportIntake.Domain.Results;

namespace ReportIntake.Web.Evidence.Store;

/// <summary>
/// Appends to a growing blob. While one segment fills from the network, a worker hashes, seals and writes earlier ones. It keeps
/// its thread as long as segments wait for it: to put a thread to sleep and wake it costs a good part of what a segment does.
/// How a commit is made safe stands in <see cref="SealedBlobFormat"/>.
/// </summary>
internal sealed class SealedBlobAppender : IBlobAppender
{
    private const int Segment = SealedBlobFormat.SegmentSize;

    /// <summary>Segments on their way before the sender has to wait, 1 MiB; one where buffers are scarce.</summary>
    private const int MaxOnTheWay = 16;

    private readonly IBlobSink sink;
    private readonly SegmentCipher cipher;
    private readonly ContentHashCache? hashes;
    private readonly Func<CancellationToken, Task<SealedContent>> rehash;
    private readonly Channel<FullSegment> toWrite = Channel.CreateUnbounded<FullSegment>(new UnboundedChannelOptions { SingleWriter = true, SingleReader = true });
    private readonly Channel<byte[]> landed = Channel.CreateUnbounded<byte[]>(new UnboundedChannelOptions { SingleWriter = true, SingleReader = true });

    private byte[] filling;
    private ContentHash? hash;
    private int filled;
    private long segments;
    private long durableSegments;
    private int onTheWay;
    private Task? writing;
    private volatile Exception? failure;
    private bool isNew;
    private bool disposed;

    /// <param name="sink">Keeps what is sealed; disposed with the appender.</param>
    /// <param name="cipher">The blob's own; disposed with the appender.</param>
    /// <param name="end">Where the blob durably ends: whole segments, and in <paramref name="tail"/> so many bytes of plaintext.</param>
    /// <param name="tail">Of <see cref="SegmentBuffers"/>; the appender's from now on.</param>
    /// <param name="hashes">Where hash states wait between requests; null where nobody asks for a hash.</param>
    /// <param name="rehash">Hashes the completed blob by reading it, where the hash state was lost.</param>
    /// <param name="isNew">Nothing of the blob is durable, not even that it exists.</param>
    public SealedBlobAppender(
        IBlobSink sink, SegmentCipher cipher, (long Segments, int Length) end, byte[] tail, ContentHashCache? hashes, Func<CancellationToken, Task<SealedContent>> rehash, bool isNew = false)
    {
        (this.sink, this.cipher, this.hashes, this.rehash, this.isNew) = (sink, cipher, hashes, rehash, isNew);
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
                if (filled == Segment && await PassOnAsync() is { } refusal)
                {
                    return refusal;
                }

                var take = Math.Min(Segment - filled, rest.Length);
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

        if (Length == DurableLength && !isNew)
        {
            return Result.Success;
        }

        if (await RunAsync(() => sink.CommitAsync(segments, filling.AsMemory(0, filled))) is { } refusal)
        {
            return refusal;
        }

        (durableSegments, DurableLength, isNew) = (segments, Length, false);
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
        var refusal = await RunAsync(async () =>
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
        toWrite.Writer.Complete();
        await (writing ?? Task.CompletedTask);
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

    /// <summary>Gives a full segment that is surely not the last to the worker, and goes on in another buffer.</summary>
    private async ValueTask<Error?> PassOnAsync()
    {
        var next = await NextBufferAsync();
        if (Refusal() is { } refusal)
        {
            SegmentBuffers.Return(next, plaintext: true);
            return refusal;
        }

        writing ??= Task.Run(WriteAllAsync);
        toWrite.Writer.TryWrite(new FullSegment(filling, segments));
        (filling, filled) = (next, 0);
        segments++;
        onTheWay++;
        return null;
    }

    private async ValueTask<byte[]> NextBufferAsync()
    {
        if (!landed.Reader.TryRead(out var buffer))
        {
            if (onTheWay == 0 || (onTheWay < MaxOnTheWay && !SegmentBuffers.AreScarce))
            {
                return SegmentBuffers.Rent();
            }

            buffer = await landed.Reader.ReadAsync();
        }

        onTheWay--;
        return buffer;
    }

    private async Task WriteAllAsync()
    {
        await foreach (var segment in toWrite.Reader.ReadAllAsync())
        {
            try
            {
                // What follows a failure is never counted as durable, and goes nowhere.
                if (failure is null)
                {
                    await WriteAsync(segment);
                }
            }
            catch (Exception e)
            {
                failure = e;
            }

            landed.Writer.TryWrite(segment.Buffer);
        }
    }

    private async ValueTask WriteAsync(FullSegment segment)
    {
        var output = SegmentBuffers.Rent();
        try
        {
            var plaintext = segment.Buffer.AsSpan(0, Segment);
            hash?.Append(plaintext);
            var size = cipher.Seal(segment.Index, SegmentRole.Inner, plaintext, output);
            await sink.WriteAsync(SealedBlobFormat.OffsetOf(segment.Index), output.AsMemory(0, size));
        }
        finally
        {
            SegmentBuffers.Return(output, plaintext: false);
        }
    }

    /// <param name="Index">In the blob.</param>
    private readonly record struct FullSegment(byte[] Buffer, long Index);
}

using System.Buffers;

namespace ReportIntake.Web.Evidence.Store;

/// <summary>
/// Decrypts a complete blob, anywhere in it. The length is authenticated when the stream is opened, each segment before a byte of it is given out.
/// Read in order, it reads ahead several segments with one call to disk or server; after a seek only one.
/// </summary>
/// <remarks>Damage throws <see cref="EvidenceCorruptException"/> from the read that meets it.</remarks>
internal sealed class SealedBlobStream : Stream
{
    // Seven sealed segments fit the pool's arrays of 512 KiB; eight would take one of 1 MiB.
    private const int ReadAhead = 7;

    private readonly ISealedBytes source;
    private readonly SegmentCipher cipher;
    private readonly long segmentCount;
    private byte[] buffer = ArrayPool<byte>.Shared.Rent(ReadAhead * SealedBlobFormat.SealedSegmentSize);
    private long firstBuffered;
    private int bufferedCount;

    private SealedBlobStream(ISealedBytes source, SegmentCipher cipher)
    {
        (this.source, this.cipher) = (source, cipher);
        (segmentCount, Length) = SealedBlobFormat.Measure(cipher.Key, source.Length);
    }

    /// <summary>Takes both over, also where it throws.</summary>
    public static async ValueTask<SealedBlobStream> OpenAsync(ISealedBytes source, SegmentCipher cipher, CancellationToken ct)
    {
        SealedBlobStream? stream = null;
        try
        {
            stream = new SealedBlobStream(source, cipher);
            var header = new byte[SealedBlobFormat.HeaderSize];
            SealedBlobFormat.CheckHeader(cipher.Key, header.AsSpan(0, await source.ReadAsync(header, 0, sequential: false, ct)));
            await stream.FillAsync(stream.segmentCount - 1, ct); // the final segment vouches for the length
            return stream;
        }
        catch
        {
            if (stream is not null)
            {
                await stream.DisposeAsync();
            }

            source.Dispose();
            cipher.Dispose();
            throw;
        }
    }

    public override bool CanRead => true;

    public override bool CanSeek => true;

    public override bool CanWrite => false;

    public override long Length { get; }

    public override long Position { get; set; }

    /// <remarks>Waits in place; on disk there is nothing to wait for.</remarks>
    public override int Read(Span<byte> destination)
    {
        if (destination.IsEmpty || Position >= Length)
        {
            return 0;
        }

        if (!IsBuffered(Position / SealedBlobFormat.SegmentSize))
        {
            var filled = FillAsync(Position / SealedBlobFormat.SegmentSize, CancellationToken.None);
            if (!filled.IsCompletedSuccessfully)
            {
                filled.AsTask().GetAwaiter().GetResult();
            }
        }

        return Take(destination);
    }

    public override int Read(byte[] destination, int offset, int count) => Read(destination.AsSpan(offset, count));

    public override async ValueTask<int> ReadAsync(Memory<byte> destination, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (destination.IsEmpty || Position >= Length)
        {
            return 0;
        }

        if (!IsBuffered(Position / SealedBlobFormat.SegmentSize))
        {
            await FillAsync(Position / SealedBlobFormat.SegmentSize, cancellationToken);
        }

        return Take(destination.Span);
    }

    public override Task<int> ReadAsync(byte[] destination, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(destination.AsMemory(offset, count), cancellationToken).AsTask();

    public override long Seek(long offset, SeekOrigin origin)
    {
        var target = offset + origin switch
        {
            SeekOrigin.Begin => 0,
            SeekOrigin.Current => Position,
            _ => Length,
        };
        ArgumentOutOfRangeException.ThrowIfNegative(target, nameof(offset));
        return Position = target;
    }

    public override void Flush()
    {
    }

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing && buffer.Length > 0)
        {
            source.Dispose();
            cipher.Dispose();
            ArrayPool<byte>.Shared.Return(buffer, clearArray: true);
            buffer = [];
        }

        base.Dispose(disposing);
    }

    private Span<byte> Plain(long segment) =>
        buffer.AsSpan(((int)(segment - firstBuffered) * SealedBlobFormat.SealedSegmentSize) + SealedBlobFormat.NonceSize, PlainLength(segment));

    private int PlainLength(long segment) => (int)Math.Min(SealedBlobFormat.SegmentSize, Length - (segment * SealedBlobFormat.SegmentSize));

    private bool IsBuffered(long segment) => segment >= firstBuffered && segment < firstBuffered + bufferedCount;

    /// <summary>Gives out what is buffered from the position on.</summary>
    private int Take(Span<byte> destination)
    {
        var total = 0;
        while (!destination.IsEmpty && Position < Length && IsBuffered(Position / SealedBlobFormat.SegmentSize))
        {
            var (segment, within) = Math.DivRem(Position, SealedBlobFormat.SegmentSize);
            var available = Plain(segment)[(int)within..];
            var take = Math.Min(available.Length, destination.Length);
            available[..take].CopyTo(destination);
            destination = destination[take..];
            (Position, total) = (Position + take, total + take);
        }

        return total;
    }

    private async ValueTask FillAsync(long segment, CancellationToken ct)
    {
        var sequential = segment == firstBuffered + bufferedCount;
        var count = (int)Math.Min(sequential ? ReadAhead : 1, segmentCount - segment);
        var last = segment + count - 1;
        var size = ((count - 1) * SealedBlobFormat.SealedSegmentSize) + PlainLength(last) + SealedBlobFormat.Overhead;
        bufferedCount = 0;
        if (await source.ReadAsync(buffer.AsMemory(0, size), SealedBlobFormat.OffsetOf(segment), sequential, ct) != size)
        {
            throw new EvidenceCorruptException(cipher.Key, $"the blob ends within segments {segment} to {last}");
        }

        for (var i = 0; i < count; i++)
        {
            var role = segment + i == segmentCount - 1 ? SegmentRole.Final : SegmentRole.Inner;
            cipher.Open(segment + i, role, buffer.AsSpan(i * SealedBlobFormat.SealedSegmentSize, PlainLength(segment + i) + SealedBlobFormat.Overhead));
        }

        (firstBuffered, bufferedCount) = (segment, count);
    }
}

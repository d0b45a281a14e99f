using System.Buffers;
using Microsoft.Win32.SafeHandles;

namespace ReportIntake.Web.Evidence.Store;

/// <summary>
/// Decrypts a complete blob, anywhere in it. The length is authenticated when the stream is opened, each segment before a byte of it is given out.
/// Read in order, it reads ahead several segments with one call to the disk; after a seek only one.
/// </summary>
/// <remarks>Damage throws <see cref="EvidenceCorruptException"/> from the read that meets it.</remarks>
internal sealed class SealedBlobStream : Stream
{
    // Seven sealed segments fit the pool's arrays of 512 KiB; eight would take one of 1 MiB.
    private const int ReadAhead = 7;

    private readonly SafeFileHandle file;
    private readonly SegmentCipher cipher;
    private readonly long segmentCount;
    private byte[] buffer = ArrayPool<byte>.Shared.Rent(ReadAhead * SealedBlobFormat.SealedSegmentSize);
    private long firstBuffered;
    private int bufferedCount;

    public SealedBlobStream(SafeFileHandle file, SegmentCipher cipher)
    {
        (this.file, this.cipher) = (file, cipher);
        (segmentCount, Length) = SealedBlobFormat.Measure(cipher.Key, RandomAccess.GetLength(file));
        Fill(segmentCount - 1); // the final segment vouches for the length
    }

    public override bool CanRead => true;

    public override bool CanSeek => true;

    public override bool CanWrite => false;

    public override long Length { get; }

    public override long Position { get; set; }

    public override int Read(Span<byte> destination)
    {
        var total = 0;
        while (!destination.IsEmpty && Position < Length)
        {
            var (segment, within) = Math.DivRem(Position, SealedBlobFormat.SegmentSize);
            if (segment < firstBuffered || segment >= firstBuffered + bufferedCount)
            {
                if (total > 0)
                {
                    break;
                }

                Fill(segment);
            }

            var available = Plain(segment)[(int)within..];
            var take = Math.Min(available.Length, destination.Length);
            available[..take].CopyTo(destination);
            destination = destination[take..];
            (Position, total) = (Position + take, total + take);
        }

        return total;
    }

    public override int Read(byte[] destination, int offset, int count) => Read(destination.AsSpan(offset, count));

    /// <summary>On Linux an asynchronous read of a file is a synchronous one on another thread; from the page cache the hop costs more than the read.</summary>
    public override ValueTask<int> ReadAsync(Memory<byte> destination, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return new ValueTask<int>(Read(destination.Span));
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
            file.Dispose();
            cipher.Dispose();
            ArrayPool<byte>.Shared.Return(buffer, clearArray: true);
            buffer = [];
        }

        base.Dispose(disposing);
    }

    private Span<byte> Plain(long segment) =>
        buffer.AsSpan(((int)(segment - firstBuffered) * SealedBlobFormat.SealedSegmentSize) + SealedBlobFormat.NonceSize, PlainLength(segment));

    private int PlainLength(long segment) => (int)Math.Min(SealedBlobFormat.SegmentSize, Length - (segment * SealedBlobFormat.SegmentSize));

    private void Fill(long segment)
    {
        var sequential = segment == firstBuffered + bufferedCount;
        var count = (int)Math.Min(sequential ? ReadAhead : 1, segmentCount - segment);
        var last = segment + count - 1;
        var size = ((count - 1) * SealedBlobFormat.SealedSegmentSize) + PlainLength(last) + SealedBlobFormat.Overhead;
        bufferedCount = 0;
        if (DurableFile.ReadFully(file, buffer.AsSpan(0, size), SealedBlobFormat.OffsetOf(segment)) != size)
        {
            throw new EvidenceCorruptException(cipher.Key, $"the file ends within segments {segment} to {last}");
        }

        for (var i = 0; i < count; i++)
        {
            var role = segment + i == segmentCount - 1 ? SegmentRole.Final : SegmentRole.Inner;
            cipher.Open(segment + i, role, buffer.AsSpan(i * SealedBlobFormat.SealedSegmentSize, PlainLength(segment + i) + SealedBlobFormat.Overhead));
        }

        (firstBuffered, bufferedCount) = (segment, count);
    }
}

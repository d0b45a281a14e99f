namespace ReportIntake.Web.Evidence.Screening;

/// <summary>
/// Bytes already taken from a stream, then the rest of it, up to a length; forward only. The inner stream stays open.
/// </summary>
/// <exception cref="EndOfStreamException">On reading: the inner stream ends before the length is reached.</exception>
internal sealed class SectionStream(ReadOnlyMemory<byte> head, Stream tail, long length) : Stream
{
    private ReadOnlyMemory<byte> rest = head;
    private long position;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => length;

    public override long Position
    {
        get => position;
        set => throw new NotSupportedException();
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var wanted = (int)Math.Min(buffer.Length, length - position);
        if (wanted == 0)
        {
            return 0;
        }

        int read;
        if (rest.Length > 0)
        {
            read = Math.Min(wanted, rest.Length);
            rest[..read].CopyTo(buffer);
            rest = rest[read..];
        }
        else if ((read = await tail.ReadAsync(buffer[..wanted], cancellationToken)) == 0)
        {
            throw new EndOfStreamException($"The stream ended after {position} of {length} bytes.");
        }

        position += read;
        return read;
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException("Asynchronous only.");

    public override void Flush() => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}

using Microsoft.Win32.SafeHandles;

namespace ReportIntake.Web.Evidence.Store;

/// <summary>A growing blob as two files, <c>.part</c> and <c>.tail</c>; see <see cref="SealedBlobFormat"/>.</summary>
/// <param name="part">The growing file, opened for this sink alone.</param>
/// <param name="tailFile">Already read, so that it knows which of its slots is the older.</param>
/// <param name="committed">Whole segments that are durable; null where not even the file is.</param>
internal sealed class DiskBlobSink(BlobFiles files, SafeFileHandle part, TailFile tailFile, SegmentCipher cipher, long? committed) : IBlobSink
{
    /// <summary>Bytes after which the kernel is asked to begin writing, so that the flush at the end finds little left.</summary>
    private const long WriteBehind = 8 * 1024 * 1024;

    private long durable = committed is { } whole ? SealedBlobFormat.OffsetOf(whole) : 0;
    private long written = SealedBlobFormat.OffsetOf(committed ?? 0);
    private long begun = SealedBlobFormat.OffsetOf(committed ?? 0);

    public ValueTask WriteAsync(long offset, ReadOnlyMemory<byte> segments)
    {
        RandomAccess.Write(part, segments.Span, offset);
        written = offset + segments.Length;
        if (written - begun >= WriteBehind)
        {
            DurableFile.BeginWriting(part, begun, written - begun);
            begun = written;
        }

        return ValueTask.CompletedTask;
    }

    public ValueTask CommitAsync(long segments, ReadOnlyMemory<byte> tail)
    {
        if (written != durable)
        {
            RandomAccess.FlushToDisk(part);
            durable = written;
        }

        tailFile.Write(cipher, segments, tail.Span);
        return ValueTask.CompletedTask;
    }

    public ValueTask CompleteAsync(long offset, ReadOnlyMemory<byte> finalSegment)
    {
        RandomAccess.Write(part, finalSegment.Span, offset);
        RandomAccess.SetLength(part, offset + finalSegment.Length);
        RandomAccess.FlushToDisk(part);
        part.Dispose();
        tailFile.Dispose();
        File.Move(files.Part, files.Complete, overwrite: true);
        DurableFile.FlushDirectoryOf(files.Complete);
        File.Delete(files.Tail);
        return ValueTask.CompletedTask;
    }

    public ValueTask DisposeAsync()
    {
        part.Dispose();
        tailFile.Dispose();
        return ValueTask.CompletedTask;
    }
}

/// <summary>A complete blob as a file.</summary>
internal sealed class DiskBytes(SafeFileHandle file) : ISealedBytes
{
    public long Length { get; } = RandomAccess.GetLength(file);

    /// <summary>On Linux an asynchronous read of a file is a synchronous one on another thread; from the page cache the hop costs more than the read.</summary>
    public ValueTask<int> ReadAsync(Memory<byte> buffer, long offset, bool sequential, CancellationToken ct)
    {
        ct.ThrowIfCancellationRequested();
        return new ValueTask<int>(DurableFile.ReadFully(file, buffer.Span, offset));
    }

    public void Dispose() => file.Dispose();

    public ValueTask DisposeAsync()
    {
        file.Dispose();
        return ValueTask.CompletedTask;
    }
}

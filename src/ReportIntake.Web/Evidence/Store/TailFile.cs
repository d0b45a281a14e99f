using System.Buffers;
using System.Buffers.Binary;
using Microsoft.Win32.SafeHandles;

namespace ReportIntake.Web.Evidence.Store;

/// <summary>
/// The durable end of a growing blob: two slots written in turn, so that a torn write never costs what was
/// committed before. Layout and reasoning: <see cref="SealedBlobFormat"/>. Made at the first commit; an upload that comes
/// in one piece never has one.
/// </summary>
internal sealed class TailFile(string path) : IDisposable
{
    /// <summary>Whole pages, so that writing one slot never rewrites a sector of the other.</summary>
    public const int SlotSize = 17 * 4096;

    private const int HeadSize = SealedBlobFormat.NonceSize + 8 + 8 + 4;

    private SafeFileHandle? handle;
    private long generation;
    private bool directoryFlushed;

    /// <summary>The newest slot that opens: whole segments, and the plaintext that follows them. (0, 0) if there is none.</summary>
    public (long Segments, int Length) Read(SegmentCipher cipher, Span<byte> plain)
    {
        if (!File.Exists(path))
        {
            return default;
        }

        handle ??= File.OpenHandle(path, FileMode.Open, FileAccess.ReadWrite, FileShare.Read);
        var buffer = ArrayPool<byte>.Shared.Rent(SlotSize);
        try
        {
            (long Segments, int Length) newest = default;
            for (var slot = 0; slot < 2; slot++)
            {
                if (ReadSlot(slot, buffer) is { } head && head.Generation > generation
                    && cipher.TryOpenTail(head.Generation, head.Segments, buffer.AsSpan(0, SealedBlobFormat.NonceSize), buffer.AsSpan(HeadSize, head.Length), buffer.AsSpan(HeadSize + head.Length, SealedBlobFormat.TagSize), buffer.AsSpan(HeadSize, head.Length)))
                {
                    buffer.AsSpan(HeadSize, head.Length).CopyTo(plain);
                    (generation, newest) = (head.Generation, (head.Segments, head.Length));
                }
            }

            return newest;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer, clearArray: true);
        }
    }

    /// <summary>Writes the slot that does not hold the newest state, and makes it durable.</summary>
    public void Write(SegmentCipher cipher, long segments, ReadOnlySpan<byte> plain)
    {
        handle ??= File.OpenHandle(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.Read);
        var buffer = ArrayPool<byte>.Shared.Rent(SlotSize);
        try
        {
            var slot = buffer.AsSpan(0, HeadSize + plain.Length + SealedBlobFormat.TagSize);
            var next = generation + 1;
            BinaryPrimitives.WriteInt64LittleEndian(slot[12..], next);
            BinaryPrimitives.WriteInt64LittleEndian(slot[20..], segments);
            BinaryPrimitives.WriteInt32LittleEndian(slot[28..], plain.Length);
            cipher.SealTail(next, segments, plain, slot[..SealedBlobFormat.NonceSize], slot.Slice(HeadSize, plain.Length), slot[^SealedBlobFormat.TagSize..]);
            RandomAccess.Write(handle, slot, (next & 1) * SlotSize);
            RandomAccess.FlushToDisk(handle);
            if (!directoryFlushed)
            {
                // Even for a file that was found: whoever made it may have died before its name was durable.
                DurableFile.FlushDirectoryOf(path);
                directoryFlushed = true;
            }

            generation = next;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    public void Dispose() => handle?.Dispose();

    private (long Generation, long Segments, int Length)? ReadSlot(int slot, Span<byte> buffer)
    {
        var read = DurableFile.ReadFully(handle!, buffer[..SlotSize], (long)slot * SlotSize);
        if (read < HeadSize + SealedBlobFormat.TagSize)
        {
            return null;
        }

        var length = BinaryPrimitives.ReadInt32LittleEndian(buffer[28..]);
        var whole = length is >= 0 and <= SealedBlobFormat.SegmentSize && read >= HeadSize + length + SealedBlobFormat.TagSize;
        return whole ? (BinaryPrimitives.ReadInt64LittleEndian(buffer[12..]), BinaryPrimitives.ReadInt64LittleEndian(buffer[20..]), length) : null;
    }
}

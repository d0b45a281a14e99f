using System.Buffers;
using Microsoft.Win32.SafeHandles;
using ReportIntake.Domain.Evidence;
using ReportIntake.Domain.Results;

namespace ReportIntake.Web.Evidence.Store;

/// <summary>
/// Appends to a growing blob. While one buffer fills from the network, earlier ones are hashed, sealed and written on other
/// threads: MD5, which costs as much as SHA-256, encryption and writing together, on one, the rest on another. How a commit
/// is made safe stands in <see cref="SealedBlobFormat"/>.
/// </summary>
internal sealed class DiskBlobAppender : IBlobAppender
{
    private const int Segment = SealedBlobFormat.SegmentSize;

    private const int Batch = SegmentBuffers.Batch;

    /// <summary>Buffers on their way before the sender has to wait.</summary>
    private const int MaxBatches = 3;

    /// <summary>Bytes after which the kernel is asked to begin writing, so that the flush at the end finds little left.</summary>
    private const long WriteBehind = 8 * 1024 * 1024;

    private readonly BlobFiles files;
    private readonly SafeFileHandle part;
    private readonly TailFile tail;
    private readonly SegmentCipher cipher;
    private readonly ContentHashCache? hashes;

    private readonly Queue<(byte[] Buffer, Task Done)> batches = new(MaxBatches);
    private readonly Stack<byte[]> spare = new(MaxBatches);
    private byte[] filling = SegmentBuffers.Rent();
    private ContentHash? hash;
    private int filled;
    private long segments;
    private long durableSegments;
    private long writtenBehind;
    private Task hashing = Task.CompletedTask;
    private Task writing = Task.CompletedTask;
    private bool broken;
    private bool disposed;

    /// <param name="files">The blob's names on disk.</param>
    /// <param name="part">The growing file, opened for this appender alone.</param>
    /// <param name="cipher">Opened by the file's header.</param>
    /// <param name="hashes">Where hash states wait between requests; null where nobody asks for a hash.</param>
    public DiskBlobAppender(BlobFiles files, SafeFileHandle part, SegmentCipher cipher, ContentHashCache? hashes)
    {
        (this.files, this.part, this.cipher, this.hashes) = (files, part, cipher, hashes);
        tail = new TailFile(files.Tail);
        (segments, filled) = tail.Read(cipher, filling);
        if (RandomAccess.GetLength(part) < SealedBlobFormat.OffsetOf(segments))
        {
            throw new EvidenceCorruptException(cipher.Key, $"{segments} segments were committed, and the file is shorter");
        }

        (durableSegments, DurableLength) = (segments, Length);
        hash = hashes?.Take(cipher.Key, segments);
        writtenBehind = SealedBlobFormat.OffsetOf(segments);
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
                    if (batches.Count == MaxBatches && !await SettleAsync(MaxBatches - 1))
                    {
                        return EvidenceErrors.StorageFull;
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
        if (!await SettleAsync())
        {
            return EvidenceErrors.StorageFull;
        }

        if (Length == DurableLength)
        {
            return Result.Success;
        }

        if (!await SealWholeAsync())
        {
            return EvidenceErrors.StorageFull;
        }

        writing = Task.Run(() =>
        {
            if (segments != durableSegments)
            {
                RandomAccess.FlushToDisk(part);
            }

            tail.Write(cipher, segments, filling.AsSpan(0, filled));
        });
        if (!await SettleAsync())
        {
            return EvidenceErrors.StorageFull;
        }

        (durableSegments, DurableLength) = (segments, Length);
        return Result.Success;
    }

    public async Task<Result<SealedContent>> CompleteAsync(CancellationToken ct)
    {
        if (!await SettleAsync() || !await SealWholeAsync())
        {
            return EvidenceErrors.StorageFull;
        }

        using var state = hash ?? await Task.Run(() => HashSegments(ct), ct);
        hash = null;
        var content = state.Finish(filling.AsSpan(0, filled), Length);
        var sealedIn = await SealAsync();
        return sealedIn.IsSuccess ? content : sealedIn.Error;
    }

    /// <summary>Completes without telling hashes.</summary>
    public async Task<Result> SealAsync()
    {
        if (!await SettleAsync() || !await SealWholeAsync())
        {
            return EvidenceErrors.StorageFull;
        }

        writing = Task.Run(() =>
        {
            var output = TakeBuffer();
            spare.Push(output);
            var size = cipher.Seal(segments, SegmentRole.Final, filling.AsSpan(0, filled), output);
            var at = SealedBlobFormat.OffsetOf(segments);
            RandomAccess.Write(part, output.AsSpan(0, size), at);
            RandomAccess.SetLength(part, at + size);
            RandomAccess.FlushToDisk(part);
            part.Dispose();
            tail.Dispose();
            File.Move(files.Part, files.Complete, overwrite: true);
            DurableFile.FlushDirectoryOf(files.Complete);
            File.Delete(files.Tail);
        });
        return await SettleAsync() ? Result.Success : EvidenceErrors.StorageFull;
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
            part.Dispose();
            tail.Dispose();
            cipher.Dispose();
            if (hash is { } state && !broken && state.Segments == durableSegments)
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

    /// <summary>Waits until no more than so many batches are on their way; false if the disk is full, now or before.</summary>
    private async ValueTask<bool> SettleAsync(int left = 0)
    {
        try
        {
            while (batches.Count > left)
            {
                var (buffer, done) = batches.Dequeue();
                spare.Push(buffer); // not yet taken: nobody fills before this method is through
                await done;
            }

            if (left == 0)
            {
                await writing;
            }
        }
        catch (IOException e) when (DurableFile.IsDiskFull(e))
        {
            broken = true;
            await AbandonAsync();
        }

        return !broken;
    }

    /// <summary>After a failed write every later one of its chain fails too; their buffers are free when all have ended.</summary>
    private async Task AbandonAsync()
    {
        while (batches.TryDequeue(out var batch))
        {
            spare.Push(batch.Buffer);
            await batch.Done.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        await Task.WhenAll(hashing, writing).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        writing = Task.CompletedTask;
    }

    private byte[] TakeBuffer() => spare.TryPop(out var buffer) ? buffer : SegmentBuffers.Rent();

    /// <summary>Seals what is whole and surely not the last; up to one segment stays behind as the tail.</summary>
    private async ValueTask<bool> SealWholeAsync()
    {
        var whole = Math.Max(filled - 1, 0) / Segment;
        if (whole == 0)
        {
            return true;
        }

        SealFirst(whole);
        return await SettleAsync();
    }

    /// <summary>Gives the first segments of the buffer to other threads, and goes on with what follows them in another buffer.</summary>
    private void SealFirst(int count)
    {
        var (batch, first, rest) = (filling, segments, filled - (count * Segment));
        filling = TakeBuffer();
        batch.AsSpan(count * Segment, rest).CopyTo(filling);
        (filled, segments) = (rest, segments + count);
        var (earlierWrite, earlierHash, state) = (writing, hashing, hash);
        writing = Task.Run(async () =>
        {
            await earlierWrite;
            WriteInner(batch, first, count);
        });
        hashing = state is null ? Task.CompletedTask : Task.Run(async () =>
        {
            await earlierHash;
            state.AppendMd5(batch.AsSpan(0, count * Segment));
        });
        batches.Enqueue((batch, Task.WhenAll(writing, hashing)));
    }

    private void WriteInner(byte[] batch, long first, int count)
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

            var at = SealedBlobFormat.OffsetOf(first);
            RandomAccess.Write(part, output.AsSpan(0, size), at);
            if (at + size - writtenBehind >= WriteBehind)
            {
                DurableFile.BeginWriting(part, writtenBehind, at + size - writtenBehind);
                writtenBehind = at + size;
            }
        }
        finally
        {
            SegmentBuffers.Return(output, plaintext: false);
        }
    }

    private ContentHash HashSegments(CancellationToken ct)
    {
        var state = new ContentHash();
        var buffer = TakeBuffer();
        spare.Push(buffer);
        var segment = buffer.AsSpan(0, SealedBlobFormat.SealedSegmentSize);
        for (var index = 0L; index < segments; index++)
        {
            ct.ThrowIfCancellationRequested();
            if (DurableFile.ReadFully(part, segment, SealedBlobFormat.OffsetOf(index)) != segment.Length)
            {
                throw new EvidenceCorruptException(cipher.Key, $"segment {index} is missing");
            }

            state.Append(cipher.Open(index, SegmentRole.Inner, segment));
        }

        return state;
    }
}

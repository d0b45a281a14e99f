using System.Buffers;
using Microsoft.Win32.SafeHandles;
using ReportIntake.Domain.Evidence;
using ReportIntake.Domain.Results;

namespace ReportIntake.Web.Evidence.Store;

/// <summary>
/// Appends to a growing blob. Two buffers: while one fills from the network, the other is hashed, sealed and written on
/// another thread. How a commit is made safe stands in <see cref="SealedBlobFormat"/>.
/// </summary>
internal sealed class DiskBlobAppender : IBlobAppender
{
    private readonly BlobFiles files;
    private readonly SafeFileHandle part;
    private readonly TailFile tail;
    private readonly SegmentCipher cipher;
    private readonly ContentHashCache? hashes;
    private readonly Action sealInner;
    private readonly Action appendMd5;
    private readonly byte[] sealedBuffer = ArrayPool<byte>.Shared.Rent(SealedBlobFormat.SealedSegmentSize);

    private byte[] filling = ArrayPool<byte>.Shared.Rent(SealedBlobFormat.SegmentSize);
    private byte[] sealing = ArrayPool<byte>.Shared.Rent(SealedBlobFormat.SegmentSize);
    private ContentHash? hash;
    private int filled;
    private long segments;
    private long durableSegments;
    private Task pending = Task.CompletedTask;
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
        (sealInner, appendMd5) = (SealInner, AppendMd5);
    }

    public long Length => (segments * SealedBlobFormat.SegmentSize) + filled;

    public long DurableLength { get; private set; }

    public async ValueTask<Result> AppendAsync(ReadOnlySequence<byte> data)
    {
        foreach (var memory in data)
        {
            var rest = memory;
            while (!rest.IsEmpty)
            {
                if (filled == SealedBlobFormat.SegmentSize)
                {
                    if (!await SettleAsync())
                    {
                        return EvidenceErrors.StorageFull;
                    }

                    (filling, sealing, filled) = (sealing, filling, 0);
                    segments++;
                    // MD5 costs as much as SHA-256, encryption and writing together: it runs beside them.
                    pending = hash is null ? Task.Run(sealInner) : Task.WhenAll(Task.Run(appendMd5), Task.Run(sealInner));
                }

                var take = Math.Min(SealedBlobFormat.SegmentSize - filled, rest.Length);
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

        pending = Task.Run(() =>
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
        if (!await SettleAsync())
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
        if (!await SettleAsync())
        {
            return EvidenceErrors.StorageFull;
        }

        pending = Task.Run(() =>
        {
            var size = cipher.Seal(segments, SegmentRole.Final, filling.AsSpan(0, filled), sealedBuffer);
            var at = SealedBlobFormat.OffsetOf(segments);
            RandomAccess.Write(part, sealedBuffer.AsSpan(0, size), at);
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

            ArrayPool<byte>.Shared.Return(filling, clearArray: true);
            ArrayPool<byte>.Shared.Return(sealing, clearArray: true);
            ArrayPool<byte>.Shared.Return(sealedBuffer);
        }
    }

    /// <summary>Waits for the work in the background; false if the disk is full, now or before.</summary>
    private async ValueTask<bool> SettleAsync()
    {
        try
        {
            await pending;
        }
        catch (IOException e) when (DurableFile.IsDiskFull(e))
        {
            broken = true;
        }
        finally
        {
            pending = Task.CompletedTask;
        }

        return !broken;
    }

    private void AppendMd5() => hash!.AppendMd5(sealing.AsSpan(0, SealedBlobFormat.SegmentSize));

    private void SealInner()
    {
        var plain = sealing.AsSpan(0, SealedBlobFormat.SegmentSize);
        hash?.AppendSha256(plain);
        var size = cipher.Seal(segments - 1, SegmentRole.Inner, plain, sealedBuffer);
        RandomAccess.Write(part, sealedBuffer.AsSpan(0, size), SealedBlobFormat.OffsetOf(segments - 1));
    }

    private ContentHash HashSegments(CancellationToken ct)
    {
        var state = new ContentHash();
        for (var index = 0L; index < segments; index++)
        {
            ct.ThrowIfCancellationRequested();
            var segment = sealedBuffer.AsSpan(0, SealedBlobFormat.SealedSegmentSize);
            if (DurableFile.ReadFully(part, segment, SealedBlobFormat.OffsetOf(index)) != segment.Length)
            {
                throw new EvidenceCorruptException(cipher.Key, $"segment {index} is missing");
            }

            state.Append(cipher.Open(index, SegmentRole.Inner, segment));
        }

        sealedBuffer.AsSpan().Clear(); // it held plaintext, and goes back to the pool as it is
        return state;
    }
}

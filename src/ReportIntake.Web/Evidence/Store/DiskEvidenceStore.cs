using System.Buffers;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using Microsoft.Win32.SafeHandles;
using ReportIntake.Domain.Evidence;
using ReportIntake.Domain.Results;

namespace ReportIntake.Web.Evidence.Store;

/// <summary>Blobs as files of one directory tree. How they are sealed and why a crash loses nothing: <see cref="SealedBlobFormat"/>.</summary>
internal sealed class DiskEvidenceStore : IEvidenceStore, IDisposable
{
    /// <summary>Hash states kept between requests; each takes well under a kilobyte.</summary>
    private const int HashStates = 1024;

    private readonly string root;
    private readonly IKeyWrapper wrapper;
    private readonly ContentHashCache hashes = new(HashStates);

    /// <param name="root">Absolute path of the store's directory; made if missing.</param>
    /// <param name="wrapper">Seals the blobs' keys.</param>
    public DiskEvidenceStore(string root, IKeyWrapper wrapper)
    {
        (this.root, this.wrapper) = (Path.GetFullPath(root), wrapper);
        BlobFiles.MakeDirectories(this.root);
    }

    public Task<Result> BeginAsync(BlobKey key, long? expectedSize, CancellationToken ct) => Task.Run(
        () =>
        {
            using var part = CreateGrowing(key, expectedSize, out var files);
            if (part is null)
            {
                return EvidenceErrors.StorageFull;
            }

            try
            {
                RandomAccess.FlushToDisk(part);
                DurableFile.FlushDirectoryOf(files.Part);
                return Result.Success;
            }
            catch (IOException e) when (DurableFile.IsDiskFull(e))
            {
                Remove(files);
                return EvidenceErrors.StorageFull;
            }
        },
        ct);

    public Task<Result<IBlobAppender>> CreateAsync(BlobKey key, long? expectedSize, CancellationToken ct) => Task.Run(
        () => CreateGrowing(key, expectedSize, out var files) is { } part
            ? Result.Of<IBlobAppender>(Open(key, files, part, SegmentBuffers.Rent(), isNew: true))
            : EvidenceErrors.StorageFull,
        ct);

    public Task<IBlobAppender?> OpenAppendAsync(BlobKey key, CancellationToken ct) => Task.Run<IBlobAppender?>(
        () =>
        {
            var files = BlobFiles.Of(root, key);
            var part = OpenIfExists(files.Part, FileAccess.ReadWrite, FileShare.None);
            if (part is null)
            {
                return null;
            }

            return Open(key, files, part, SegmentBuffers.Rent(), isNew: false);
        },
        ct);

    public Task<BlobStatus?> GetStatusAsync(BlobKey key, CancellationToken ct) => Task.Run<BlobStatus?>(
        () =>
        {
            var files = BlobFiles.Of(root, key);
            using (var complete = OpenIfExists(files.Complete, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete))
            {
                if (complete is not null)
                {
                    return new BlobStatus(SealedBlobFormat.Measure(key, RandomAccess.GetLength(complete)).Length, true);
                }
            }

            using var part = OpenIfExists(files.Part, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            return part is null ? null : new BlobStatus(ReadTail(part, files, key), false);
        },
        ct);

    public async Task<Result> WriteAsync(BlobKey key, Stream content, CancellationToken ct)
    {
        var files = BlobFiles.Of(root, key);
        var buffer = ArrayPool<byte>.Shared.Rent(SealedBlobFormat.SegmentSize);
        try
        {
            File.Delete(files.Tail);
            EnsureKey(files);
            var part = CreatePart(files, key, FileMode.Create);
            var cipher = OpenCipher(files, part, key);
            var sink = new DiskBlobSink(files, part, new TailFile(files.Tail), cipher, committed: null);
            await using var appender = new SealedBlobAppender(sink, cipher, default, SegmentBuffers.Rent(), hashes: null, c => HashAsync(key, c));
            while (await content.ReadAsync(buffer, ct) is var read and > 0)
            {
                if (await appender.AppendAsync(new ReadOnlySequence<byte>(buffer, 0, read)) is { IsSuccess: false } full)
                {
                    File.Delete(files.Part);
                    return full;
                }
            }

            return await appender.SealAsync();
        }
        catch (IOException e) when (DurableFile.IsDiskFull(e))
        {
            File.Delete(files.Part);
            return EvidenceErrors.StorageFull;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer, clearArray: true);
        }
    }

    public Task<Stream?> OpenReadAsync(BlobKey key, CancellationToken ct) => Task.Run<Stream?>(
        async () =>
        {
            var files = BlobFiles.Of(root, key);
            var file = OpenIfExists(files.Complete, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            if (file is null)
            {
                return null;
            }

            SegmentCipher cipher;
            try
            {
                cipher = OpenCipher(files, file, key);
            }
            catch
            {
                file.Dispose();
                throw;
            }

            return await SealedBlobStream.OpenAsync(new DiskBytes(file), cipher, ct);
        },
        ct);

    public Task<SealedContent> HashAsync(BlobKey key, CancellationToken ct) =>
        Task.Run(async () => await ContentHash.OfAsync(key, await OpenReadAsync(key, ct), ct), ct);

    public async Task<RewrapCount> RewrapAsync(CancellationToken ct)
    {
        var count = default(RewrapCount);
        await foreach (var entry in ListAsync(ct))
        {
            var files = BlobFiles.Of(root, entry.Key);
            if (ReadIfExists(files.Key) is not { } wrapped)
            {
                continue; // removed in the meantime
            }

            if (SealedBlobFormat.Rewrap(entry.Key, wrapper, wrapped) is { } renewed)
            {
                // A blob that is removed at this moment leaves a key without a blob; it is an orphan, and goes as one.
                DurableFile.Replace(files.Key, renewed);
                DurableFile.FlushDirectoryOf(files.Key);
                count = count with { Rewrapped = count.Rewrapped + 1 };
            }
            else
            {
                count = count with { Current = count.Current + 1 };
            }
        }

        return count;
    }

    public Task DeleteAsync(BlobKey key, CancellationToken ct) => Task.Run(
        () =>
        {
            var files = BlobFiles.Of(root, key);
            hashes.Forget(key);
            Remove(files);
            DurableFile.FlushDirectoryOf(files.Complete);
        },
        ct);

    public async IAsyncEnumerable<BlobEntry> ListAsync([EnumeratorCancellation] CancellationToken ct)
    {
        foreach (var shard in Directory.EnumerateDirectories(root))
        {
            // One directory at a time, so that the disk is not read on the caller's thread file by file.
            var entries = await Task.Run(
                () => new DirectoryInfo(shard).EnumerateFiles()
                    .Where(f => f.Exists) // one that was renamed or removed since has the time of the year 1601, and would pass for an orphan
                    .Select(f => BlobFiles.TryParse(f.Name, out var key) ? new BlobEntry(key, new DateTimeOffset(f.LastWriteTimeUtc)) : (BlobEntry?)null)
                    .OfType<BlobEntry>()
                    .GroupBy(e => e.Key)
                    .Select(g => new BlobEntry(g.Key, g.Max(e => e.LastWrite)))
                    .ToList(),
                ct);
            foreach (var entry in entries)
            {
                yield return entry;
            }
        }
    }

    public void Dispose() => hashes.Dispose();

    /// <summary>The new blob's file, not durable yet; null where there is no room.</summary>
    private SafeFileHandle? CreateGrowing(BlobKey key, long? expectedSize, out BlobFiles files)
    {
        files = BlobFiles.Of(root, key);
        if (expectedSize > new DriveInfo(root).AvailableFreeSpace)
        {
            return null;
        }

        try
        {
            EnsureKey(files);
            return CreatePart(files, key, FileMode.CreateNew);
        }
        catch (IOException e) when (DurableFile.IsDiskFull(e))
        {
            Remove(files);
            return null;
        }
    }

    /// <param name="part">The blob's file; the appender's from now on.</param>
    /// <param name="tail">Of <see cref="SegmentBuffers"/>; the appender's from now on.</param>
    private SealedBlobAppender Open(BlobKey key, BlobFiles files, SafeFileHandle part, byte[] tail, bool isNew)
    {
        SegmentCipher? cipher = null;
        TailFile? tailFile = null;
        try
        {
            cipher = OpenCipher(files, part, key);
            tailFile = new TailFile(files.Tail);
            var end = isNew ? default : tailFile.Read(cipher, tail);
            if (RandomAccess.GetLength(part) < SealedBlobFormat.OffsetOf(end.Segments))
            {
                throw new EvidenceCorruptException(key, $"{end.Segments} segments were committed, and the file is shorter");
            }

            var sink = new DiskBlobSink(files, part, tailFile, cipher, isNew ? null : end.Segments);
            return new SealedBlobAppender(sink, cipher, end, tail, hashes, c => HashAsync(key, c), isNew);
        }
        catch
        {
            SegmentBuffers.Return(tail, plaintext: true);
            cipher?.Dispose();
            tailFile?.Dispose();
            part.Dispose(); // else the file would stay locked until a garbage collection
            throw;
        }
    }

    private static SafeFileHandle? OpenIfExists(string path, FileAccess access, FileShare share)
    {
        // Asked first: an exception for each upload that is not complete yet would cost more than all the rest.
        if (!File.Exists(path))
        {
            return null;
        }

        try
        {
            return File.OpenHandle(path, FileMode.Open, access, share);
        }
        catch (FileNotFoundException)
        {
            return null;
        }
    }

    private static byte[]? ReadIfExists(string path)
    {
        try
        {
            return File.ReadAllBytes(path);
        }
        catch (FileNotFoundException)
        {
            return null;
        }
    }

    /// <summary>The key first: without it the rest is noise, whatever happens to it.</summary>
    private static void Remove(BlobFiles files)
    {
        File.Delete(files.Key);
        File.Delete(files.NewKey);
        File.Delete(files.Complete);
        File.Delete(files.Part);
        File.Delete(files.Tail);
    }

    private static SafeFileHandle CreatePart(BlobFiles files, BlobKey key, FileMode mode)
    {
        var part = File.OpenHandle(files.Part, mode, FileAccess.ReadWrite, FileShare.None);
        try
        {
            RandomAccess.Write(part, SealedBlobFormat.CreateHeader(key), 0);
            return part;
        }
        catch
        {
            part.Dispose();
            throw;
        }
    }

    /// <summary>A blob that is written again keeps the key it has.</summary>
    private void EnsureKey(BlobFiles files)
    {
        if (!File.Exists(files.Key))
        {
            DurableFile.Replace(files.Key, SealedBlobFormat.CreateKey(wrapper));
        }
    }

    private SegmentCipher OpenCipher(BlobFiles files, SafeFileHandle blob, BlobKey key)
    {
        Span<byte> header = stackalloc byte[SealedBlobFormat.HeaderSize];
        SealedBlobFormat.CheckHeader(key, header[..DurableFile.ReadFully(blob, header, 0)]);
        return SealedBlobFormat.OpenCipher(key, wrapper, ReadIfExists(files.Key) ?? throw new EvidenceCorruptException(key, "its key is missing"));
    }

    private long ReadTail(SafeFileHandle part, BlobFiles files, BlobKey key)
    {
        using var cipher = OpenCipher(files, part, key);
        using var tail = new TailFile(files.Tail);
        var buffer = ArrayPool<byte>.Shared.Rent(SealedBlobFormat.SegmentSize);
        try
        {
            var (segments, length) = tail.Read(cipher, buffer);
            return (segments * SealedBlobFormat.SegmentSize) + length;
        }
        finally
        {
            CryptographicOperations.ZeroMemory(buffer);
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}

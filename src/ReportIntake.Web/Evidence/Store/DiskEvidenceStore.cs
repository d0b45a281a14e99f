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
            if (expectedSize > new DriveInfo(root).AvailableFreeSpace)
            {
                return EvidenceErrors.StorageFull;
            }

            var files = BlobFiles.Of(root, key);
            try
            {
                using var cipher = Create(files, key, FileMode.CreateNew, out var part);
                using (part)
                {
                    RandomAccess.FlushToDisk(part);
                }

                DurableFile.FlushDirectoryOf(files.Part);
                return Result.Success;
            }
            catch (IOException e) when (DurableFile.IsDiskFull(e))
            {
                File.Delete(files.Part);
                return EvidenceErrors.StorageFull;
            }
        },
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

            try
            {
                return new DiskBlobAppender(files, part, ReadHeader(part, key), hashes);
            }
            catch
            {
                part.Dispose(); // else the file would stay locked until a garbage collection
                throw;
            }
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
            var cipher = Create(files, key, FileMode.Create, out var part);
            await using var appender = new DiskBlobAppender(files, part, cipher, hashes: null);
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

    public Task<Stream?> OpenReadAsync(BlobKey key, CancellationToken ct) => Task.Run<Stream?>(() => OpenRead(key), ct);

    public Task<SealedContent> HashAsync(BlobKey key, CancellationToken ct) => Task.Run(
        () =>
        {
            using var stream = OpenRead(key) ?? throw new EvidenceCorruptException(key, "it is missing");
            using var hash = new ContentHash();
            var buffer = ArrayPool<byte>.Shared.Rent(SealedBlobFormat.SegmentSize);
            try
            {
                while (stream.Read(buffer) is var read and > 0)
                {
                    ct.ThrowIfCancellationRequested();
                    hash.Append(buffer.AsSpan(0, read));
                }

                return hash.Finish([], stream.Length);
            }
            finally
            {
                ArrayPool<byte>.Shared.Return(buffer, clearArray: true);
            }
        },
        ct);

    public Task DeleteAsync(BlobKey key, CancellationToken ct) => Task.Run(
        () =>
        {
            var files = BlobFiles.Of(root, key);
            hashes.Forget(key);
            File.Delete(files.Complete);
            File.Delete(files.Part);
            File.Delete(files.Tail);
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

    private static SafeFileHandle? OpenIfExists(string path, FileAccess access, FileShare share)
    {
        try
        {
            return File.OpenHandle(path, FileMode.Open, access, share);
        }
        catch (FileNotFoundException)
        {
            return null;
        }
    }

    private SegmentCipher Create(BlobFiles files, BlobKey key, FileMode mode, out SafeFileHandle part)
    {
        Span<byte> header = stackalloc byte[SealedBlobFormat.HeaderSize];
        var cipher = SealedBlobFormat.CreateHeader(key, wrapper, header);
        part = File.OpenHandle(files.Part, mode, FileAccess.ReadWrite, FileShare.None);
        try
        {
            RandomAccess.Write(part, header, 0);
            return cipher;
        }
        catch
        {
            part.Dispose();
            cipher.Dispose();
            throw;
        }
    }

    private SegmentCipher ReadHeader(SafeFileHandle file, BlobKey key)
    {
        Span<byte> header = stackalloc byte[SealedBlobFormat.HeaderSize];
        return SealedBlobFormat.OpenHeader(key, wrapper, header[..DurableFile.ReadFully(file, header, 0)]);
    }

    private long ReadTail(SafeFileHandle part, BlobFiles files, BlobKey key)
    {
        using var cipher = ReadHeader(part, key);
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

    private SealedBlobStream? OpenRead(BlobKey key)
    {
        var file = OpenIfExists(BlobFiles.Of(root, key).Complete, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        if (file is null)
        {
            return null;
        }

        try
        {
            return new SealedBlobStream(file, ReadHeader(file, key));
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }
}

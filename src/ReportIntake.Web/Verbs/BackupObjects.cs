using System.Security.Cryptography;
using ReportIntake.Web.Evidence.Store;

namespace ReportIntake.Web.Verbs;

/// <summary>The files of a backup, each once, named after the SHA-256 of its bytes: <c>objects/ab/ab12…</c>.</summary>
internal sealed class BackupObjects
{
    public const string Folder = "objects";

    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const UnixFileMode OwnerFolder = OwnerOnly | UnixFileMode.UserExecute;
    private const string MakingPrefix = ".making-";
    private const int BufferSize = 128 * 1024;

    private readonly string root;

    public BackupObjects(string backup)
    {
        root = Path.Combine(backup, Folder);
        MakeFolder(root);
    }

    /// <summary>Files that were not there before.</summary>
    public int Added { get; private set; }

    /// <summary>For this account alone, with what lies above it.</summary>
    public static void MakeFolder(string path) => Directory.CreateDirectory(path, OwnerFolder);

    /// <summary>Copies a file durably, and hashes what was copied. A file of that name is replaced.</summary>
    /// <exception cref="FileNotFoundException">The file went away.</exception>
    public static async Task<(string Sha256, long Size)> CopyAsync(string from, string to, CancellationToken cancellationToken)
    {
        await using var source = new FileStream(from, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, 0);
        await using var target = new FileStream(to, new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write, BufferSize = 0, UnixCreateMode = OwnerOnly });
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var buffer = new byte[BufferSize];
        var size = 0L;
        while (await source.ReadAsync(buffer, cancellationToken) is var read and > 0)
        {
            hash.AppendData(buffer, 0, read);
            await target.WriteAsync(buffer.AsMemory(0, read), cancellationToken);
            size += read;
        }

        target.Flush(flushToDisk: true);
        return (Convert.ToHexStringLower(hash.GetHashAndReset()), size);
    }

    /// <inheritdoc cref="CopyAsync"/>
    public static async Task<(string Sha256, long Size)> HashAsync(string path, CancellationToken cancellationToken)
    {
        await using var source = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, 0);
        var sha256 = await SHA256.HashDataAsync(source, cancellationToken);
        return (Convert.ToHexStringLower(sha256), source.Position);
    }

    public string PathOf(string sha256) => Path.Combine(root, sha256[..2], sha256);

    public bool Holds(BackupFile file) => new FileInfo(PathOf(file.Sha256)) is { Exists: true } found && found.Length == file.Size;

    /// <summary>A name for something that is being made; what a cut-off backup left there goes with <see cref="RemoveAllBut"/>.</summary>
    public string NewPath() => Path.Combine(root, $"{MakingPrefix}{Guid.NewGuid():N}");

    /// <exception cref="FileNotFoundException">The file went away.</exception>
    public async Task<BackupFile> AddAsync(FileInfo file, CancellationToken cancellationToken)
    {
        var making = NewPath();
        var writtenAt = file.LastWriteTimeUtc.Ticks; // asked first: what is written during the copy counts as changed the next time
        try
        {
            var (sha256, size) = await CopyAsync(file.FullName, making, cancellationToken);
            return Keep(making, new BackupFile(file.Name, size, sha256, writtenAt));
        }
        catch
        {
            File.Delete(making);
            throw;
        }
    }

    /// <summary>Gives something made under <see cref="NewPath"/> its place.</summary>
    public BackupFile Keep(string making, BackupFile file)
    {
        if (Holds(file))
        {
            File.Delete(making);
            return file;
        }

        var path = PathOf(file.Sha256);
        MakeFolder(Path.GetDirectoryName(path)!);
        File.Move(making, path, overwrite: true);
        DurableFile.FlushDirectoryOf(path);
        Added++;
        return file;
    }

    /// <summary>Forgets what a manifest no longer names: what retention destroyed stays in no backup that is taken again.</summary>
    /// <returns>How many files went.</returns>
    public int RemoveAllBut(IReadOnlySet<string> hashes)
    {
        var removed = 0;
        foreach (var path in Directory.EnumerateFiles(root, "*", SearchOption.AllDirectories).Where(p => !hashes.Contains(Path.GetFileName(p))).ToList())
        {
            File.Delete(path);
            removed++;
        }

        return removed;
    }
}

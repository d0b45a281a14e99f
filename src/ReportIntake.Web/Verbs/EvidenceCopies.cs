using ReportIntake.Web.Evidence.Store;

namespace ReportIntake.Web.Verbs;

/// <summary>The store's complete blobs with their keys, as they lie on the disk. What is unchanged since the last backup is not read again.</summary>
internal static class EvidenceCopies
{
    /// <param name="root">The store's directory.</param>
    /// <param name="objects">Where the copies go.</param>
    /// <param name="earlier">What is in the backup by its last manifest.</param>
    public static async Task<List<BackupFile>> TakeAsync(string root, BackupObjects objects, IReadOnlyList<BackupFile> earlier, CancellationToken cancellationToken)
    {
        var known = earlier.ToDictionary(f => f.Name);
        var copied = new List<BackupFile>();
        foreach (var path in Directory.Exists(root) ? Directory.EnumerateFiles(root, "*", SearchOption.AllDirectories) : [])
        {
            if (BlobKey.TryParse(Path.GetFileName(path), out var key) && await PairAsync(BlobFiles.Of(root, key)) is { } pair)
            {
                copied.AddRange(pair);
            }
        }

        return copied;

        // A copy may be made anew meanwhile, with another key: what was the same file before and after belongs together.
        async Task<BackupFile[]?> PairAsync(BlobFiles files)
        {
            while (true)
            {
                try
                {
                    var blob = await OneAsync(new FileInfo(files.Complete));
                    var wrapped = await OneAsync(new FileInfo(files.Key));
                    if (new FileInfo(files.Complete).LastWriteTimeUtc.Ticks == blob.WrittenAt)
                    {
                        return [blob, wrapped];
                    }
                }
                catch (FileNotFoundException)
                {
                    return null; // destroyed meanwhile, or damaged: the caller finds out which
                }
            }
        }

        async Task<BackupFile> OneAsync(FileInfo file) =>
            known.TryGetValue(file.Name, out var same) && file.Exists && same.Size == file.Length && same.WrittenAt == file.LastWriteTimeUtc.Ticks && objects.Holds(same)
                ? same
                : await objects.AddAsync(file, cancellationToken);
    }
}

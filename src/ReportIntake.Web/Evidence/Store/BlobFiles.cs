namespace ReportIntake.Web.Evidence.Store;

/// <summary>
/// A blob's names on disk: <c>evidence/c2/0198…c2.original</c>, beside it <c>.key</c>, and <c>.part</c> and <c>.tail</c> while it grows.
/// Sorted into 256 directories by the id's last byte, which is random in a UUIDv7.
/// </summary>
internal readonly record struct BlobFiles(string Complete)
{
    private const string KeySuffix = ".key";
    private const string NewKeySuffix = KeySuffix + DurableFile.NewSuffix;
    private const string PartSuffix = ".part";
    private const string TailSuffix = ".tail";

    public string Key => Complete + KeySuffix;

    /// <summary>What a crash while a key was replaced may leave.</summary>
    public string NewKey => Complete + NewKeySuffix;

    public string Part => Complete + PartSuffix;

    public string Tail => Complete + TailSuffix;

    public static BlobFiles Of(string root, BlobKey key)
    {
        var name = key.ToString();
        return new BlobFiles(Path.Combine(root, name.Substring(30, 2), name));
    }

    /// <summary>The blob that a file in the store belongs to.</summary>
    public static bool TryParse(string path, out BlobKey key)
    {
        var name = Path.GetFileName(path.AsSpan());
        foreach (var suffix in (ReadOnlySpan<string>)[KeySuffix, NewKeySuffix, PartSuffix, TailSuffix])
        {
            if (name.EndsWith(suffix, StringComparison.Ordinal))
            {
                name = name[..^suffix.Length];
                break;
            }
        }

        return BlobKey.TryParse(name, out key);
    }

    /// <summary>Every directory a blob can be in; made, and made durable, once.</summary>
    public static void MakeDirectories(string root)
    {
        for (var shard = 0; shard < 256; shard++)
        {
            Directory.CreateDirectory(Path.Combine(root, shard.ToString("x2", System.Globalization.CultureInfo.InvariantCulture)));
        }

        DurableFile.FlushDirectoryOf(Path.Combine(root, "00"));
        DurableFile.FlushDirectoryOf(root);
    }
}
